"""The first ten seconds of a first visit: once, and never in the way."""

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import FirstScreen, agrees, model_and_trace
from ui.examples import STORY


class Hero:
    """What lies over the screen at a first visit."""

    def __init__(self, screen: FirstScreen) -> None:
        self.screen = screen
        self.box = screen.page.get_by_role("dialog", name="What a language model does")
        self.guess = self.box.get_by_role("textbox", name="Your guess of the next word")
        self.tour = self.box.get_by_role("button", name="Take the tour")
        self.own = self.box.get_by_role("button", name="My own words")


@pytest.fixture
def open_hero(visit):
    return lambda path="": Hero(FirstScreen(visit(path, new=True, motion=True)))


@pytest.fixture
def answer() -> tuple[str, float]:
    loaded, trace = model_and_trace("fable-classic", STORY)
    shares = trace.logits[0, -1].softmax(-1)
    return loaded.tokenizer.pieces([int(shares.argmax())])[0].strip(), float(shares.max())


def phases(hero: Hero) -> list[str]:
    """All that are shown, one after the other, up to the end."""
    return hero.box.evaluate(
        """box => new Promise((done) => {
          const seen = [box.dataset.phase];
          const look = () => {
            if (seen.at(-1) != box.dataset.phase) seen.push(box.dataset.phase);
            if (seen.at(-1) == "end") done(seen);
          };
          new MutationObserver(look).observe(box, {attributes: true});
          look();
        })"""
    )


def test_the_sentence_is_split_swept_and_answered_by_the_run_itself(open_hero, answer):
    hero = open_hero()
    line = hero.box.locator(".line")
    assert line.evaluate("p => getComputedStyle(p).fontSize") == "40px"
    assert "".join(line.locator(".word").all_inner_texts()) == STORY.replace(" ", "")
    hero.guess.fill("cat")
    hero.guess.press("Enter")
    seen = phases(hero)
    assert seen == ["ask", "split", "sweep", "drop", "end"][-len(seen) :]
    assert len(seen) >= 4
    word, share = answer
    expect(hero.box.locator(".answer")).to_have_text(word)
    shown = hero.box.locator(".hero-end b").inner_text()
    assert agrees(shown, share)
    expect(hero.box.get_by_text("you: cat")).to_be_visible()


def bound(text: str) -> float:
    return float(text.split("below")[1].rstrip(" %\u00a0")) / 100


def test_of_an_unlikely_guess_it_tells_a_bound_that_holds(open_hero):
    _, trace = model_and_trace("fable-classic", STORY)
    known = trace.logits[0, -1].softmax(-1).topk(8).values
    hero = open_hero()
    hero.guess.fill("zebra")
    hero.screen.page.keyboard.press("Escape")
    text = hero.box.get_by_text("you: zebra").inner_text()
    assert float(known[-1]) <= bound(text) <= 1.1 * float(known[-1])


@pytest.mark.parametrize("way", ["Escape", "click"])
def test_it_is_skipped_and_leads_to_the_screen_and_is_not_shown_again(open_hero, way):
    hero = open_hero()
    page = hero.screen.page

    def skip() -> None:
        page.keyboard.press("Escape") if way == "Escape" else page.mouse.click(20, 20)

    expect(hero.box).to_be_visible()
    skip()
    expect(hero.box).to_have_attribute("data-phase", "end")
    skip()
    expect(hero.box).to_have_count(0)
    page.goto(hero.screen.visit.server)
    hero.screen.visit.settle()
    expect(hero.screen.title).to_be_visible()
    assert hero.box.count() == 0


def test_a_link_shows_what_it_names(open_hero):
    hero = open_hero(f"?text={STORY}")
    for path in ("?layer=2", "?tour=4", None):
        hero.screen.drawn()
        assert hero.box.count() == 0
        hero.screen.visit.open(path or "")
    expect(hero.box).to_be_visible()  # a link is no first visit


def test_its_buttons_lead_to_the_tour_and_to_ones_own_words(open_hero):
    hero = open_hero()
    hero.screen.page.keyboard.press("Escape")
    hero.own.click()
    expect(hero.box).to_have_count(0)
    expect(hero.screen.text).to_be_focused()
    another = open_hero()
    another.screen.page.keyboard.press("Escape")
    another.tour.click()
    expect(another.screen.page.get_by_role("region", name="Tour")).to_contain_text("1 of 8")


def test_with_reduced_motion_the_last_frame_is_shown_at_once(browser, warm_server, answer):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(warm_server)
    box = page.get_by_role("dialog", name="What a language model does")
    expect(box).to_have_attribute("data-phase", "end")
    expect(box.locator(".answer.filled")).to_have_text(answer[0])
    assert agrees(box.locator(".hero-end b").inner_text(), answer[1])
    context.close()


def test_keys_typed_into_the_guess_do_not_work_the_picture(open_hero):
    hero = open_hero()
    hero.guess.press_sequentially("a b")
    expect(hero.guess).to_have_value("a b")
    assert hero.screen.step() is None
    expect(hero.screen.timeline.locator(".play")).to_have_attribute("aria-label", "Play")
