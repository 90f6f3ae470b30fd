"""Published models of the GPT-2 and Llama families, read from folders in Hugging Face's form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from transformer_core.checkpoints import (
    CONFIG_FILE,
    WEIGHTS_FILE,
    CheckpointError,
    build,
    read_json,
    read_weights,
)
from transformer_core.config import TransformerConfig
from transformer_core.transformer import Transformer

INDEX_FILE = f"{WEIGHTS_FILE}.index.json"
_REMEDY = "Choose a model of the GPT-2 or Llama family in safetensors form, or download it again."
_GPT2_ACTIVATIONS = {
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu": "gelu",
    "relu": "relu",
}
_LLAMA_ACTIVATIONS = {"silu": "swiglu", "swish": "swiglu"}
_GPT2_NAMES = {
    "transformer.wte.weight": "embedding",
    "transformer.wpe.weight": "position.table",
    "transformer.ln_f.weight": "final_norm.gain",
    "transformer.ln_f.bias": "final_norm.bias",
    "transformer.h.": "blocks.",
    "ln_1.weight": "attention_norm.gain",
    "ln_1.bias": "attention_norm.bias",
    "ln_2.weight": "feed_forward_norm.gain",
    "ln_2.bias": "feed_forward_norm.bias",
    "attn.c_proj": "attention.out_proj",
    "mlp.c_fc": "feed_forward.up_proj",
    "mlp.c_proj": "feed_forward.down_proj",
}
_LLAMA_NAMES = {
    "model.embed_tokens.weight": "embedding",
    "model.norm.weight": "final_norm.gain",
    "model.layers.": "blocks.",
    "input_layernorm.weight": "attention_norm.gain",
    "post_attention_layernorm.weight": "feed_forward_norm.gain",
    "self_attn.o_proj": "attention.out_proj",
    "self_attn.": "attention.",
    "mlp.": "feed_forward.",
}

_ConfigOf = Callable[[Mapping[str, Any]], TransformerConfig]
_WeightsOf = Callable[[Mapping[str, Tensor], TransformerConfig], dict[str, Tensor]]


def load_hugging_face(folder: Path) -> Transformer:
    """The model of a folder with config.json and *.safetensors; nothing comes from the network.

    Raises:
        CheckpointError: for files that are missing or damaged, and for an architecture that this
            Transformer is not; it names the field.
    """
    path = folder / CONFIG_FILE
    values = read_json(path, _REMEDY)
    config_of, weights_of = _family(path, values)
    try:
        config = config_of(values)
    except KeyError as error:
        raise CheckpointError(
            f"{path}: the field {error.args[0]!r} is missing. {_REMEDY}"
        ) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} cannot be built here: {error}. {_REMEDY}") from None
    files = _weight_files(folder)
    found = {name: weight for file in files for name, weight in read_weights(file, _REMEDY).items()}
    return build(config, weights_of(found, config), files[0], _REMEDY)


def _gpt2_config(values: Mapping[str, Any]) -> TransformerConfig:
    _require(values, "scale_attn_weights", True)
    for field in ("scale_attn_by_inverse_layer_idx", "add_cross_attention"):
        _require(values, field, False)
    return TransformerConfig(
        vocab_size=values["vocab_size"],
        context_length=values["n_positions"],
        d_model=values["n_embd"],
        n_layers=values["n_layer"],
        n_heads=values["n_head"],
        n_kv_heads=values["n_head"],
        d_ff=values.get("n_inner") or 4 * values["n_embd"],
        activation=_choose(values, "activation_function", _GPT2_ACTIVATIONS),
        tied_embeddings=values.get("tie_word_embeddings", True),
        norm_eps=values.get("layer_norm_epsilon", 1e-5),
    )


def _llama_config(values: Mapping[str, Any]) -> TransformerConfig:
    bias = values.get("attention_bias", False)
    _require(values, "mlp_bias", bias, default=False)
    config = TransformerConfig(
        vocab_size=values["vocab_size"],
        context_length=values["max_position_embeddings"],
        d_model=values["hidden_size"],
        n_layers=values["num_hidden_layers"],
        n_heads=values["num_attention_heads"],
        n_kv_heads=values.get("num_key_value_heads") or values["num_attention_heads"],
        d_ff=values["intermediate_size"],
        position="rope",
        norm="rms_norm",
        activation=_choose(values, "hidden_act", _LLAMA_ACTIVATIONS),
        bias=bias,
        tied_embeddings=values.get("tie_word_embeddings", False),
        norm_eps=values.get("rms_norm_eps", 1e-6),
        rope_base=_rope_base(values),
    )
    _require(values, "head_dim", config.d_head)
    return config


def _rope_base(values: Mapping[str, Any]) -> float:
    """Angles' base; older files name it at the top, and a stretched rotation beside it."""
    for field in ("rope_scaling", "rope_parameters"):
        rope = values.get(field) or {}
        kind = rope.get("rope_type", rope.get("type", "default"))
        if kind != "default" or rope.get("partial_rotary_factor", 1) != 1:
            raise ValueError(f"{field} is {rope}; only plain rotary positions are supported")
    top = values.get("rope_theta", 10_000.0)
    return float((values.get("rope_parameters") or {}).get("rope_theta", top))


