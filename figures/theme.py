"""One role, one colour, on every page: light and dark, for Plotly, style sheets and prose.

`.streamlit/config.toml` repeats these colours for Streamlit's own widgets; a test holds both equal.
"""

from __future__ import annotations

from functools import cache

import plotly.graph_objects as go

Colours = dict[str, str]
Scale = list[tuple[float, str]]

# (light, dark); distinguishable under the common kinds of colour blindness.
ROLES: dict[str, tuple[str, str]] = {
    "query": ("#2f6fde", "#6ea0ff"),
    "key": ("#d9831a", "#f0a94b"),
    "value": ("#12937a", "#3cc7a8"),
    "attention": ("#6a4be0", "#a08bff"),
    "feed_forward": ("#c03f7c", "#ef7fb2"),
    "residual": ("#5d6780", "#9aa4c0"),
    "positive": ("#2f6fde", "#6ea0ff"),
    "negative": ("#d96a4a", "#f08f70"),
    "ink": ("#1a2035", "#e8eaf4"),
    "muted": ("#616981", "#98a0ba"),
    "line": ("#e3e6f0", "#2a3047"),
    "panel": ("#f7f8fc", "#171b2b"),
    "page": ("#ffffff", "#10131f"),
    # The same roles where they colour small text: a contrast of at least 4.5 on the panel.
    "query_text": ("#2f6edc", "#6ea0ff"),
    "key_text": ("#a36213", "#f0a94b"),
    "value_text": ("#10816b", "#3cc7a8"),
    "negative_text": ("#b4512f", "#f08f70"),
}
ROLES["prediction"] = ROLES["attention"]

FONT = "Inter, system-ui, sans-serif"


def role_colours(dark: bool) -> Colours:
    """The colour of each role in one of the two themes."""
    return {role: pair[dark] for role, pair in ROLES.items()}


def css_variables() -> str:
    """`--query: light-dark(...); ...`, which follow the theme in force by themselves."""
    return "".join(
        f"--{role.replace('_', '-')}: light-dark({light}, {dark});"
        for role, (light, dark) in ROLES.items()
    )


def sequential(dark: bool, role: str = "attention") -> Scale:
    """Magnitudes: from the panel's ground at zero to the role's full colour."""
    colours = role_colours(dark)
    return [(0.0, colours["panel"]), (1.0, colours[role])]


def diverging(dark: bool) -> Scale:
    """Signed values around zero: negative, ground, positive."""
    colours = role_colours(dark)
    return [(0.0, colours["negative"]), (0.5, colours["page"]), (1.0, colours["positive"])]


@cache
def template(dark: bool) -> go.layout.Template:
    """The look of every Plotly figure; pass it as `layout=dict(template=template(dark), ...)`."""
    colours = role_colours(dark)
    axis = {
        "gridcolor": colours["line"],
        "linecolor": colours["line"],
        "zerolinecolor": colours["line"],
        "tickfont": {"color": colours["muted"]},
        "title": {"font": {"color": colours["muted"]}},
        "automargin": True,
    }
    layout = {
        "font": {"family": FONT, "size": 13, "color": colours["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [
            colours[role]
            for role in ("attention", "query", "key", "value", "feed_forward", "residual")
        ],
        "colorscale": {"sequential": sequential(dark), "diverging": diverging(dark)},
        "xaxis": axis,
        "yaxis": axis,
        "hoverlabel": {"bgcolor": colours["panel"], "font": {"color": colours["ink"]}},
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
    }
    return go.layout.Template(layout=layout)
