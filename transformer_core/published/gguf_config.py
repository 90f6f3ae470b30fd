"""What a GGUF header of the GPT-2 and Llama families says, as our configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from transformer_core.config import Constants, TransformerConfig
from transformer_core.published.gguf_header import GGUFHeader
from transformer_core.published.hugging_face_config import own_width, which_bias
from transformer_core.published.rotary_factors import linear_factors

# What would make these families compute something else, and the value with which it does not.
_NEUTRAL = {
    "expert_count": 0,
    "attention.max_alibi_bias": 0,
    "attention.clamp_kqv": 0,
    "attention.causal": True,
    "logit_scale": 1,
    "embedding_scale": 1,
    "residual_scale": 1,
    "use_parallel_residual": False,
}


def config_of(header: GGUFHeader, rope_factors: tuple[float, ...] = ()) -> TransformerConfig:
    """The model that the header describes; `rope_factors` stand among the tensors.

    Raises:
        ValueError: names what this Transformer would compute otherwise.
        KeyError: names what is missing.
    """
    architecture = str(header.values["general.architecture"])
    if architecture not in _ARCHITECTURES:
        raise ValueError(
            f"its architecture is {architecture!r}; it must be one of {', '.join(_ARCHITECTURES)}"
        )
    if header.values.get("split.count", 1) > 1:
        raise ValueError("it is one of several files of a model; join them into one")
    says = _Says(header.values, architecture)
    for key, neutral in _NEUTRAL.items():
        value = says.optional(key, neutral)
        if value != neutral:
            raise ValueError(f"{architecture}.{key} is {value!r}; only {neutral!r} is supported")
    return _ARCHITECTURES[architecture](says, header, rope_factors)


class _Says:
    """The header's values of one architecture."""

    def __init__(self, values: Mapping[str, Any], architecture: str) -> None:
        self.values = values
        self.architecture = architecture

    def __call__(self, key: str) -> Any:
        return self.values[f"{self.architecture}.{key}"]

    def optional(self, key: str, default: Any) -> Any:
        """The same, where it may be absent."""
        return self.values.get(f"{self.architecture}.{key}", default)


def _gpt2(says: _Says, header: GGUFHeader, _: tuple[float, ...]) -> TransformerConfig:
    return TransformerConfig(
        vocab_size=_vocab_size(header),
        context_length=says("context_length"),
        d_model=says("embedding_length"),
        n_layers=says("block_count"),
        n_heads=says("attention.head_count"),
        n_kv_heads=says("attention.head_count"),
        d_ff=says("feed_forward_length"),
        tied_embeddings="output.weight" not in header.tensors,
        constants=Constants(norm_eps=says("attention.layer_norm_epsilon")),
    )


def _llama(says: _Says, header: GGUFHeader, factors: tuple[float, ...]) -> TransformerConfig:
    d_model, n_heads = says("embedding_length"), says("attention.head_count")
    width = says.optional("attention.key_length", says.optional("rope.dimension_count", None))
    d_head = d_model // n_heads if width is None else width
    for key in ("attention.key_length", "attention.value_length", "rope.dimension_count"):
        if (value := says.optional(key, d_head)) != d_head:
            raise ValueError(f"llama.{key} is {value}, but a head is {d_head} wide")
    window, context = says.optional("attention.sliding_window", 0), says("context_length")
    if 0 < window < context:
        raise ValueError(f"its attention reaches back {window} tokens only")
    has = header.tensors.keys()
    return TransformerConfig(
        vocab_size=_vocab_size(header),
        context_length=context,
        d_model=d_model,
        n_layers=says("block_count"),
        n_heads=n_heads,
        n_kv_heads=says.optional("attention.head_count_kv", n_heads),
        d_ff=says("feed_forward_length"),
        position="rope",
        norm="rms_norm",
        activation="swiglu",
        bias=which_bias("blk.0.attn_q.bias" in has, "blk.0.ffn_up.bias" in has),
        tied_embeddings="output.weight" not in has,
        head_width=own_width(width, d_model, n_heads),
        constants=Constants(
            norm_eps=says("attention.layer_norm_rms_epsilon"),
            rope_base=says.optional("rope.freq_base", 10_000.0),
            rope_factors=_rope_factors(says, factors, d_head),
        ),
    )


def _rope_factors(says: _Says, factors: tuple[float, ...], d_head: int) -> tuple[float, ...]:
    """Those among the tensors, and what slows all alike, which the oldest files call otherwise."""
    kind = says.optional("rope.scaling.type", "none")
    if kind not in ("none", "linear"):
        raise ValueError(f"llama.rope.scaling.type is {kind!r}; none and linear are supported")
    older = says.optional("rope.scale_linear", 1.0)
    factor = float(says("rope.scaling.factor") if kind == "linear" else older)
    if factor == 1:
        return factors
    return tuple(factor * each for each in factors or linear_factors(1.0, d_head))


def _vocab_size(header: GGUFHeader) -> int:
    """As many as there are rows: the list of tokens may be shorter."""
    return header.tensors["token_embd.weight"].shape[0]


_ARCHITECTURES: dict[str, Callable[[_Says, GGUFHeader, tuple[float, ...]], TransformerConfig]] = {
    "gpt2": _gpt2,
    "llama": _llama,
}
