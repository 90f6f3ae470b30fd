"""The Scaling lesson's picture: laws, published models and ours, for the browser to draw."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import streamlit as st

from transformer_core.laws.published import CHINCHILLA_FLOPS, PUBLISHED, TOKENS_PER_PARAMETER
from transformer_core.laws.scaling import LAWS, Allocation, KaplanLaw
from ui.models import MODELS
from ui.serving.component import component

DEFAULT = Allocation(70e9, 1.4e12)  # Chinchilla
SIZES = (1e9, 7e9, 70e9)
RANGE = {"params": (1e6, 3e12), "train": (1e7, 3e14)}


def show_scaling_board() -> None:
    """Plane of sizes and tokens, the three terms, isoFLOP curves, the rule of 20, serving."""
    law, here, notices = chosen()
    if notices:
        st.caption("  \n".join(notices))
    component(__file__)(
        key="scaling-board",
        data={
            **_facts(),
            "ours": [found for folder in MODELS.values() if (found := _ours(folder))],
            "law": law,
            "n": here.n_parameters,
            "d": here.n_tokens,
        },
    )


def chosen() -> tuple[str, Allocation, list[str]]:
    """The law and the point in the address, and what is to be said of those that make no sense."""
    notices: list[str] = []
    law = st.session_state.get("law") or next(iter(LAWS))
    if law not in LAWS:
        law = next(iter(LAWS))
        notices.append(f"The address names no law known here; {LAWS[law].title} is shown.")
    point = [
        _number(name, default, notices)
        for name, default in (("params", DEFAULT.n_parameters), ("train", DEFAULT.n_tokens))
    ]
    return law, Allocation(*point), notices


def _number(name: str, default: float, notices: list[str]) -> float:
    raw, (low, high) = st.session_state.get(name) or "", RANGE[name]
    if not raw:
        return default
    what = "parameters" if name == "params" else "tokens"
    try:
        value = float(raw)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        notices.append(f"The address names no number of {what}; {default:.3g} is shown.")
        return default
    clamped = min(max(value, low), high)
    if clamped != value:
        notices.append(f"The picture goes from {low:.0e} to {high:.0e} {what}.")
    return clamped


@cache
def _facts() -> dict[str, Any]:
    """What never changes: the laws' constants, the models, and the table of the rule of 20."""
    return {
        "laws": {
            name: {
                "kind": "kaplan" if isinstance(law, KaplanLaw) else "parametric",
                **asdict(law),
            }
            for name, law in LAWS.items()
        },
        "models": [asdict(model) for model in PUBLISHED],
        "rule": TOKENS_PER_PARAMETER,
        "sizes": [
            {
                "n": size,
                "tokens": {
                    name: law.optimum(law.budget_for(size)).n_tokens for name, law in LAWS.items()
                },
            }
            for size in SIZES
        ],
        "chinchilla": {
            "flops": CHINCHILLA_FLOPS,
            "ratio": {
                name: law.optimum(CHINCHILLA_FLOPS).tokens_per_parameter
                for name, law in LAWS.items()
            },
        },
    }


@cache
def _ours(folder: Path) -> dict[str, Any] | None:
    """A shipped model as its training record has it; None where there is no such record."""
    try:
        record = json.loads((folder / "training.json").read_text("utf-8"))
        n_parameters, n_tokens = record["parameters"], record["tokens_seen"]
    except (OSError, ValueError, KeyError):
        return None
    return {"name": folder.name, "n_parameters": n_parameters, "n_tokens": n_tokens}
