"""Trained weights on disk: model.safetensors and config.json in one folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from transformer_core import fast
from transformer_core.config import TransformerConfig
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.free_memory import free_memory
from transformer_core.masked_words import MaskedModel
from transformer_core.transformer import Transformer
from transformer_core.vision import VisionConfig, VisionTransformer
from transformer_core.whole_file import replacing

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
KINDS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_REMEDY = "Restore the file from the repository, or train the model again."
_DIVERGED = "Save a model that has not diverged, or choose a wider dtype."
Model = TypeVar("Model", Transformer, MaskedModel, EncoderDecoder, VisionTransformer)


class CheckpointError(Exception):
    """A model cannot be read or written; the message says which file, what is wrong, what to do."""


@dataclass(frozen=True)
class StoredWeight:
    """A weight in its file: its shape is known, its numbers are read when they are asked for."""

    shape: tuple[int, ...]
    read: Callable[[], Tensor]

    def then(self, change: Callable[[Tensor], Tensor]) -> StoredWeight:
        """The same, changed on its way from the file."""
        shape = change(torch.empty(self.shape, device="meta")).shape
        return StoredWeight(tuple(shape), lambda: change(self.read()))

    def transposed(self) -> StoredWeight:
        """A matrix as [d_in, d_out] that lies as [d_out, d_in]; a vector as it is."""
        return self.then(lambda weight: weight.mT if weight.ndim == 2 else weight)


def save_checkpoint(
    model: Transformer | EncoderDecoder | VisionTransformer,
    folder: Path,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Write a model's weights, as `dtype`, and its config; each file appears whole or not at all.

    Raises:
        CheckpointError: for weights that are not finite, or too large for `dtype`.
    """
    weights = {
        name: weight.detach().to("cpu", dtype).contiguous()
        for name, weight in model.state_dict().items()
    }
    for name, weight in weights.items():
        _check_finite(name, weight, WEIGHTS_FILE, _DIVERGED)
    config = json.dumps(model.config.to_dict(), indent=2) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((WEIGHTS_FILE, save(weights)), (CONFIG_FILE, config.encode())):
        with replacing(folder / name) as partly_written:
            partly_written.write_bytes(content)


def load_checkpoint(folder: Path) -> Transformer:
    """The model that `save_checkpoint` wrote, prepared for reading: float32, without gradients.

    Raises:
        CheckpointError: for a file that is missing, damaged or of another model.
    """
    config = read_config(folder, _REMEDY)
    return build(config, read_weights(folder / WEIGHTS_FILE, _REMEDY), WEIGHTS_FILE, _REMEDY)


def load_encoder_decoder(folder: Path) -> EncoderDecoder:
    """The same for a model of two halves."""
    config = read_config(folder, _REMEDY)
    weights = read_weights(folder / WEIGHTS_FILE, _REMEDY)
    return _filled(EncoderDecoder(config), weights, WEIGHTS_FILE, _REMEDY)


def load_vision_transformer(folder: Path) -> VisionTransformer:
    """The same for a model that looks at pictures."""
    try:
        config = VisionConfig.from_dict(read_json(folder / CONFIG_FILE, _REMEDY))
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{CONFIG_FILE} describes no model: {error}. {_REMEDY}") from error
    weights = read_weights(folder / WEIGHTS_FILE, _REMEDY)
    return _filled(VisionTransformer(config), weights, WEIGHTS_FILE, _REMEDY)


def load_masked_model(folder: Path) -> MaskedModel:
    """The same for a model that tells hidden words."""
    config = read_config(folder, _REMEDY)
    weights = read_weights(folder / WEIGHTS_FILE, _REMEDY)
    return _filled(MaskedModel(config), weights, WEIGHTS_FILE, _REMEDY)


def read_config(folder: Path, remedy: str) -> TransformerConfig:
    """What `save_checkpoint` wrote beside the weights; CheckpointError if it describes no model."""
    try:
        return TransformerConfig.from_dict(read_json(folder / CONFIG_FILE, remedy))
    except ValueError as error:
        raise CheckpointError(f"{CONFIG_FILE} describes no model: {error}. {remedy}") from error


