"""A term is explained on hover, on focus and on touch; the model's card opens on every page."""

from playwright.sync_api import Locator, expect

from ui.about_model import KEY
from ui.glossary import terms

SAYS = {term.place: term.says for term in terms()}
SHOWN = """mark => getComputedStyle(mark, "::after").content.replace(/^"|"$/g, "")"""


def marks(visit) -> Locator:
    return visit.page.locator('a[href^="#term-"]')


def explained(mark: Locator) -> bool:
    return mark.evaluate(SHOWN) == SAYS[mark.get_attribute("href")]


def test_a_term_is_explained_on_hover_and_on_focus(visit):
    opened = visit("attend?text=a token and a logit")
    first, second = marks(opened).nth(0), marks(opened).nth(1)
    assert not explained(first)
    first.hover()
    assert explained(first)
    assert not explained(second)
    opened.page.mouse.move(0, 0)
    second.focus()
    assert explained(second)
    assert opened.page.locator('[data-testid="stMain"]').evaluate(
        "main => main.scrollWidth - main.clientWidth <= 2"
    )


def test_a_touch_explains_and_leaves_the_page_as_it_is(visit):
    opened = visit("attend", size="phone")
    mark = marks(opened).first
    mark.click()
    opened.settle()
    assert explained(mark)
    expect(opened.page.get_by_role("heading", name="Which words")).to_be_visible()
    assert opened.page.url.split("#")[0].endswith("/attend")


def test_who_the_model_is_stands_one_click_away(visit):
    for place in ("", "glossary"):
        opened = visit(place)
        assert opened.page.get_by_text("What it read.").count() == 0
        opened.page.locator(f".st-key-{KEY} button").click()
        expect(opened.page.get_by_text("What it read.")).to_be_visible()
        expect(opened.page.get_by_text("parameters:")).to_be_visible()
