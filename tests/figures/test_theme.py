"""One role, one colour: the same in figures, components and Streamlit's own widgets."""

import re
import tomllib
from pathlib import Path

import pytest

from figures.theme import ROLES, css_variables, diverging, sequential, template

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
IN_CONFIG = {
    "query": "blueColor",
    "query_text": "blueTextColor",
    "key": "orangeColor",
    "key_text": "orangeTextColor",
    "value": "greenColor",
    "value_text": "greenTextColor",
    "attention": "violetColor",
    "prediction": "primaryColor",
    "feed_forward": "redColor",
    "residual": "grayColor",
    "ink": "textColor",
    "line": "borderColor",
    "panel": "secondaryBackgroundColor",
    "page": "backgroundColor",
}
both_themes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def role_colours(dark: bool) -> dict[str, str]:
    return {role: pair[dark] for role, pair in ROLES.items()}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@both_themes
def test_streamlit_has_the_same_colours(dark):
    colours, config = role_colours(dark), CONFIG["dark" if dark else "light"]
    assert {role: config[key] for role, key in IN_CONFIG.items()} == {
        role: colours[role] for role in IN_CONFIG
    }


@both_themes
@pytest.mark.parametrize(
    "role", ["ink", "muted", "query_text", "key_text", "value_text", "negative_text", "attention"]
)
def test_text_can_be_read_on_page_and_panel(dark, role):
    colours = role_colours(dark)
    assert min(contrast(colours[role], colours[ground]) for ground in ("page", "panel")) >= 4.5


@both_themes
def test_roles_differ_from_each_other(dark):
    colours = role_colours(dark)
    named = ["query", "key", "value", "attention", "feed_forward", "residual", "negative"]
    assert len({colours[role] for role in named}) == len(named)


def test_every_role_is_a_variable_in_both_themes():
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\);", css_variables()))
    assert pairs == {role.replace("_", "-"): ", ".join(pair) for role, pair in ROLES.items()}


def test_scales_start_at_the_ground_and_end_at_the_role():
    assert sequential("feed_forward") == [(0.0, "var(--panel)"), (1.0, "var(--feed-forward)")]
    assert [colour for _, colour in diverging()] == [
        f"var(--{role})" for role in ("negative", "page", "positive")
    ]


def test_template_lets_the_page_through_and_names_only_roles_that_exist():
    layout = template().layout
    assert layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert template() is template()
    named = set(re.findall(r"var\(--([\w-]+)\)", template().to_plotly_json().__repr__()))
    assert named
    assert named <= {role.replace("_", "-") for role in ROLES}


def test_charts_and_components_name_only_roles_that_exist():
    known = {role.replace("_", "-") for role in ROLES}
    for path in (ROOT / "figures").glob("*.py"):
        named = set(re.findall(r"css_name\(\"([\w-]+)\"\)", path.read_text("utf-8")))
        assert {role.replace("_", "-") for role in named} <= known, path.name
