"""The first screen where there is little room, and without a pointer."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import FirstScreen

# What a key press on Tab reaches, in order: role group, name, and whether its outline is visible.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    group: at.closest("[role=group], nav")?.ariaLabel ?? "",
    name: at.ariaLabel ?? at.innerText,
    outline: style.outlineStyle == "none" ? 0 : parseFloat(style.outlineWidth),
    inSight: box.right > 0 && box.left < innerWidth,
  };
}"""
ZOOMED = [(960, 540), (1024, 768), (720, 450)]  # a laptop at 150 and 200 %, a tablet


@pytest.fixture
def screen(visit) -> FirstScreen:
    return FirstScreen(visit())


def test_with_little_room_the_screen_is_stacked_and_nothing_overlaps(screen):
    for width, height in ZOOMED:
        check_stacked(screen, width, height)


def check_stacked(screen: FirstScreen, width: int, height: int) -> None:
    with screen.drawing():
        screen.page.set_viewport_size({"width": width, "height": height})
    screen.frames()
    main = screen.page.get_by_test_id("stMain")
    assert main.evaluate("m => m.scrollWidth - m.clientWidth") <= 0
    headings = [part.bounding_box() for part in screen.parts.all()]
    assert len(headings) >= 5
    for left, right in pairwise(headings):
        assert left["x"] + left["width"] <= right["x"] + 10  # of empty edge
    stacked = [screen.prediction, screen.band, screen.tokens.first, screen.notes]
    places = [part.bounding_box() for part in stacked]
    for above, below in pairwise(places):
        assert above["y"] + above["height"] <= below["y"]
    assert places[3]["width"] > 0.9 * places[0]["width"]


def test_tab_reaches_every_part_and_all_heads_are_one_stop(screen):
    screen.layers.nth(screen.layer()).focus()
    reached = [screen.page.evaluate(FOCUSED)]
    for _ in range(120):
        screen.page.keyboard.press("Tab")
        reached.append(screen.page.evaluate(FOCUSED))
        if reached[-1]["name"] == "Overview":
            break
    names, groups = [each["name"] for each in reached], [each["group"] for each in reached]
    assert (groups.count("Layer"), groups.count("Head")) == (1, 1)
    assert groups.index("Head") < groups.index("Token") < names.index("Play")
    unseen = [each["name"] for each in reached if each["outline"] < 2 or not each["inSight"]]
    assert not unseen


def test_arrows_walk_from_head_to_head_in_the_band(screen):
    screen.choose_layer(2)
    screen.choose_head(0)
    at = screen.head()
    screen.press("ArrowRight")
    beside = screen.heads.nth(2 * screen.n_heads() + at + 1)
    expect(beside).to_be_focused()
    expect(beside).to_have_attribute("aria-pressed", "true")
    assert screen.step() is None  # elsewhere the arrow is the next step
    for _ in range(screen.n_heads()):
        screen.press("ArrowRight")
    expect(screen.layers.nth(2)).to_have_attribute("aria-pressed", "false")


def test_steps_by_key_on_their_buttons(screen):
    screen.steps.nth(7).focus()
    screen.press("Enter")
    assert screen.step() == 7
    expect(screen.steps.nth(7)).to_have_attribute("aria-current", "step")
