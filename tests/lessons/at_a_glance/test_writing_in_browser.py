"""The answer in large: what is written, held and shaped at the panel of the next token."""

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import FirstScreen, floats, model_and_trace

CAT = "The cat sat down because she was tired"
SIZE = "node => parseFloat(getComputedStyle(node).fontSize)"


@pytest.fixture
def screen(visit) -> FirstScreen:
    return FirstScreen(visit(f"?text={CAT}"))


def likeliest(more: tuple[int, ...] = ()) -> str:
    loaded, trace = model_and_trace("fable-classic", CAT, more)
    return loaded.tokenizer.pieces([int(trace.logits[0, -1].argmax())])[0].strip()


def test_the_first_guess_is_large_and_the_button_says_what_it_writes(screen):
    first, second = screen.guesses.nth(0), screen.guesses.nth(1)
    assert first.locator("b").evaluate(SIZE) == first.locator("span").evaluate(SIZE) == 28
    assert second.locator("b").evaluate(SIZE) == 16
    word = likeliest()
    expect(first.locator("b")).to_have_text(word)
    expect(screen.write).to_have_text(f"Write “{word}”")
    n = screen.tokens.count()
    screen.write.click()
    expect(screen.tokens).to_have_count(n + 1)
    assert screen.words()[-1] == word
    assert screen.write.inner_text() != f"Write “{word}”"


def test_the_rest_of_the_guesses_is_folded(screen):
    assert screen.guesses.count() == 5
    screen.prediction.get_by_role("button", name="show 8").click()
    expect(screen.guesses).to_have_count(8)
    screen.prediction.get_by_role("button", name="show 5").click()
    expect(screen.guesses).to_have_count(5)


def test_the_settings_are_folded_and_told(screen):
    told = screen.prediction.locator("summary")
    expect(told).to_have_text("temperature 1.00 · top-p off · change")
    assert screen.root.get_by_role("slider").count() == 0
    temperature, top_p = screen.sliders()
    temperature.fill("1.5")
    top_p.fill("0.4")
    screen.frames()
    assert floats(told.inner_text())[:2] == [1.5, 0.4]


@pytest.mark.parametrize("key", [None, "Enter", "Space"])
def test_held_the_button_goes_on_writing_and_stops_when_let_go(screen, key):
    n = screen.tokens.count()
    screen.write.focus()
    if key:
        screen.page.keyboard.down(key)
    else:
        screen.write.hover()
        screen.page.mouse.down()
    expect(screen.tokens.nth(n + 2)).to_be_visible()
    screen.page.keyboard.up(key) if key else screen.page.mouse.up()
    expect(screen.write).to_be_enabled()  # one may have been on its way
    written = screen.tokens.count()
    screen.page.wait_for_timeout(1500)
    assert screen.tokens.count() == written
    expect(screen.write).to_be_focused()
    screen.page.wait_for_function(
        "n => new URL(location).searchParams.get('more')?.split('.').length == n",
        arg=written - n,
    )
    more = tuple(map(int, screen.address()["more"].split(".")))
    for k in range(len(more)):
        _, trace = model_and_trace("fable-classic", CAT, more[:k])
        assert int(trace.logits[0, -1].argmax()) == more[k]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_written_word_flies_to_its_row_unless_no_motion_is_wanted(screen, motion):
    screen.page.emulate_media(reduced_motion=motion)
    n = screen.tokens.count()
    flights = screen.root.evaluate_handle(
        """root => {
          const seen = [];
          const look = (changes) => changes.forEach(({addedNodes}) => addedNodes.forEach((node) => {
            if (node.className == "flight") seen.push(node.textContent);
          }));
          new MutationObserver(look).observe(root, {childList: true});
          return seen;
        }"""
    )
    word = screen.guesses.first.locator("b").inner_text()
    screen.write.click()
    expect(screen.tokens).to_have_count(n + 1)
    expect(screen.sample).to_be_enabled()
    screen.sample.click()
    expect(screen.tokens).to_have_count(n + 2)
    flown = [word, screen.words()[-1]] if motion == "no-preference" else []
    assert flights.evaluate("seen => seen") == flown
    expect(screen.root.locator(".flight")).to_have_count(0)


def test_at_an_earlier_row_the_text_goes_on_and_the_focus_comes_back(screen):
    screen.write.focus()
    screen.tokens.nth(2).hover()
    screen.frames()
    expect(screen.prediction.locator(".goes-on")).to_contain_text(f"“{screen.words()[3]}”")
    expect(screen.write).to_be_hidden()
    screen.page.mouse.move(5, 5)
    screen.frames()
    expect(screen.write).to_be_visible()
    expect(screen.write).to_be_focused()


def test_on_a_phone_the_answer_stands_directly_below_the_sentence(visit):
    screen = FirstScreen(visit(f"?text={CAT}", size="phone"))
    answer = screen.prediction.bounding_box()
    sentence = screen.text.bounding_box()
    title = screen.root.get_by_role("heading", level=2).bounding_box()
    assert sentence["y"] < answer["y"] < title["y"]
