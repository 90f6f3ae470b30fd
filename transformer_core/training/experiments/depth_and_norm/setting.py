"""Every design at every depth, and the learning rates that each is tried at."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.config import TransformerConfig
from transformer_core.training.experiments.course import Course
from transformer_core.training.experiments.depth_and_norm.deep_stacks import DESIGNS, deep_stack
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.text import N_VOCAB
from transformer_core.transformer import Transformer

BOTH = ("pre-norm", "post-norm")  # the designs that are trained with and without a warm-up
WARM_UPS = {"warm-up": 0.3, "no warm-up": 0.0}  # share of the steps
WINDOWS = 32  # held out
RATES: dict[int, dict[str, tuple[float, ...]]] = {
    4: {
        "pre-norm": (8e-3, 1.6e-2, 3.2e-2),
        "post-norm": (2e-3, 4e-3, 8e-3),
        "no skips": (1e-3, 4e-3),
    },
    12: {
        "pre-norm": (8e-3, 1.6e-2),
        "post-norm": (5e-4, 1e-3, 2e-3),
        "no skips": (1e-3, 4e-3),
    },
    24: {"pre-norm": (8e-3, 1.6e-2), "post-norm": (2.5e-4, 5e-4), "no skips": (1e-3,)},
    48: {"pre-norm": (4e-3, 8e-3), "post-norm": (5e-4,), "no skips": (5e-4,)},
}
QUICK_RATES = {n: dict.fromkeys(DESIGNS, (3.2e-2, 6.4e-2)) for n in (2, 3)}


@dataclass(frozen=True, kw_only=True)
class Setting(Course):
    """One design at one depth: its shape, where it is looked at, its warm-ups and rates."""

    design: str
    n_layers: int
    d_model: int
    n_heads: int
    windows: int
    evaluate_every: int
    gradients_after: int
    warm_ups: dict[str, float]
    rates: tuple[float, ...]


def settings(place: Place, quick: bool) -> list[Setting]:
    """Two seeds at one depth only, where the spread is measured."""
    rates = QUICK_RATES if quick else RATES
    batch_size, length = (4, 16) if quick else (16, 64)
    return [
        Setting(
            design=design,
            n_layers=n_layers,
            d_model=8 if quick else 32,
            n_heads=2,
            context_length=length,
            batch_size=batch_size,
            windows=4 if quick else WINDOWS,
            tokens=(20 if quick else 300) * batch_size * length,
            decay=0.3,
            evaluate_every=10 if quick else 15,
            gradients_after=10 if quick else 100,
            warm_ups=WARM_UPS if design in BOTH else {"warm-up": WARM_UPS["warm-up"]},
            rates=rates[n_layers][design],
            seeds=(1, 2) if n_layers == 12 else (1,),
        )
        for n_layers in rates
        for design in DESIGNS
    ]


def make(setting: Setting, seed: int) -> Transformer:
    """A GPT-2-like stack as it starts."""
    config = TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=setting.context_length,
        d_model=setting.d_model,
        n_layers=setting.n_layers,
        n_heads=setting.n_heads,
        n_kv_heads=setting.n_heads,
        d_ff=4 * setting.d_model,
    )
    return deep_stack(setting.design, config, seed)
