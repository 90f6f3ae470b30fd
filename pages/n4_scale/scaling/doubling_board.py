"""What the next doubling of the tokens gains, by the refit of Chinchilla's law."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, cast

from pages.n4_scale.scaling.scaling_board import KnownModel, ParametricConstants
from transformer_core.laws.published import PUBLISHED
from transformer_core.laws.scaling import REFIT
from ui.serving.component import component

SHOWN = ("GPT-3", "Chinchilla", "Llama 2 70B", "Llama 3 8B", "Llama 3.1 405B")
FIRST = 3
TRAINED = (5e9, 5e11)  # tokens of the trainings behind the law (Hoffmann et al. 2022, abstract)


class DoublingData(TypedDict):
    """The law, models by size and text, which is first, and the tokens of the law's trainings."""

    law: ParametricConstants
    models: list[KnownModel]
    first: int
    trained: tuple[float, float]


def show_doubling_board() -> None:
    """The law's loss for one size against tokens, and the gain of each doubling."""
    component(__file__)(key="doubling-board", data=describe_doubling())


def describe_doubling() -> DoublingData:
    """Published constants and sizes."""
    models = {model.name: model for model in PUBLISHED}
    return {
        "law": cast(ParametricConstants, {"kind": "parametric", **asdict(REFIT)}),
        "models": [cast(KnownModel, asdict(models[name])) for name in SHOWN],
        "first": FIRST,
        "trained": TRAINED,
    }
