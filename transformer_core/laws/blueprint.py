"""A Transformer on paper: all that fixes its sizes, also where the core does not build it.

`TransformerConfig` describes what the core builds. A blueprint knows besides what published models
have: mixtures of experts, latent attention, windows, norms on both sides, an encoder. It is only
counted with, so that it may be of any size.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from transformer_core.config import TransformerConfig

CHOICES = {
    "stack": ("decoder", "encoder_decoder"),
    "attention": ("heads", "latent"),
    "position": ("none", "sinusoidal", "learned", "rope", "alibi"),
    "norm": ("layer_norm", "rms_norm"),
    "block": ("pre_norm", "post_norm", "both_norms"),
    "activation": ("relu", "gelu", "gelu_tanh", "swiglu", "geglu"),
}
LIMITS = {
    "vocab_size": (1, 10_000_000),
    "context_length": (1, 100_000_000),
    "d_model": (1, 1_000_000),
    "n_layers": (1, 10_000),
    "n_heads": (1, 10_000),
    "n_kv_heads": (1, 10_000),
    "head_width": (0, 100_000),
    "d_ff": (1, 10_000_000),
    "sliding_window": (0, 100_000_000),
    "global_every": (0, 10_000),
    "q_rank": (0, 1_000_000),
    "kv_rank": (1, 1_000_000),
    "rope_width": (0, 100_000),
    "value_width": (1, 100_000),
    "n_experts": (0, 100_000),
    "n_active": (1, 100_000),
    "n_shared": (0, 100_000),
    "d_expert": (1, 10_000_000),
    "n_dense_layers": (0, 10_000),
}
GATED = ("swiglu", "geglu")
DIVISORS_SHOWN = 12


@dataclass(frozen=True)
class Blueprint:
    """Sizes are counts of elements; names as in `TransformerConfig`.

    head_width: numbers of a query and a key; 0 is d_model / n_heads. With latent attention
        (DeepSeek-V2, arXiv 2405.04434) those without rotary positions.
    q_rank, kv_rank: numbers of the vectors that queries, and keys and values, are computed from;
        a q_rank of 0 computes queries from x itself. rope_width: numbers of a head's query and of
        the one shared key that carry rotary positions. value_width: numbers of a head's value.
    sliding_window: tokens that a layer looks back at, itself included; 0 is all. Every
        `global_every`-th layer looks at all of them all the same; 0 is none.
    n_experts: MLPs of which a router chooses `n_active` for each token; 0 is a plain MLP.
        n_shared of the same width d_expert are always active. The first n_dense_layers have a
        plain MLP of d_ff. router_bias: a number for each expert (arXiv 2412.19437, 2.1.2).
    qk_norm: each head's queries and keys are normalised by a norm without bias, shared by heads.
    block: both_norms has a norm before and after each sublayer (Gemma 2, arXiv 2408.00118).
    LayerNorm has a bias where attention and MLP have biases, as in `TransformerConfig`.
    """

    vocab_size: int
    context_length: int
    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_ff: int
    head_width: int = 0
    stack: str = "decoder"
    attention: str = "heads"
    position: str = "learned"
    norm: str = "layer_norm"
    block: str = "pre_norm"
    activation: str = "gelu_tanh"
    attention_bias: bool = True
    feed_forward_bias: bool = True
    tied_embeddings: bool = True
    qk_norm: bool = False
    sliding_window: int = 0
    global_every: int = 0
    q_rank: int = 0
    kv_rank: int = 512
    rope_width: int = 64
    value_width: int = 128
    n_experts: int = 0
    n_active: int = 2
    n_shared: int = 0
    d_expert: int = 2048
    n_dense_layers: int = 0
    router_bias: bool = False

    @classmethod
    def of(cls, config: TransformerConfig) -> Blueprint:
        """The same sizes as a configuration of the core."""
        names = {each.name for each in fields(cls)} & {each.name for each in fields(config)}
        values = {name: getattr(config, name) for name in names}
        return cls(
            **values | {"head_width": config.head_width or 0},
            attention_bias=config.attention_bias,
            feed_forward_bias=config.feed_forward_bias,
        )

    @property
    def d_head(self) -> int:
        """Width of one head: d_model / n_heads, or `head_width`."""
        return self.head_width or self.d_model // self.n_heads

    @property
    def is_latent(self) -> bool:
        """Whether keys and values come from one short vector for each token."""
        return self.attention == "latent"

    @property
    def query_width(self) -> int:
        """Numbers of one head's query, and of its key."""
        return self.d_head + self.rope_width if self.is_latent else self.d_head

    @property
    def output_width(self) -> int:
        """Numbers that all heads hand to the output map."""
        return self.n_heads * (self.value_width if self.is_latent else self.d_head)

    @property
    def matrices(self) -> int:
        """Of one MLP: 2, or 3 with a gate (arXiv 2002.05202)."""
        return 3 if self.activation in GATED else 2

    @property
    def n_expert_layers(self) -> int:
        """Layers with a router."""
        return self.n_layers - self.n_dense_layers if self.n_experts else 0

    @property
    def n_windowed(self) -> int:
        """Layers that look back at `sliding_window` tokens only."""
        every = self.global_every
        whole = self.n_layers // every if every else 0
        return self.n_layers - whole if self.sliding_window else 0

    @property
    def has_norm_bias(self) -> bool:
        """Whether a norm has a bias beside its gain."""
        return self.norm == "layer_norm" and self.attention_bias and self.feed_forward_bias


