"""One role, one colour, on every page: light and dark, for Plotly, style sheets and prose.

`.streamlit/config.toml` repeats these colours for Streamlit's own widgets; a test holds both equal.
"""

from __future__ import annotations

from functools import cache

import plotly.graph_objects as go

Scale = list[tuple[float, str]]

# (light, dark); distinguishable under the common kinds of colour blindness.
ROLES: dict[str, tuple[str, str]] = {
    "query": ("#2f6fde", "#6ea0ff"),
    "key": ("#a98a00", "#e0c04a"),
    "value": ("#12937a", "#3cc7a8"),
    "attention": ("#6a4be0", "#a08bff"),
    "feed_forward": ("#c03f7c", "#ef7fb2"),
    "residual": ("#5d6780", "#9aa4c0"),
    "positive": ("#2f6fde", "#6ea0ff"),
    "negative": ("#d6472e", "#f5795c"),
    "ink": ("#1a2035", "#e8eaf4"),
    "muted": ("#616981", "#98a0ba"),
    "line": ("#e3e6f0", "#2a3047"),
    "panel": ("#f7f8fc", "#171b2b"),
    "page": ("#ffffff", "#10131f"),
    # The same roles where they colour small text: a contrast of at least 4.5 on the panel.
    "query_text": ("#2f6edc", "#6ea0ff"),
    "key_text": ("#7c6500", "#e0c04a"),
    "value_text": ("#10816b", "#3cc7a8"),
    "negative_text": ("#b8402a", "#f5795c"),
}
ROLES["prediction"] = ROLES["attention"]

FONT = "Inter, system-ui, sans-serif"


def css_variables() -> str:
    """`--query: light-dark(...); ...`, which follow the theme in force by themselves."""
    return "".join(
        f"--{role.replace('_', '-')}: light-dark({light}, {dark});"
        for role, (light, dark) in ROLES.items()
    )


def css_name(role: str) -> str:
    """A role as a colour that the browser looks up in the theme in force: `var(--feed-forward)`."""
    return f"var(--{role.replace('_', '-')})"


def mixed(first: str, second: str, share: float) -> str:
    """A colour between those of two roles: `share` of the way from the first to the second."""
    return f"color-mix(in srgb, {css_name(second)} {100 * share:.0f}%, {css_name(first)})"


def sequential(role: str = "attention") -> Scale:
    """Magnitudes: from the panel's ground at zero to the role's full colour."""
    return [(0.0, css_name("panel")), (1.0, css_name(role))]


def diverging() -> Scale:
    """Signed values around zero: negative, ground, positive."""
    return [(0.0, css_name("negative")), (0.5, css_name("page")), (1.0, css_name("positive"))]


@cache
def template() -> go.layout.Template:
    """The look of every Plotly figure; `plot` of ui/kit/plot.js lays it under each of them.

    Colours stand as `var(--role)`; the browser fills in those of the theme in force.
    """
    muted, line = css_name("muted"), css_name("line")
    axis = {
        "gridcolor": line,
        "linecolor": line,
        "zerolinecolor": line,
        "tickfont": {"color": muted, "size": 14},
        "title": {"font": {"color": muted, "size": 14}, "standoff": 8},
        "automargin": True,
    }
    layout = {
        "font": {"family": FONT, "size": 14, "color": css_name("ink")},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [
            css_name(role)
            for role in ("attention", "query", "key", "value", "feed_forward", "residual")
        ],
        "colorscale": {"sequential": sequential(), "diverging": diverging()},
        "xaxis": axis,
        "yaxis": axis,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": css_name("panel"),
            "bordercolor": line,
            "font": {"family": FONT, "color": css_name("ink"), "size": 14},
        },
        "annotationdefaults": {"font": {"size": 14}},
        "dragmode": False,
        "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
    }
    return go.layout.Template(layout=layout)
