"""A copied link opens the same picture: on a warm server, on one just started, on every page."""

from urllib.parse import urlencode

from playwright.sync_api import Locator, expect

from pages.n5_reference.contents.syllabus import PARTS
from tests.lessons.at_a_glance.first_screen import FirstScreen, agrees, model_and_trace

TEXT = "Tom had a red ball. Sue had a"
MORE = (270, 513)
STATE = {
    "text": TEXT,
    "model": "fable-modern",
    "more": ".".join(map(str, MORE)),
    "layer": "5",
    "head": "4",
    "token": "7",
}
STEP = {"step": "softmax"}


def link(page: str = "", **more: str) -> str:
    return f"{page}?{urlencode(STATE | more)}"


def check_first_screen(screen: FirstScreen) -> None:
    """Everything that the link names is what the picture shows."""
    loaded, trace = model_and_trace(STATE["model"], TEXT, MORE)
    ids = trace.token_ids[0].tolist()
    assert screen.words() == [piece.strip() or "␣" for piece in loaded.tokenizer.pieces(ids)]
    assert (screen.layer(), screen.head(), screen.token()) == (4, 3, 6)
    assert screen.sampled.count() == len(MORE)
    assert screen.step() == 7
    share = float(trace.blocks[4].attention.weights[0, 3, 6].max())
    assert agrees(screen.attention_share(), share)


def test_link_to_the_first_screen_is_the_picture_it_was_copied_from(visit):
    screen = FirstScreen(visit(link(**STEP)))
    check_first_screen(screen)
    assert screen.address() == STATE | STEP
    screen.choose_layer(1)
    screen.choose_head(5)
    screen.tokens.nth(3).click()
    screen.wait_for_address(layer="2", head="6", token="4")
    copied, picture = screen.page.url.split("/")[-1], screen.picture()
    assert FirstScreen(visit(copied)).picture() == picture
    screen.page.reload()
    screen.visit.settle()
    expect(screen.title).to_be_visible()
    assert screen.picture() == picture


def navigation(page) -> Locator:
    return page.get_by_role("navigation", name="Pages")


def parts_shown(page) -> list[str]:
    """The parts without a menu."""
    menus = navigation(page).locator("summary").all_inner_texts()
    return [part for part in PARTS if part not in menus]


def test_state_follows_the_reader_to_the_lesson_and_back(visit):
    screen = FirstScreen(visit(link(**STEP)))
    screen.choose_layer(2)
    screen.wait_for_address(layer="3")
    to_lesson, to_glance = (
        navigation(screen.page).get_by_role("link", name=name, exact=True)
        for name in ("Attend", "At a glance")
    )
    to_lesson.click()
    board = screen.page.locator(".board")
    expect(board.get_by_role("radio", name="layer 3")).to_be_checked()
    expect(board.get_by_role("radio", name="head 4")).to_be_checked()
    board.get_by_role("radio", name="layer 6").click()
    screen.wait_for_address(layer="6")
    assert parts_shown(screen.page) == ["Forward pass"]
    navigation(screen.page).locator("summary", has_text="Scale").click()
    navigation(screen.page).get_by_role("link", name="Cost").click()
    expect(to_lesson).to_have_count(0)  # this part's pages stand in the path, other parts in menus
    assert parts_shown(screen.page) == ["Scale"]
    to_glance.click()
    expect(screen.title).to_be_visible()
    screen.visit.settle()
    assert (screen.layer(), screen.head(), screen.token()) == (5, 3, 6)
    assert screen.text.input_value() == TEXT
    assert screen.tokens.count() == len(model_and_trace(STATE["model"], TEXT, MORE)[1].token_ids[0])


def test_deep_link_is_the_first_visit_to_a_server_just_started(visit_server, fresh_server):
    visit = visit_server(fresh_server, link("attend"))
    expect(visit.page.get_by_text("Page not found")).to_have_count(0)
    board = visit.page.locator(".board")
    expect(board.get_by_role("radio", name="layer 5")).to_be_checked()
    expect(board.get_by_role("radio", name="head 4")).to_be_checked()
    expect(navigation(visit.page).locator(".path [aria-current=page]")).to_have_text("Attend")
    assert visit.page.get_by_role("textbox", name="Your sentence").input_value() == TEXT