def _require(values: Mapping[str, Any], field: str, needed: Any, default: Any = None) -> None:
    value = values.get(field, default)
    if value is not None and value != needed:
        raise ValueError(f"{field} is {value!r}; only {needed!r} is supported here")


def _choose(values: Mapping[str, Any], field: str, known: Mapping[str, str]) -> str:
    if values[field] not in known:
        raise ValueError(f"{field} is {values[field]!r}; it must be one of {', '.join(known)}")
    return known[values[field]]


def _gpt2_weights(found: Mapping[str, Tensor], config: TransformerConfig) -> dict[str, Tensor]:
    """GPT-2 stores [d_in, d_out] as we do, and q, k, v side by side."""
    weights = {}
    for published, weight in found.items():
        if published.endswith((".attn.bias", ".attn.masked_bias")):
            continue  # the causal mask, which older files hold too
        full = published.startswith(("transformer.", "lm_head."))
        name = _renamed(published if full else f"transformer.{published}", _GPT2_NAMES)
        if ".c_attn." in name:
            for letter, share in zip("qkv", weight.chunk(3, dim=-1), strict=False):
                ours = name.replace("attn.c_attn", f"attention.{letter}_proj")
                weights[ours] = share.contiguous()
        else:
            weights[name] = weight
    return _with_unembedding(weights, config)


def _llama_weights(found: Mapping[str, Tensor], config: TransformerConfig) -> dict[str, Tensor]:
    """Llama stores [d_out, d_in], PyTorch's order."""
    weights = {}
    for published, weight in found.items():
        if published.endswith("rotary_emb.inv_freq"):
            continue  # follows from rope_theta; older files hold it too
        name = _renamed(published, _LLAMA_NAMES)
        weights[name] = weight.T.contiguous() if name.endswith("_proj.weight") else weight
    return _with_unembedding(weights, config)


def _with_unembedding(weights: dict[str, Tensor], config: TransformerConfig) -> dict[str, Tensor]:
    """The output matrix is [vocab, d_model] in both families, and may be stored though tied."""
    unembedding = weights.pop("lm_head.weight", None)
    if unembedding is not None and not config.tied_embeddings:
        weights["unembedding.weight"] = unembedding.T.contiguous()
    return weights


def _renamed(name: str, names: Mapping[str, str]) -> str:
    for theirs, ours in names.items():
        name = name.replace(theirs, ours)
    return name


_FAMILIES = {"gpt2": (_gpt2_config, _gpt2_weights), "llama": (_llama_config, _llama_weights)}


def _family(path: Path, values: Mapping[str, Any]) -> tuple[_ConfigOf, _WeightsOf]:
    kind = values.get("model_type")
    if kind not in _FAMILIES:
        raise CheckpointError(
            f"{path}: model_type is {kind!r}; it must be one of {', '.join(_FAMILIES)}. {_REMEDY}"
        )
    if values.get("quantization_config"):
        raise CheckpointError(f"{path}: quantization_config is set, quantised. {_REMEDY}")
    return _FAMILIES[kind]


def _weight_files(folder: Path) -> list[Path]:
    """One file, or all that the index of a model in several files names."""
    index = folder / INDEX_FILE
    if not index.is_file():
        return [folder / WEIGHTS_FILE]
    listed = read_json(index, _REMEDY).get("weight_map")
    if not isinstance(listed, dict) or not listed:
        raise CheckpointError(f"{index} names no files. {_REMEDY}")
    names = sorted({str(name) for name in listed.values()})
    if outside := [name for name in names if Path(name).name != name]:
        raise CheckpointError(f"{index} names {outside[0]!r}, outside of its folder. {_REMEDY}")
    return [folder / name for name in names]
