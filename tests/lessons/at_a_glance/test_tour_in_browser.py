"""The tour: eight stops, each done by one act of the reader's."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visit import SIZES
from tests.lessons.at_a_glance.first_screen import FirstScreen, agrees, model_and_trace

CAT = "The cat sat down because she was tired"
BALLS = "Tom had a red ball. Sue had a blue ball. Tom liked his"
STOPS = 8
EDGES = """node => {
  const {left, top, right, bottom} = node.getBoundingClientRect();
  return [left, top, right, bottom];
}"""


class Tour:
    """The card of the tour, and the acts that it asks for."""

    def __init__(self, screen: FirstScreen) -> None:
        self.screen = screen
        self.card = screen.page.get_by_role("region", name="Tour")
        self.text = self.card.get_by_role("paragraph")
        self.next = self.card.get_by_role("button", name="Next")

    def button(self, name: str):
        return self.card.get_by_role("button", name=name, exact=True)

    def at(self, stop: int) -> None:
        expect(self.card.get_by_text(f"{stop} of {STOPS}")).to_be_visible()
        self.screen.wait_for_address(tour=str(stop))

    def click_last_token(self) -> None:
        self.screen.tokens.last.click()

    def point_at_largest_dot(self) -> None:
        screen = self.screen
        word, _ = read_most(screen)
        screen.hover_dot(screen.token(), word)

    def choose_head(self) -> None:
        self.screen.heads.nth(0).click()

    def predict(self) -> None:
        self.card.get_by_role("group", name="Your prediction").get_by_role("button").first.click()

    def play(self) -> None:
        self.screen.timeline.get_by_role("button", name="Play").click()

    def walk(self) -> None:
        layers = self.screen.layers.count()
        for _ in range(layers):
            self.screen.press("ArrowDown")
            if self.button("Next").count():
                return

    def heat(self) -> None:
        self.screen.sliders()[0].fill("2")

    def type(self) -> None:
        self.screen.text.fill(BALLS)
        self.screen.text.press("Enter")


ACTS = [
    Tour.click_last_token,
    Tour.point_at_largest_dot,
    Tour.choose_head,
    Tour.predict,
    Tour.play,
    Tour.walk,
    Tour.heat,
    Tour.type,
]


def read_most(screen: FirstScreen) -> tuple[str, float]:
    """By the last token, in the head looked at: the word, and its share."""
    _, trace = model_and_trace("fable-classic", CAT)
    row = trace.blocks[screen.layer()].attention.weights[0, screen.head(), -1]
    best = screen.set_aside() + int(row[screen.set_aside() :].argmax())
    return screen.words()[best], float(row[best])


@pytest.fixture
def open_tour(visit):
    def opened(path: str = f"?text={CAT}", **settings) -> Tour:
        tour = Tour(FirstScreen(visit(path, **settings)))
        if "tour=" not in path:
            tour.screen.root.get_by_role("button", name="Take the tour").click()
            tour.at(1)
        return tour

    return opened


def test_each_stop_is_done_by_its_act_and_the_address_follows(open_tour):
    tour = open_tour()
    said = []
    for stop, act in enumerate(ACTS, 1):
        tour.at(stop)
        asked = tour.text.inner_text()
        assert tour.next.count() == 0
        act(tour)
        done = tour.button("Finish" if stop == STOPS else "Next")
        expect(done).to_be_visible(timeout=40_000)
        said += [asked, tour.text.inner_text()]
        done.click()
    assert len(set(said)) == 2 * STOPS
    assert all(len(each.split()) <= 25 for each in said), said
    expect(tour.card).to_have_count(0)
    tour.screen.wait_for_address(tour="")


def test_what_is_told_is_the_runs_own(open_tour):
    tour = open_tour()
    screen = tour.screen
    loaded, trace = model_and_trace("fable-classic", CAT)
    shares = trace.logits[0, -1].softmax(-1)
    word = loaded.tokenizer.pieces([int(shares.argmax())])[0].strip()
    tour.click_last_token()
    expect(tour.text).to_contain_text(f"“{word}”")
    assert agrees(tour.text.inner_text().split("with")[1].rstrip("."), float(shares.max()))
    tour.next.click()
    tour.at(2)
    tour.point_at_largest_dot()
    expect(tour.next).to_be_visible()
    word, exact = read_most(screen)
    assert f"“{word}”" in tour.text.inner_text()
    share = re.search(r"[\d.]+\s%", tour.text.inner_text())
    assert agrees(share.group(), exact)


def test_a_link_opens_its_stop_and_back_skip_and_escape_lead_away(open_tour):
    tour = open_tour(f"?text={CAT}&tour=4")
    tour.at(4)
    assert tour.card.get_by_role("group", name="Your prediction").get_by_role("button").count() >= 4
    tour.button("Back").click()
    tour.at(3)
    tour.button("Skip").click()
    tour.at(4)
    tour.button("Skip").click()
    tour.at(5)
    tour.screen.page.keyboard.press("Escape")
    expect(tour.card).to_have_count(0)
    tour.screen.wait_for_address(tour="")
    assert "tour" not in tour.screen.address()


def test_a_stop_that_there_is_not_opens_none(visit):
    opened = visit("glossary")
    for stop in ("0", "9", "<b>", "2.5"):
        opened.open(f"?text={CAT}&tour={stop}")
        tour = Tour(FirstScreen(opened))
        tour.screen.frames()
        assert tour.card.count() == 0, stop


@pytest.mark.parametrize("size", [SIZES["phone"], (1280, 720), SIZES["projector"]])
def test_the_card_is_in_the_window_and_leaves_its_subject_free(open_tour, size):
    tour = open_tour(size="phone" if size == SIZES["phone"] else "desktop")
    screen = tour.screen
    width, height = size
    screen.page.set_viewport_size({"width": width, "height": height})
    assert tour.text.evaluate("p => getComputedStyle(p).fontSize") == "18px"
    for stop in range(1, STOPS + 1):
        tour.at(stop)
        screen.page.wait_for_timeout(400)  # it glides to its place
        left, top, right, bottom = tour.card.evaluate(EDGES)
        assert left >= 0
        assert top >= 0
        assert right <= width
        assert bottom <= height
        if width > 760:
            assert right - left == 340
        x, y, x1, y1 = screen.root.locator(".ring").evaluate(EDGES)
        assert right <= x or x1 <= left or bottom <= y or y1 <= top
        tour.button("Skip").click()
    expect(tour.card).to_have_count(0)
