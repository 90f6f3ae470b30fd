"""The first screen with the real language model, and with texts that do not fit lane by lane."""

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import FirstScreen
from tests.lessons.at_a_glance.test_at_a_glance_in_browser import overflow
from tests.real_model import real_model
from ui.examples import CAPITAL
from ui.known_models import REAL_MODEL

FRANCE = f"?model={REAL_MODEL}&text={CAPITAL}"
STORY = "The keeper lit the lamp and counted the ships that passed the rocks below. "


@real_model
@pytest.mark.parametrize("size", ["desktop", "projector"])
def test_thirty_layers_of_nine_heads_lead_to_paris(visit, size):
    screen = FirstScreen(visit(FRANCE, size=size))
    assert (screen.layers.count(), screen.heads.count()) == (30, 270)
    expect(screen.title).to_have_text(
        "The most probable next token is “Paris”, with 77\u00a0%. "
        "The logit lens shows it only after layer 30."
    )
    expect(screen.guesses.first).to_contain_text("Paris")
    guesses = screen.band.locator(".column.final .guess")
    expect(guesses).to_have_text(["Paris"])
    assert overflow(screen) <= 0
    screen.choose_head(4, layer=23)
    assert "Layer 24, head 5: “is” gives 90 % of its attention to “France”." in screen.summary()
    screen.wait_for_address(layer="24", head="5")


@real_model
def test_a_layer_is_asked_for_once_and_a_tokens_guesses_too(visit):
    screen = FirstScreen(visit(FRANCE))
    asked = []
    screen.visit.on("request", lambda request: asked.append(request.url))
    for _ in range(2):
        screen.choose_layer(3)
        screen.choose_layer(20)
    assert sum("/passes/layer?" in url for url in asked) == 2
    for _ in range(2):
        screen.tokens.nth(1).click()
        expect(screen.band.locator(".guess").last).not_to_have_text("Paris")
        screen.tokens.nth(4).click()
        expect(screen.band.locator(".guess").last).to_have_text("Paris")
    assert sum("/passes/lens?" in url for url in asked) == 1
    assert not [url for url in asked if "/passes?" in url]


def test_of_a_long_text_what_matters_has_lanes_and_gaps_open(visit):
    screen = FirstScreen(visit(f"?text={STORY * 4}"))
    n, shown = screen.all_tokens.count(), screen.tokens.count()
    assert n > 60
    assert 14 <= shown < 40
    gap = screen.root.get_by_role("button", name="Show tokens").first
    first, last = (int(word) for word in gap.get_attribute("aria-label").split() if word.isdigit())
    gap.click()
    expect(screen.tokens).to_have_count(shown + last - first + 1)
    assert overflow(screen) <= 0
