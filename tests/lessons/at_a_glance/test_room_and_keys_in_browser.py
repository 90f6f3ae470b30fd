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


@pytest.mark.parametrize(("width", "height"), ZOOMED)
def test_with_little_room_the_screen_is_stacked_and_nothing_overlaps(screen, width, height):
    with screen.drawing():
        screen.page.set_viewport_size({"width": width, "height": height})
    screen.frames()
    main = screen.page.get_by_test_id("stMain")
    assert main.evaluate("m => m.scrollWidth - m.clientWidth") <= 0
    headings = [part.bounding_box() for part in screen.parts.all()]
    assert len(headings) == 5  # the prediction stands below the rows
    for left, right in pairwise(headings):
        assert left["x"] + left["width"] <= right["x"] + 10  # of empty edge
    layers = [layer.bounding_box() for layer in screen.layers.all()]
    first = screen.tokens.first.bounding_box()
    assert max(box["y"] + box["height"] for box in layers) <= first["y"]
    figure = screen.heads.first.bounding_box()
    prediction, notes = screen.prediction.bounding_box(), screen.notes.bounding_box()
    assert prediction["y"] < figure["y"] < notes["y"]
    assert notes["width"] > 0.9 * prediction["width"]


def test_tab_reaches_sampling_and_play_before_the_maps_and_shows_where_it_is(screen):
    screen.parts.first.focus()
    reached = [screen.page.evaluate(FOCUSED)]
    for _ in range(200):
        screen.page.keyboard.press("Tab")
        reached.append(screen.page.evaluate(FOCUSED))
        if reached[-1]["group"] == "What a designer may change":
            break
    names, groups = [each["name"] for each in reached], [each["group"] for each in reached]
    maps = groups.index("All attention maps")
    assert groups.count("All attention maps") == 36
    for name in ("Surprise me", "Play", "Step on (right arrow)", "overview"):
        assert names.index(name) < maps
    unseen = [each["name"] for each in reached if each["outline"] < 2 or not each["inSight"]]
    assert not unseen


def test_steps_by_key_on_their_buttons(screen):
    screen.steps.nth(7).focus()
    screen.press("Enter")
    assert screen.step() == 7
    expect(screen.steps.nth(7)).to_have_attribute("aria-current", "step")
