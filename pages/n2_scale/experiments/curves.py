"""All curves of an experiment that share both axes, beside their names, which pick them out."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from figures.experiment import Curves, amount, curves_figure, shown_name
from ui.provenance import MEANING
from ui.serving.component import component

ABREAST = 10  # curves up to which the names stand beside the figure
SPOKEN = 12


def show_curves(curves: Curves, key: str) -> None:
    """One card: the quantity as its title, the figure, the names."""
    component(__file__)(key=key, data=_described(curves) | {"name": key})


@lru_cache(maxsize=64)
def _described(curves: Curves) -> dict[str, Any]:
    figure = json.loads(curves_figure(curves).to_json())
    figure["layout"].pop("template", None)
    label = curves[0].y_label
    ends = [f"{shown_name(each.name)} {amount(each.y[-1])}" for each in curves[:SPOKEN]]
    more = f" and {len(curves) - SPOKEN} more" if len(curves) > SPOKEN else ""
    return {
        "figure": figure,
        "finding": label[:1].upper() + label[1:],
        "alt": f"{label} against {curves[0].x_label}. At the last point: {', '.join(ends)}{more}.",
        "many": len(curves) > ABREAST,
        "kind": "measured",
        "meaning": MEANING["measured"],
        "height": 420 if len(curves) > ABREAST else 320,
    }
