"""The exponent of the best size, as it looks to someone who leaves embeddings out of the count."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, cast

from pages.n4_scale.scaling.scaling_board import ParametricConstants
from transformer_core.laws.scaling import LAWS, REFIT, KaplanLaw
from transformer_core.laws.uncounted_embeddings import ASPECT
from ui.serving.component import component

VOCABULARIES = (512, 32_000, 50_257, 128_256)  # our ladder, Chinchilla, GPT-2, Llama 3
FIRST = 1  # as Pearce and Song 2024 take it
SIZES = (768.0, 1.5e9)  # parameters without embeddings that Kaplan et al. trained (section 3)


class CountingData(TypedDict):
    """The law of all parameters, vocabularies, and what Kaplan et al. trained and found."""

    law: ParametricConstants
    vocabularies: list[int]
    first: int
    aspect: float
    sizes: tuple[float, float]
    kaplan: float


def show_counting_board() -> None:
    """Local exponent against size, for a vocabulary that the reader chooses."""
    component(__file__)(key="counting-board", data=describe_counting())


def describe_counting() -> CountingData:
    """What the browser computes the exponent from."""
    return {
        "law": cast(ParametricConstants, {"kind": "parametric", **asdict(REFIT)}),
        "vocabularies": [*VOCABULARIES],
        "first": FIRST,
        "aspect": ASPECT,
        "sizes": SIZES,
        "kaplan": cast(KaplanLaw, LAWS["kaplan"]).growth,
    }
