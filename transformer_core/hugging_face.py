"""Published models of the GPT-2 and Llama families, read from folders in Hugging Face's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from transformer_core.checkpoints import (
    CONFIG_FILE,
    WEIGHTS_FILE,
    CheckpointError,
    StoredWeight,
    build,
    read_json,
    read_weights,
)
from transformer_core.config import TransformerConfig
from transformer_core.published.hugging_face_config import gpt2_config, llama_config
from transformer_core.transformer import Transformer

INDEX_FILE = f"{WEIGHTS_FILE}.index.json"
UNEMBEDDING = "lm_head.weight"
_REMEDY = "Choose a model of the GPT-2 or Llama family in safetensors form, or download it again."
_GPT2_NAMES = {
    "wte.weight": "embedding",
    "wpe.weight": "position.table",
    "ln_f.weight": "final_norm.gain",
    "ln_f.bias": "final_norm.bias",
    "h.": "blocks.",
    "ln_1.weight": "attention_norm.gain",
    "ln_1.bias": "attention_norm.bias",
    "ln_2.weight": "feed_forward_norm.gain",
    "ln_2.bias": "feed_forward_norm.bias",
    "attn.c_proj": "attention.out_proj",
    "mlp.c_fc": "feed_forward.up_proj",
    "mlp.c_proj": "feed_forward.down_proj",
}
_LLAMA_NAMES = {
    "embed_tokens.weight": "embedding",
    "layers.": "blocks.",
    "input_layernorm.weight": "attention_norm.gain",
    "post_attention_layernorm.weight": "feed_forward_norm.gain",
    "self_attn.o_proj": "attention.out_proj",
    "self_attn.": "attention.",
    "mlp.": "feed_forward.",
    "norm.weight": "final_norm.gain",
}
_PREFIXES = ("module.", "transformer.", "model.")  # older files have none, or one more
# What older files hold though it follows from the rest: the causal mask, the rotary frequencies.
_BUFFERS = (".attn.bias", ".attn.masked_bias", "rotary_emb.inv_freq")

_Weights = Mapping[str, StoredWeight]
_ConfigOf = Callable[[Mapping[str, Any], bool], TransformerConfig]
_WeightsOf = Callable[[str, StoredWeight], Iterator[tuple[str, StoredWeight]]]


def load_hugging_face(folder: Path) -> Transformer:
    """The model of a folder with config.json and *.safetensors; nothing comes from the network.

    Raises:
        CheckpointError: for files that are missing or damaged, and for an architecture that this
            Transformer is not; it names the field.
    """
    config, found, weights_of, file = _opened(folder)
    return build(config, _ours(found, weights_of, config), file, _REMEDY)


def describe_hugging_face(folder: Path) -> TransformerConfig:
    """What model a folder holds; of its weights only the names and shapes are read.

    Raises:
        CheckpointError: as above.
    """
    return _opened(folder)[0]


def _opened(folder: Path) -> tuple[TransformerConfig, _Weights, _WeightsOf, str]:
    values = read_json(folder / CONFIG_FILE, _REMEDY)
    config_of, weights_of = _family(values)
    files = _weight_files(folder)
    found = {
        _without_prefixes(name): weight
        for file in files
        for name, weight in read_weights(file, _REMEDY).items()
    }
    try:
        config = config_of(values, UNEMBEDDING in found)
    except KeyError as error:
        raise CheckpointError(
            f"{CONFIG_FILE}: the field {error.args[0]!r} is missing. {_REMEDY}"
        ) from None
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise CheckpointError(f"{CONFIG_FILE} cannot be built here: {error}. {_REMEDY}") from None
    return config, found, weights_of, files[0].name


def _ours(found: _Weights, weights_of: _WeightsOf, config: TransformerConfig) -> _Weights:
    """By our names, and with our shapes; an output matrix may be stored though it is tied."""
    weights = {}
    for name, weight in found.items():
        if name == UNEMBEDDING:
            if not config.tied_embeddings:
                weights["unembedding.weight"] = weight.transposed()
        elif not name.endswith(_BUFFERS):
            weights |= weights_of(name, weight)
    return weights


def _without_prefixes(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _gpt2_weights(name: str, weight: StoredWeight) -> Iterator[tuple[str, StoredWeight]]:
    """GPT-2 stores [d_in, d_out] as we do, and q, k, v side by side."""
    ours = _renamed(name, _GPT2_NAMES)
    if ".c_attn." not in ours:
        yield ours, weight
        return
    for place, letter in enumerate("qkv"):
        part = ours.replace("attn.c_attn", f"attention.{letter}_proj")
        yield part, weight.then(partial(_third, place))


def _llama_weights(name: str, weight: StoredWeight) -> Iterator[tuple[str, StoredWeight]]:
    """Llama stores [d_out, d_in], PyTorch's order."""
    ours = _renamed(name, _LLAMA_NAMES)
    yield ours, weight.transposed() if ours.endswith("_proj.weight") else weight


def _third(place: int, weight: Tensor) -> Tensor:
    return weight.tensor_split(3, dim=-1)[place]


def _renamed(name: str, names: Mapping[str, str]) -> str:
    for theirs, ours in names.items():
        name = name.replace(theirs, ours)
    return name


_FAMILIES: dict[Any, tuple[_ConfigOf, _WeightsOf]] = {
    "gpt2": (gpt2_config, _gpt2_weights),
    "llama": (llama_config, _llama_weights),
}


def _family(values: Mapping[str, Any]) -> tuple[_ConfigOf, _WeightsOf]:
    kind = str(values.get("model_type"))
    if kind not in _FAMILIES:
        raise CheckpointError(
            f"{CONFIG_FILE}: model_type is {kind!r}; it must be one of {', '.join(_FAMILIES)}. "
            f"{_REMEDY}"
        )
    if values.get("quantization_config"):
        raise CheckpointError(f"{CONFIG_FILE}: quantization_config is set, quantised. {_REMEDY}")
    return _FAMILIES[kind]


def _weight_files(folder: Path) -> list[Path]:
    """One file, or all that the index of a model in several files names."""
    index = folder / INDEX_FILE
    if not index.is_file():
        return [folder / WEIGHTS_FILE]
    listed = read_json(index, _REMEDY).get("weight_map")
    if not isinstance(listed, dict) or not listed:
        raise CheckpointError(f"{INDEX_FILE} names no files. {_REMEDY}")
    names = sorted({str(name) for name in listed.values()})
    if outside := [name for name in names if Path(name).name != name]:
        raise CheckpointError(
            f"{INDEX_FILE} names {outside[0]!r}, outside of its folder. {_REMEDY}"
        )
    return [folder / name for name in names]
