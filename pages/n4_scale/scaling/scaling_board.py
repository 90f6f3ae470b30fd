"""The Scaling lesson's picture: laws, published models and ours, for the browser to draw."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

import streamlit as st

from transformer_core.laws.published import CHINCHILLA_FLOPS, PUBLISHED, TOKENS_PER_PARAMETER
from transformer_core.laws.scaling import LAWS, Allocation, KaplanLaw, Law
from ui.known_models import REAL_MODEL, REAL_TITLE, SHIPPED
from ui.serving.component import component
from ui.state import setting

DEFAULT = Allocation(70e9, 1.4e12)  # Chinchilla
SIZES = (1e9, 7e9, 70e9)
RANGE = {"params": (1e6, 3e12), "train": (1e7, 3e14)}


class ParametricConstants(TypedDict):
    """A `ParametricLaw`."""

    kind: Literal["parametric"]
    title: str
    source: str
    e: float
    a: float
    b: float
    alpha: float
    beta: float


class KaplanConstants(TypedDict):
    """A `KaplanLaw`."""

    kind: Literal["kaplan"]
    title: str
    source: str
    n_c: float
    d_c: float
    alpha_n: float
    alpha_d: float
    n_at_pf_day: float
    growth: float
    d_at_pf_day: float
    d_growth: float


class KnownModel(TypedDict):
    """A model by its size and its text; where they are published, if they are."""

    name: str
    n_parameters: float
    n_tokens: float
    source: NotRequired[str]


class SizeRule(TypedDict):
    """For how many tokens, by each law, a size is the best."""

    n: float
    tokens: dict[str, float]


class BudgetRule(TypedDict):
    """How many tokens per parameter, by each law, are best for a budget in FLOP."""

    flops: float
    ratio: dict[str, float]


class ScalingData(TypedDict):
    """The laws and what is known, and the law and the point in the address.

    `rule`: tokens per parameter, for all sizes alike; `shown`: the name, among these, of the model
    that the reader has chosen.
    """

    laws: dict[str, ParametricConstants | KaplanConstants]
    models: list[KnownModel]
    rule: float
    sizes: list[SizeRule]
    chinchilla: BudgetRule
    ours: list[KnownModel]
    shown: str | None
    law: str
    n: float
    d: float


def show_scaling_board(model_name: str) -> None:
    """Plane of sizes and tokens, the three terms, isoFLOP curves, the rule of 20, serving."""
    law, here, notices = chosen()
    if notices:
        st.caption("  \n".join(notices))
    component(__file__)(key="scaling-board", data=describe_scaling(law, here, model_name))


def describe_scaling(law: str, here: Allocation, model_name: str) -> ScalingData:
    """All that the browser needs to work the laws out at any point."""
    return {
        "laws": {name: _constants(each) for name, each in LAWS.items()},
        "models": [cast(KnownModel, asdict(model)) for model in PUBLISHED],
        "rule": TOKENS_PER_PARAMETER,
        "sizes": [{"n": size, "tokens": _tokens(size)} for size in SIZES],
        "chinchilla": {
            "flops": CHINCHILLA_FLOPS,
            "ratio": {
                name: _recommended(each, CHINCHILLA_FLOPS).tokens_per_parameter
                for name, each in LAWS.items()
            },
        },
        "ours": [found for folder in SHIPPED.values() if (found := _ours(folder))],
        "shown": known["name"] if (known := known_model(model_name)) else None,
        "law": law,
        "n": here.n_parameters,
        "d": here.n_tokens,
    }


def _constants(law: Law) -> ParametricConstants | KaplanConstants:
    if isinstance(law, KaplanLaw):
        return cast(KaplanConstants, {"kind": "kaplan", **asdict(law)})
    return cast(ParametricConstants, {"kind": "parametric", **asdict(law)})


def _tokens(size: float) -> dict[str, float]:
    return {name: _recommended(law, law.budget_for(size)).n_tokens for name, law in LAWS.items()}


def _recommended(law: Law, flops: float) -> Allocation:
    """Kaplan et al. count a budget otherwise, so their paper's own D is not C / 6 N."""
    return law.recommended(flops) if isinstance(law, KaplanLaw) else law.optimum(flops)


def chosen() -> tuple[str, Allocation, list[str]]:
    """The law and the point in the address, and what is to be said of those that make no sense."""
    notices: list[str] = []
    law = setting("law") or next(iter(LAWS))
    if law not in LAWS:
        law = next(iter(LAWS))
        notices.append(
            f"The address names a law that is not known here; {LAWS[law].title} is shown."
        )
    point = [
        _number(name, default, notices)
        for name, default in (("params", DEFAULT.n_parameters), ("train", DEFAULT.n_tokens))
    ]
    return law, Allocation(*point), notices


def _number(name: str, default: float, notices: list[str]) -> float:
    raw, (low, high) = setting(name), RANGE[name]
    if not raw:
        return default
    what = "parameters" if name == "params" else "tokens"
    try:
        value = float(raw)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        notices.append(f"The address holds no valid number of {what}; {default:.3g} is shown.")
        return default
    clamped = min(max(value, low), high)
    if clamped != value:
        notices.append(f"The picture reaches from {low:.0e} to {high:.0e} {what}.")
    return clamped


def known_model(name: str) -> KnownModel | None:
    """What is known of a model of the switch: its size and its text; None where that is not."""
    if name in SHIPPED:
        return _ours(SHIPPED[name])
    if name != REAL_MODEL:
        return None
    return next(cast(KnownModel, asdict(each)) for each in PUBLISHED if each.name == REAL_TITLE)


@cache
def _ours(folder: Path) -> KnownModel | None:
    """A shipped model as its training record has it; None where there is no such record."""
    try:
        record = json.loads((folder / "training.json").read_text("utf-8"))
        n_parameters, n_tokens = record["parameters"], record["tokens_seen"]
    except (OSError, ValueError, KeyError):
        return None
    return {"name": folder.name, "n_parameters": n_parameters, "n_tokens": n_tokens}