def build(
    config: TransformerConfig, weights: Mapping[str, StoredWeight], file: str, remedy: str
) -> Transformer:
    """A model of these weights, which are read and checked one at a time, prepared for reading.

    Args:
        config: what the model is.
        weights: by the names that this Transformer gives them.
        file: who is named in an error.
        remedy: what to do then.
    """
    _check_room(weights, file)
    if config.n_layers > len(weights):
        raise CheckpointError(f"{file} lacks weights of {config.n_layers} layers. {remedy}")
    try:
        model = Transformer(config)  # empty memory: nothing is drawn that would be overwritten
    except (RuntimeError, MemoryError) as error:
        raise CheckpointError(f"The model of {file} is too large for this machine.") from error
    return _filled(model, weights, file, remedy)


def _filled(model: Model, weights: Mapping[str, StoredWeight], file: str, remedy: str) -> Model:
    parameters = model.state_dict()
    _check_shapes(parameters, weights, file, remedy)
    for name, parameter in parameters.items():
        numbers = _numbers(name, weights[name], file, remedy)
        parameter.copy_(numbers)  # the model chooses how a matrix lies in memory
    return fast.prepare(model.eval().requires_grad_(False))


def stamp(path: Path) -> tuple[int, int]:
    """When a file was last changed, in nanoseconds, and its bytes; zeros where there is none."""
    try:
        now = path.stat()
    except OSError:
        return 0, 0
    return now.st_mtime_ns, now.st_size


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """One JSON object; CheckpointError for a file that is missing or damaged."""
    name = path.name
    try:
        values = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CheckpointError(f"{name} cannot be read ({error.strerror}). {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{name} is not valid JSON. {remedy}") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"{name} holds no JSON object. {remedy}")
    return values


def read_weights(path: Path, remedy: str) -> dict[str, StoredWeight]:
    """What a safetensors file holds, by name, none of it read yet.

    Read, not mapped into memory: a file that somebody cuts short meanwhile is an error then, and
    not the end of the process.

    Raises:
        CheckpointError: for a file that is missing, truncated or of another kind.
    """
    if not path.is_file():
        raise CheckpointError(f"{path.name} is missing. {remedy}")
    try:
        opened = safe_open(path, "pt", backend="pread")
        slices = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path.name} is truncated or no safetensors file. {remedy}"
        ) from error
    return {
        name: StoredWeight(tuple(each.get_shape()), partial(opened.get_tensor, name))
        for name, each in slices.items()
    }


def _check_room(weights: Mapping[str, StoredWeight], file: str) -> None:
    needed, free = 4 * sum(prod(weight.shape) for weight in weights.values()), free_memory()
    if needed > free:
        raise CheckpointError(
            f"{file} needs {needed / 1e9:.1f} GB of memory, of which {free / 1e9:.1f} GB are free. "
            "Choose a smaller model."
        )


def _check_shapes(
    parameters: Mapping[str, Tensor], weights: Mapping[str, StoredWeight], file: str, remedy: str
) -> None:
    if missing := sorted(parameters.keys() - weights.keys()):
        raise CheckpointError(f"{file} lacks the weight {missing[0]}. {remedy}")
    if foreign := sorted(weights.keys() - parameters.keys()):
        raise CheckpointError(f"{file} holds {foreign[0]!r}, which its config lacks. {remedy}")
    for name, weight in weights.items():
        if weight.shape != parameters[name].shape:
            raise CheckpointError(
                f"{file}: {name} has the shape {list(weight.shape)}, but its config asks for "
                f"{list(parameters[name].shape)}. {remedy}"
            )


def _numbers(name: str, weight: StoredWeight, file: str, remedy: str) -> Tensor:
    try:
        numbers = weight.read()
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{file}: {name} cannot be read. {remedy}") from error
    if numbers.dtype not in KINDS:
        kind = str(numbers.dtype).removeprefix("torch.")
        raise CheckpointError(
            f"{file}: {name} is stored as {kind}; weights are floating-point numbers of 16, 32 or "
            f"64 bits. {remedy}"
        )
    _check_finite(name, numbers, file, remedy)
    return numbers


def _check_finite(name: str, numbers: Tensor, file: str, remedy: str) -> None:
    in_order = numbers if numbers.is_contiguous() else numbers.mT  # ten times as fast
    if not torch.stack(in_order.aminmax()).float().isfinite().all():
        raise CheckpointError(f"{file}: {name} holds infinite or undefined numbers. {remedy}")