Shape = TransformerConfig | Blueprint


def blueprint(shape: Shape) -> Blueprint:
    """A shape as a blueprint."""
    return shape if isinstance(shape, Blueprint) else Blueprint.of(shape)


def problem(plan: Blueprint) -> str:
    """Why this cannot be built, in a sentence; empty where it can."""
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(plan, name) <= most:
            value = getattr(plan, name)
            return f"{name} is {value:,}. It must be a whole number from {least:,} to {most:,}."
    return _heads_problem(plan) or _experts_problem(plan) or _stack_problem(plan)


def _heads_problem(plan: Blueprint) -> str:
    heads, kv, d = plan.n_heads, plan.n_kv_heads, plan.d_model
    if not plan.head_width and d % heads:
        return (
            f"n_heads = {heads:,} does not divide d_model = {d:,}. "
            f"Choose {_divisors(d)} heads, or set head_width."
        )
    if not plan.is_latent and heads % kv:
        return (
            f"n_kv_heads = {kv:,} does not divide n_heads = {heads:,}. "
            f"It may be {_divisors(heads)}."
        )
    turned = plan.rope_width if plan.is_latent else plan.d_head
    if plan.position == "rope" and turned % 2:
        return (
            f"Rotary positions turn pairs of numbers, and a head has {turned:,}. "
            "Choose an even width."
        )
    if plan.position == "sinusoidal" and d % 2:
        return f"Sines and cosines come in pairs, and d_model = {d:,} is odd. Choose an even width."
    return ""


def _experts_problem(plan: Blueprint) -> str:
    if not plan.n_experts:
        return ""
    if plan.n_active > plan.n_experts:
        return (
            f"n_active = {plan.n_active:,} is more than the {plan.n_experts:,} experts that there "
            "are."
        )
    if plan.n_dense_layers > plan.n_layers:
        return (
            f"n_dense_layers = {plan.n_dense_layers:,} is more than the {plan.n_layers:,} layers "
            "that there are."
        )
    return ""


def _stack_problem(plan: Blueprint) -> str:
    special = plan.is_latent or plan.n_experts or plan.sliding_window or plan.qk_norm
    if plan.stack != "decoder" and (special or plan.block == "both_norms"):
        return (
            "An encoder and decoder is counted here with plain heads only: without latent "
            "attention, experts, windows, query norms and norms on both sides."
        )
    return ""


def _divisors(n: int) -> str:
    """The divisors of n as a sentence names them: all, or the smallest and n itself."""
    found = [each for each in range(1, n + 1) if n % each == 0]
    shown = found if len(found) <= DIVISORS_SHOWN else [*found[: DIVISORS_SHOWN - 1], n]
    *some, last = [f"{each:,}" for each in shown]
    return f"{', '.join(some)} or {last}" if some else last
