"""What every page has from the server: the theme's own fonts, in both themes, at every size."""

import pytest

from tests.browser.visit import SIZES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_page_uses_the_local_fonts_and_does_not_scroll_sideways(visit, size, theme):
    page = visit(size=size, theme=theme).page
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
    )
    assert any("Inter" in family for family in loaded)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("m => m.scrollWidth - m.clientWidth") <= 2


@pytest.mark.parametrize(("theme", "ground"), [("light", 255), ("dark", 16)])
def test_theme_follows_the_reader(visit, theme, ground):
    page = visit(theme=theme).page
    colour = page.locator('[data-testid="stApp"]').evaluate(
        "a => getComputedStyle(a).backgroundColor"
    )
    assert colour.startswith(f"rgb({ground},")
