"""A figure of `figures/` on a page: a title that states the finding, the figure, one line below."""

from __future__ import annotations

import json
from collections.abc import Sequence

import plotly.graph_objects as go

from ui.provenance import MEANING, Kind
from ui.serving.component import component

# Prose for a component: a string, or (role, text) in the colour of that role.
Rich = Sequence[str | tuple[str, str]]


def show_chart(
    figure: go.Figure,
    *,
    key: str,
    finding: Rich,
    alt: str,
    caption: Rich = (),
    kind: Kind = "live",
    height: int = 320,
) -> None:
    """Draw it, or change the one with this key in place.

    Plotly redraws inside one component, so that zoom and hover survive a change of data, which
    `st.plotly_chart` would answer by building everything again. `alt` says what the picture shows
    to those who cannot see it.
    """
    drawn = json.loads(figure.to_json())
    drawn["layout"].pop("template", None)
    component(__file__)(
        key=key,
        data={
            "name": key,
            "figure": drawn,
            "finding": list(finding),
            "caption": list(caption),
            "alt": alt,
            "kind": kind,
            "meaning": MEANING[kind],
            "height": height,
        },
    )
