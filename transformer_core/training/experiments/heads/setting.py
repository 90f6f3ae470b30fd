"""Four ways of sharing keys and values among heads, with equally many parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transformer_core.config import TransformerConfig
from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.small_transformer import small_config

# (n_heads, n_kv_heads) of each variant, in sixths of the width.
VARIANTS = {
    "MHA, 6 heads": (6, 6),
    "GQA, 6 heads, 2 for keys and values": (6, 2),
    "MQA, 6 heads, 1 for keys and values": (6, 1),
    "one head": (1, 1),
}
CONTEXTS = (64, 256, 1024, 4096)  # tokens in the cache when a token is written


@dataclass(frozen=True)
class Timed:
    """The size of the model whose tokens are timed."""

    d_model: int
    n_layers: int


WIDE = Timed(d_model=576, n_layers=4)  # wide enough for the cache to weigh something


@dataclass(frozen=True, kw_only=True)
class Setting(TunedCourse):
    """One variant: the model that is trained, how it is read, and the one that is timed."""

    variant: str
    n_heads: int
    n_kv_heads: int
    d_model: int
    n_layers: int
    windows: int
    timed: Timed
    contexts: tuple[int, ...]

    @property
    def config(self) -> TransformerConfig:
        """What narrower keys and values save goes into the feed-forward network.

        Keys and values have 2 d_model d_kv weights, the network 2 d_model d_ff, so that d_ff + d_kv
        = 5 d_model gives all variants the same number of parameters.
        """
        alike = small_config(self.d_model, self.n_layers, self.n_heads, self.context_length)
        d_kv = alike.d_head * self.n_kv_heads
        return replace(alike, n_kv_heads=self.n_kv_heads, d_ff=5 * self.d_model - d_kv)

    @property
    def timed_config(self) -> TransformerConfig:
        """The same variant at the size that is timed."""
        return replace(self, d_model=self.timed.d_model, n_layers=self.timed.n_layers).config


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each way of sharing keys and values."""
    return [
        Setting(
            variant=name,
            n_heads=n_heads,
            n_kv_heads=n_kv_heads,
            d_model=24 if quick else 96,
            n_layers=1 if quick else 4,
            tokens=10 * 512 if quick else 1_228_800,
            tuning_tokens=10 * 512 if quick else 307_200,
            context_length=32 if quick else 128,
            batch_size=16,
            learning_rate=4e-3,
            seeds=(1, 2) if quick else (1, 2, 3),
            windows=4 if quick else 256,
            timed=Timed(d_model=24, n_layers=1) if quick else WIDE,
            contexts=(16, 32) if quick else CONTEXTS,
        )
        for name, (n_heads, n_kv_heads) in VARIANTS.items()
    ]
