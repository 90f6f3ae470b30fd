"""One frozen description of a Transformer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Any

POSITION_NAMES = ("none", "sinusoidal", "learned", "rope", "alibi")
NORM_NAMES = ("layer_norm", "rms_norm")
BLOCK_NAMES = ("pre_norm", "post_norm")
ACTIVATION_NAMES = ("relu", "gelu", "gelu_tanh", "swiglu")
SUBLAYERS = ("attention", "feed_forward")


@dataclass(frozen=True)
class Constants:
    """Numbers in the formulas that training does not set.

    norm_eps keeps a norm from dividing by 0. Rotary positions turn pair i by
    p / rope_base^(2i/d_head) / rope_factors[i]; no factors are factors of 1, and each slows its
    pair, so that a model reads further than it was first trained.

    Raises:
        ValueError: names the number and its value.
    """

    norm_eps: float = 1e-5
    rope_base: float = 10_000.0
    rope_factors: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be divided by."""
        factors: Any = self.rope_factors
        if not isinstance(factors, list | tuple):
            raise ValueError(f"rope_factors is {factors!r}; it must be a list of numbers")
        object.__setattr__(self, "rope_factors", tuple(factors))  # JSON knows lists only
        numbers = {"norm_eps": self.norm_eps, "rope_base": self.rope_base}
        numbers |= {f"rope_factors[{i}]": factor for i, factor in enumerate(factors)}
        for name, value in numbers.items():
            if not _is_positive(value):
                raise ValueError(f"{name} is {value!r}; it must be a number above 0")


def _is_positive(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value) and value > 0


@dataclass(frozen=True)
class TransformerConfig:
    """Everything that fixes the shapes and the arithmetic of a Transformer.

    Sizes are counts of elements. `n_kv_heads` is `n_heads` for multi-head attention, 1 for
    multi-query attention, anything between for grouped queries. `head_width` is None where heads
    share the width of the model, as nearly everywhere; `d_head` is the width in either case.
    `bias` adds one to every map and LayerNorm, to none, or to the maps of one sublayer.

    Raises:
        ValueError: names the field, its value and what would do.
    """

    vocab_size: int
    context_length: int
    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_ff: int
    position: str = "learned"
    norm: str = "layer_norm"
    block: str = "pre_norm"
    activation: str = "gelu_tanh"
    bias: bool | str = True
    tied_embeddings: bool = True
    head_width: int | None = None
    constants: Constants = field(default_factory=Constants)

    @property
    def d_head(self) -> int:
        """Width of one head: d_model / n_heads, or `head_width`."""
        return self.d_model // self.n_heads if self.head_width is None else self.head_width

    @property
    def attention_bias(self) -> bool:
        """Whether the maps to and from the heads have biases."""
        return self.bias in (True, "attention")

    @property
    def feed_forward_bias(self) -> bool:
        """Whether the maps of the feed-forward network have biases."""
        return self.bias in (True, "feed_forward")

    @property
    def is_gated(self) -> bool:
        """Whether a product with a gate stands in the feed-forward network, as in SwiGLU."""
        return self.activation == "swiglu"

    @property
    def norm_eps(self) -> float:
        """What a norm adds under its root."""
        return self.constants.norm_eps

    @property
    def rope_base(self) -> float:
        """The base of the rotary frequencies."""
        return self.constants.rope_base

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        self._check_types()
        self._check_divisibility()
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(allowed)}"
                )

    def _check_types(self) -> None:
        optional = () if self.head_width is None else ("head_width",)
        for name in (*_SIZES, *optional):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} is {value!r}; it must be a whole number of at least 1")
        if not isinstance(self.tied_embeddings, bool):
            raise ValueError(
                f"tied_embeddings is {self.tied_embeddings!r}; it must be true or false"
            )
        if not isinstance(self.bias, bool) and self.bias not in SUBLAYERS:
            raise ValueError(
                f"bias is {self.bias!r}; it must be true or false, or one of {', '.join(SUBLAYERS)}"
            )

    def _check_divisibility(self) -> None:
        if self.head_width is None and self.d_model % self.n_heads:
            fitting = [n for n in range(1, self.d_model + 1) if self.d_model % n == 0]
            raise ValueError(
                f"d_model is {self.d_model}, which n_heads = {self.n_heads} does not divide; "
                f"n_heads must be one of {fitting}"
            )
        if self.n_heads % self.n_kv_heads:
            fitting = [n for n in range(1, self.n_heads + 1) if self.n_heads % n == 0]
            raise ValueError(
                f"n_kv_heads is {self.n_kv_heads}, which does not divide n_heads = {self.n_heads}; "
                f"it must be one of {fitting}"
            )
        if self.position == "rope" and self.d_head % 2:
            raise ValueError(
                f"position is 'rope', but d_model / n_heads = {self.d_head} is odd; rotary "
                "positions turn pairs of numbers, so choose d_model and n_heads with an even ratio"
            )
        if self.constants.rope_factors and len(self.constants.rope_factors) * 2 != self.d_head:
            raise ValueError(
                f"rope_factors are {len(self.constants.rope_factors)}; there must be one for each "
                f"of the {self.d_head // 2} pairs of a head"
            )
        if self.position == "sinusoidal" and self.d_model % 2:
            raise ValueError(
                f"position is 'sinusoidal', but d_model = {self.d_model} is odd; sines and cosines "
                "come in pairs, so choose an even d_model"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to config.json; the constants stand among the others.

        What few models have, another head width and rotary factors, is left out of the rest.
        """
        values = asdict(self)
        values |= values.pop("constants")
        return {name: value for name, value in values.items() if value not in (None, ())}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TransformerConfig:
        """The inverse of `to_dict`; an unknown or missing field is a ValueError that names it."""
        own, constants = ({each.name for each in fields(kind)} for kind in (cls, Constants))
        known = own - {"constants"} | constants
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown field {unknown[0]!r}; a config knows {sorted(known)}")
        if missing := [name for name in _SIZES if name not in values]:
            raise ValueError(f"{missing[0]} is missing; a config needs {', '.join(_SIZES)}")
        numbers = Constants(**{name: values[name] for name in values.keys() & constants})
        return cls(**{name: values[name] for name in values.keys() & own}, constants=numbers)


_SIZES = ("vocab_size", "context_length", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_ff")
_CHOICES = {
    "position": POSITION_NAMES,
    "norm": NORM_NAMES,
    "block": BLOCK_NAMES,
    "activation": ACTIVATION_NAMES,
}
