"""What Streamlit gets wrong in silence: a font that is not there, a palette of another size."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
PALETTES = ("chartCategoricalColors", "chartSequentialColors", "chartDivergingColors")


def test_every_font_file_is_in_assets():
    files = {face["url"].removeprefix("app/static/") for face in THEME["fontFaces"]}
    assert files == {f"fonts/{path.name}" for path in (ROOT / "assets/fonts").glob("*.woff2")}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("palette", PALETTES)
def test_palettes_have_ten_colours(mode, palette):
    assert len(set(THEME[mode][palette])) == 10


def test_light_and_dark_set_the_same_things():
    assert THEME["light"].keys() == THEME["dark"].keys()
