"""Trained weights on disk: model.safetensors and config.json in one folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from transformer_core import fast
from transformer_core.config import TransformerConfig
from transformer_core.transformer import Transformer

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
_REMEDY = "Restore the file from the repository, or train the model again."


class CheckpointError(Exception):
    """A model cannot be read or written; the message says which file, what is wrong, what to do."""


def save_checkpoint(model: Transformer, folder: Path, dtype: torch.dtype = torch.float16) -> None:
    """Write a model's weights, as `dtype`, and its config; each file appears whole or not at all.

    Raises:
        CheckpointError: for weights that are not finite, or too large for `dtype`.
    """
    path = folder / WEIGHTS_FILE
    weights = {
        name: weight.detach().to("cpu", dtype).contiguous()
        for name, weight in model.state_dict().items()
    }
    _check_finite(weights, path, "Save a model that has not diverged, or choose a wider dtype.")
    config = json.dumps(model.config.to_dict(), indent=2) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(path, save(weights))
    _write_whole(folder / CONFIG_FILE, config.encode())


def load_checkpoint(folder: Path) -> Transformer:
    """The model that `save_checkpoint` wrote, prepared for reading: float32, without gradients.

    Raises:
        CheckpointError: for a file that is missing, damaged or of another model.
    """
    config_path = folder / CONFIG_FILE
    try:
        config = TransformerConfig.from_dict(read_json(config_path, _REMEDY))
    except ValueError as error:
        raise CheckpointError(f"{config_path} describes no model: {error}. {_REMEDY}") from error
    path = folder / WEIGHTS_FILE
    return build(config, read_weights(path, _REMEDY), path, _REMEDY)


def build(
    config: TransformerConfig, weights: Mapping[str, Tensor], path: Path, remedy: str
) -> Transformer:
    """A model of these weights, which are checked; `path` and `remedy` are named in an error."""
    try:
        model = Transformer(config)  # empty memory: nothing is drawn that would be overwritten
    except (RuntimeError, MemoryError) as error:
        raise CheckpointError(f"The model of {path} is too large for this machine.") from error
    weights = {name: weight.float() for name, weight in weights.items()}
    _check_shapes(model, weights, path, remedy)
    _check_finite(weights, path, remedy)
    model.load_state_dict(weights)  # copies: the model chooses how a matrix lies in memory
    return fast.prepare(model.eval().requires_grad_(False))


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """One JSON object; CheckpointError for a file that is missing or damaged."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}). {remedy}") from error
    except ValueError as error:
        raise CheckpointError(f"{path} is not valid JSON. {remedy}") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"{path} holds no JSON object. {remedy}")
    return values


def read_weights(path: Path, remedy: str) -> dict[str, Tensor]:
    """Tensors by name; CheckpointError for a file that is missing, truncated or of another kind."""
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. {remedy}")
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path} is truncated or no safetensors file ({error}). {remedy}"
        ) from error


def _check_shapes(model: nn.Module, weights: Mapping[str, Tensor], path: Path, remedy: str) -> None:
    expected = model.state_dict()
    if missing := sorted(expected.keys() - weights.keys()):
        raise CheckpointError(f"{path} lacks the weight {missing[0]}. {remedy}")
    if foreign := sorted(weights.keys() - expected.keys()):
        raise CheckpointError(f"{path} holds {foreign[0]!r}, which its config lacks. {remedy}")
    for name, weight in weights.items():
        if weight.shape != expected[name].shape:
            raise CheckpointError(
                f"{path}: {name} has the shape {list(weight.shape)}, but its config asks for "
                f"{list(expected[name].shape)}. {remedy}"
            )


def _check_finite(weights: Mapping[str, Tensor], path: Path, remedy: str) -> None:
    for name, weight in weights.items():
        if not weight.isfinite().all():
            raise CheckpointError(f"{path}: {name} holds infinite or undefined numbers. {remedy}")


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
