"""What every page has from the server: the theme's own fonts, in both themes, at every size."""

from tests.browser.visit import SIZES

FONTS = "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
GROUNDS = {"light": 255, "dark": 16}


def test_page_uses_the_local_fonts_and_does_not_scroll_sideways(visit):
    opened = visit()
    assert any("Inter" in family for family in opened.page.evaluate(FONTS))
    main = opened.page.locator('[data-testid="stMain"]')
    over = {}
    for size, (width, height) in SIZES.items():
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.settle()
        over[size] = main.evaluate("m => m.scrollWidth - m.clientWidth")
    assert not {size: by for size, by in over.items() if by > 2}


def test_theme_follows_the_reader(visit):
    opened = visit()
    for theme, ground in GROUNDS.items():
        opened.page.emulate_media(color_scheme=theme)
        opened.settle()
        app = opened.page.locator('[data-testid="stApp"]')
        colour = app.evaluate("a => getComputedStyle(a).backgroundColor")
        assert colour.startswith(f"rgb({ground},")
