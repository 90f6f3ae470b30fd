"""What a published config.json of the GPT-2 and Llama families says, as our configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transformer_core.config import Constants, TransformerConfig
from transformer_core.published.rotary_factors import linear_factors, llama3_factors

_GPT2_ACTIVATIONS = {
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu": "gelu",
    "relu": "relu",
}
_LLAMA_ACTIVATIONS = {"silu": "swiglu", "swish": "swiglu"}


def gpt2_config(values: Mapping[str, Any], has_unembedding: bool) -> TransformerConfig:
    """GPT-2: where nothing else is said, its output matrix is the embedding's.

    Raises:
        ValueError: names a field with which this Transformer would compute something else.
        KeyError: a field that must be there is missing.
    """
    _require(values, "scale_attn_weights", True)
    for name in ("scale_attn_by_inverse_layer_idx", "add_cross_attention"):
        _require(values, name, False)
    return TransformerConfig(
        vocab_size=values["vocab_size"],
        context_length=values["n_positions"],
        d_model=values["n_embd"],
        n_layers=values["n_layer"],
        n_heads=values["n_head"],
        n_kv_heads=values["n_head"],
        d_ff=values.get("n_inner") or 4 * values["n_embd"],
        activation=_choose(values, "activation_function", _GPT2_ACTIVATIONS, "gelu_new"),
        tied_embeddings=_tied(values, True, has_unembedding),
        constants=Constants(norm_eps=values.get("layer_norm_epsilon", 1e-5)),
    )


def llama_config(values: Mapping[str, Any], has_unembedding: bool) -> TransformerConfig:
    """Llama: where nothing else is said, it is tied if its files hold no output matrix.

    Raises:
        ValueError, KeyError: as above.
    """
    n_heads, d_model = values["num_attention_heads"], values["hidden_size"]
    width = values.get("head_dim")
    d_head = width or d_model // n_heads
    return TransformerConfig(
        vocab_size=values["vocab_size"],
        context_length=values["max_position_embeddings"],
        d_model=d_model,
        n_layers=values["num_hidden_layers"],
        n_heads=n_heads,
        n_kv_heads=values.get("num_key_value_heads") or n_heads,
        d_ff=values["intermediate_size"],
        position="rope",
        norm="rms_norm",
        activation=_choose(values, "hidden_act", _LLAMA_ACTIVATIONS, "silu"),
        bias=which_bias(_flag(values, "attention_bias"), _flag(values, "mlp_bias")),
        tied_embeddings=_tied(values, not has_unembedding, has_unembedding),
        head_width=own_width(width, d_model, n_heads),
        constants=Constants(
            norm_eps=values.get("rms_norm_eps", 1e-6),
            rope_base=_rope_base(values),
            rope_factors=_rope_factors(values, d_head),
        ),
    )


def own_width(d_head: int | None, d_model: int, n_heads: int) -> int | None:
    """Our `head_width`: None where the heads share the width of the model."""
    return None if d_head is None or d_head * n_heads == d_model else d_head


def which_bias(attention: bool, feed_forward: bool) -> bool | str:
    """Our one field for the two."""
    if attention == feed_forward:
        return attention
    return "attention" if attention else "feed_forward"


def _rope_base(values: Mapping[str, Any]) -> float:
    """Older files name it at the top, newer ones in a field of its own."""
    top = values.get("rope_theta", 10_000.0)
    return float((values.get("rope_parameters") or {}).get("rope_theta", top))


def _rope_factors(values: Mapping[str, Any], d_head: int) -> tuple[float, ...]:
    """One for each pair of a head, or none where the positions are plain."""
    field = "rope_scaling" if values.get("rope_scaling") else "rope_parameters"
    rope = values.get(field) or {}
    kind = rope.get("rope_type", rope.get("type", "default"))
    if rope.get("partial_rotary_factor", 1) != 1 or kind not in ("default", "linear", "llama3"):
        raise ValueError(
            f"{field} is {rope}; plain, linear and llama3 rotary positions are supported here"
        )
    if kind == "default":
        return ()
    if kind == "linear":
        return linear_factors(float(rope["factor"]), d_head)
    return llama3_factors(
        _rope_base(values),
        d_head,
        factor=float(rope["factor"]),
        low=float(rope["low_freq_factor"]),
        high=float(rope["high_freq_factor"]),
        trained=float(rope["original_max_position_embeddings"]),
    )


def _tied(values: Mapping[str, Any], default: bool, has_unembedding: bool) -> bool:
    tied = values.get("tie_word_embeddings")
    if tied is False and not has_unembedding:
        raise ValueError(
            "tie_word_embeddings is False, but there is no output matrix of its own "
            "(lm_head.weight)"
        )
    return default if tied is None else tied


def _flag(values: Mapping[str, Any], field: str) -> bool:
    value = values.get(field)
    if value not in (None, True, False):
        raise ValueError(f"{field} is {value!r}; it must be true or false")
    return bool(value)


def _require(values: Mapping[str, Any], field: str, needed: Any) -> None:
    value = values.get(field)
    if value is not None and value != needed:
        raise ValueError(f"{field} is {value!r}; only {needed!r} is supported here")


def _choose(values: Mapping[str, Any], field: str, known: Mapping[str, str], default: str) -> str:
    value = values.get(field) or default
    if value not in known:
        raise ValueError(f"{field} is {value!r}; it must be one of {', '.join(known)}")
    return known[value]
