"""Five models that differ in how they place positions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.small_transformer import small_config, with_unit_tokens
from transformer_core.transformer import Transformer

NAMES = {"none": "none", "sinusoidal": "sinusoidal", "learned": "learned"}
NAMES |= {"rope": "RoPE", "alibi": "ALiBi"}
FARTHEST = 8  # times the trained length
FACTORS = (2, 4, FARTHEST)  # by which RoPE is stretched


@dataclass(frozen=True, kw_only=True)
class Setting(TunedCourse):
    """One scheme; `windows` are read."""

    position: str
    d_model: int
    n_layers: int
    n_heads: int
    windows: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each scheme."""
    return [
        Setting(
            position=position,
            d_model=16 if quick else 64,
            n_layers=1 if quick else 4,
            n_heads=4,
            context_length=16 if quick else 64,
            batch_size=8 if quick else 32,
            tokens=4 * 128 if quick else 819_200,
            tuning_tokens=4 * 128 if quick else 307_200,
            optimizer="muon",
            learning_rate=8e-3,
            seeds=(1,) if quick else (1, 2, 3),
            windows=2 if quick else 256,
        )
        for position in NAMES
    ]


def model(setting: Setting, seed: int) -> Transformer:
    """The same start for every scheme.

    Tokens start with deviation d_model^-0.5 instead of 0.02, beside which the waves of a sinusoidal
    table, up to 1, would leave nothing of them.
    """
    shape = (setting.d_model, setting.n_layers, setting.n_heads, setting.context_length)
    made = Transformer(replace(small_config(*shape), position=setting.position))
    made.initialise(seed)
    return with_unit_tokens(made, seed)
