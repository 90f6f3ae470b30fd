"""The first screen: every picture is the reader's own run, and answers without the server."""

import math
import re
from collections.abc import Callable
from contextlib import nullcontext
from itertools import pairwise
from time import monotonic

import pytest
import torch
from playwright.sync_api import Locator, expect

from tests.browser.visit import SIZES, eventually
from tests.lessons.at_a_glance.first_screen import (
    STEPS,
    FirstScreen,
    agrees,
    chosen,
    floats,
    model_and_trace,
    pixels,
)
from transformer_core.generation import Sampling, filter_steps
from transformer_core.lens.logit_lens import logit_lens
from ui.examples import STORY

BALLS = "Tom had a red ball. Sue had a blue ball. Tom liked his"
CAT = "The cat sat down because she was tired"
LENS_CAME = """() => performance.getEntriesByType("resource").some(
  (each) => each.name.includes("/passes/lens?") && each.responseEnd > 0)"""


@pytest.fixture
def open_screen(visit) -> Callable[..., FirstScreen]:
    return lambda path="", **settings: FirstScreen(visit(path, **settings))


def check_prediction(screen: FirstScreen, loaded, trace) -> None:
    """The guesses after the last token, with their probabilities."""
    shares = trace.logits[0, -1].softmax(-1)
    best = shares.topk(screen.guesses.count())
    for shown, token_id, share in zip(
        screen.guesses.all(), best.indices.tolist(), best.values.tolist(), strict=True
    ):
        assert (
            shown.locator("b").inner_text().strip()
            == loaded.tokenizer.pieces([token_id])[0].strip()
        )
        assert agrees(shown.locator("span").inner_text(), share)


def check_attention(screen: FirstScreen, trace) -> None:
    """The share that is read out for the token, layer and head looked at."""
    block = trace.blocks[screen.layer()]
    row = block.attention.weights[0, screen.head(), screen.token()]
    assert agrees(screen.attention_share(), float(row[screen.set_aside() :].max()))


def overflow(screen: FirstScreen) -> int:
    """Pixels by which the page is higher than the window."""
    main = screen.page.get_by_test_id("stMain")
    return int(main.evaluate("m => m.scrollHeight - m.clientHeight"))


def test_new_sentence_and_model_change_every_picture_to_their_own_run(open_screen):
    screen = open_screen()
    seen = [screen.everything()]
    screen.read(BALLS)
    loaded, trace = model_and_trace("fable-classic", BALLS)
    assert screen.words() == [
        piece.strip() for piece in loaded.tokenizer.pieces(trace.token_ids[0].tolist())
    ]
    check_prediction(screen, loaded, trace)
    check_attention(screen, trace)
    seen.append(screen.everything())
    screen.choose_model("fable-modern")
    loaded, trace = model_and_trace("fable-modern", BALLS)
    check_prediction(screen, loaded, trace)
    check_attention(screen, trace)
    seen.append(screen.everything())
    for before, after in pairwise(seen):
        unchanged = [name for name in before if before[name] == after[name]]
        assert not unchanged


def test_a_new_sentence_runs_the_app_only_where_the_frame_has_to_change(open_screen):
    screen = open_screen(f"?text={CAT}")
    frame = screen.page.locator(".st-key-frame")
    screen.count_messages()
    screen.read(BALLS)
    screen.wait_for_address(text=BALLS)
    assert screen.messages() == 0
    with screen.another_pass():
        screen.text.fill("   ")
        screen.text.press("Enter")
    expect(frame.get_by_text("There is nothing to read yet")).to_be_visible()
    screen.frames()
    assert overflow(screen) <= 0
    assert screen.words()[-1] == STORY.split()[-1]
    screen.read(CAT)
    expect(frame.get_by_text("There is nothing to read yet")).to_have_count(0)
    screen.guesses.first.click()
    sampled = frame.get_by_role("button", name="+ 1 sampled")
    expect(sampled).to_be_visible()
    screen.read(BALLS)
    expect(sampled).to_have_count(0)
    screen.wait_for_address(text=BALLS, more="", token="")
    expect(screen.sampled).to_have_count(0)


def test_an_example_replaces_what_was_typed_and_typing_replaces_an_example(open_screen):
    screen = open_screen(f"?text={CAT}")
    for _ in range(2):
        screen.page.get_by_role("button", name="Examples").click()
        screen.page.get_by_role("button", name=STORY).click()
        expect(screen.tokens.last).to_have_text(STORY.split()[-1])
        screen.page.keyboard.press("Escape")
        screen.read(CAT)
        expect(screen.tokens.last).to_have_text(CAT.split()[-1])


def test_of_two_sentences_the_later_one_is_shown_whichever_answer_comes_first(open_screen):
    screen = open_screen()
    held = []
    screen.page.route(re.compile(r"/passes\?.*The\+cat"), lambda route: held.append(route))
    screen.text.fill(CAT)
    screen.text.press("Enter")
    screen.read(BALLS)
    assert len(held) == 1
    with screen.page.expect_request_finished(lambda request: "The+cat" in request.url):
        held[0].continue_()
    screen.frames()
    assert screen.words()[-1] == BALLS.split()[-1]


def lose(route) -> None:
    route.abort()


def cut_short(route) -> None:
    body = route.fetch().body()
    route.fulfill(body=body[: len(body) // 2])


def answer_by_a_page(route) -> None:
    route.fulfill(body="<!doctype html><title>Sign in</title>", content_type="text/html")


def test_an_answer_that_does_not_come_whole_is_named_and_the_picture_stays(open_screen):
    screen = open_screen(f"?text={CAT}")
    lost = screen.root.get_by_role("alert")
    for answer, step in ((lose, 3), (cut_short, 5), (answer_by_a_page, 2)):
        before = screen.everything()
        screen.page.route("**/passes?*", answer)
        screen.text.fill(BALLS)
        screen.text.press("Enter")
        expect(lost).to_contain_text("has not sent the picture")
        assert screen.everything() == before
        screen.steps.nth(step).press("Enter")
        screen.frames()
        assert screen.step() == step  # it still answers
        screen.page.unroute("**/passes?*")
        sentence = f"{STORY} {answer.__name__}"
        screen.read(sentence)
        expect(lost).to_be_hidden()
        assert screen.words()[-1] == sentence[-len(screen.words()[-1]) :]
    screen.visit.console_errors.clear()  # the browser's own word on the request that was cut


def test_an_earlier_word_changes_the_pictures_of_all_that_follows(open_screen):
    screen = open_screen(f"?text={CAT}")
    before = screen.everything()
    screen.read(CAT.replace("cat", "dog"))
    after = screen.everything()
    assert all(before[name] != after[name] for name in ("picture", "maps", "summary"))


def test_steps_play_layers_heads_and_pointer_ask_nothing_of_the_server(open_screen):
    screen = open_screen("?layer=3&head=2", motion=True)
    screen.count_messages()
    screen.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert screen.step() == 1
    for key, layer in (("ArrowDown", 3), ("ArrowUp", 2), ("ArrowUp", 1)):
        screen.press(key)
        expect(screen.layers.nth(layer)).to_have_attribute("aria-pressed", "true")

    picture = screen.picture()
    screen.choose_layer(5)
    screen.choose_head(4)
    screen.tokens.nth(7).click()
    screen.frames()
    assert (screen.layer(), screen.head(), screen.token()) == (5, 4, 7)
    assert screen.picture() != picture

    screen.point_at_step(2)
    screen.page.mouse.down()
    for step in (5, 9, 7):
        screen.point_at_step(step)
        screen.frames()
        assert screen.step() == step
    assert 0.2 < screen.step_filled() < 0.8
    screen.page.mouse.up()
    screen.point_at_step(12)
    assert screen.step() == 7

    hovered = set()
    box = screen.canvas.bounding_box()
    for share in (0.02, 0.3, 0.5, 0.8):
        screen.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
        hovered.add(screen.picture())
    assert len(hovered) >= 3
    screen.wait_for_address(layer="6", head="5", token="8", step="softmax")
    speed = screen.speed
    names = [speed.inner_text()]
    for _ in range(4):
        speed.click()
        names.append(speed.inner_text())
    assert names[0] == names[4]
    assert len(set(names)) == 4
    speed.click()
    speed.click()
    assert floats(speed.inner_text()) == [4]
    screen.press(" ")
    expect(screen.timeline.get_by_role("button", name="Pause")).to_be_visible()
    screen.wait_for_step(9)
    screen.press(" ")
    expect(screen.timeline.get_by_role("button", name="Play")).to_be_visible()
    assert (screen.layer(), screen.head()) == (5, 4)
    paused = screen.step(), screen.picture()
    screen.page.wait_for_timeout(900)
    assert (screen.step(), screen.picture()) == paused
    assert floats(speed.inner_text()) == [4]
    assert screen.messages() == screen.passes() == 0
    screen.read(CAT)
    assert (screen.messages(), screen.passes()) == (0, 1)


def test_with_a_small_model_choosing_every_token_asks_nothing(open_screen):
    screen = open_screen("")
    assert eventually(lambda: screen.page.evaluate(LENS_CAME))
    asked = []
    screen.page.on("request", lambda request: asked.append(request.url))
    screen.count_messages()
    for i in range(screen.tokens.count()):
        screen.tokens.nth(i).click()
        screen.frames()
        assert screen.token() == i
        for guess in screen.band.locator(".guess").all():
            expect(guess).not_to_be_empty()
    assert screen.messages() == 0
    assert not asked


def test_play_begins_in_layer_1_gives_nothing_away_and_ends_where_the_reader_was(open_screen):
    screen = open_screen("?layer=3&head=2", motion=True)
    words = screen.guesses.all_inner_texts()
    for _ in range(2):
        screen.speed.click()
    seen = screen.watch_play()
    assert [each["step"] for each in seen] == list(range(STEPS))
    for each in seen[2:12]:
        assert each["place"].startswith("Layer 1 ")
    for each in seen[:12]:
        assert (each["guessing"], each["layers"]) == (False, 0), each
    assert (seen[14]["guessing"], seen[13]["layers"]) == (True, 6)
    assert (screen.layer(), screen.head()) == (2, 1)
    assert "Layer 3, head 2" in screen.summary()
    assert screen.guesses.all_inner_texts() == words
    screen.wait_for_address(layer="3", head="2", step="sample")


def test_the_first_dot_product_is_acted_out_and_later_ones_are_quick(open_screen):
    screen = open_screen("?step=qkv", motion=True)
    took, acted = [], []
    for _ in range(2):
        screen.press("ArrowRight")
        begun, drawn = monotonic(), set()
        while screen.step_filled() < 1:
            drawn.add(pixels(screen.close_up)[0])
        took.append(monotonic() - begun)
        acted.append(len(drawn))
        screen.press("ArrowLeft")
    assert 3.5 < took[0] < 6
    assert took[1] < 3
    assert acted[0] > 1
    assert acted[1] <= 1  # empty: no close-up


def test_with_reduced_motion_each_step_shows_its_end_cost_and_levers_at_once(open_screen):
    screen = open_screen(f"?text={CAT}")
    pictures, titles = [], []
    for step in range(STEPS):
        screen.press("ArrowRight")
        assert screen.step() == step
        assert screen.step_filled() == 1
        pictures.append(screen.picture())
        titles.append(screen.title.inner_text())
        assert screen.notes.get_by_title(re.compile("^(Training|Decoding): ")).count() == 2
        screen.levers.first.click()
        expect(screen.levers.first).to_have_attribute("aria-expanded", "true")
        expect(screen.group("What a designer may change").get_by_role("paragraph")).to_be_visible()
    expect(screen.notes.get_by_text("In short:")).to_be_visible()
    assert screen.picture() == pictures[-1]
    assert len(set(titles)) == STEPS
    assert len(set(pictures)) >= 11
    screen.press("ArrowRight")
    assert screen.step() is None


def rounding(q: torch.Tensor, k: torch.Tensor) -> float:
    """How far q·k can be off when both travel as 16-bit floats."""
    return 2**-10 * float(q.norm() * k.norm(dim=-1).max())


def check_dots(screen: FirstScreen, model: str) -> None:
    """What the tips of layer 2, head 3 say of three dots in the seventh row."""
    loaded, trace = model_and_trace(model, CAT)
    config, attention = loaded.config, trace.blocks[1].attention
    words, query, x = screen.words(), 6, 0.0
    kv_head = 2 // (config.n_heads // config.n_kv_heads)
    for key in (0, 2, 5):
        x = screen.hover_dot(query, words[key], x)
        raw, scaled, softmax, passed = screen.tip.locator("code").all_inner_texts()[:4]
        q, k = attention.q[0, 2, query], attention.k[0, kv_head, key]
        dot, slack = float(q @ k), rounding(q, k)
        exact = float(attention.weights[0, 2, query, key])
        assert agrees(raw.split("=")[-1], dot, slack)
        assert agrees(scaled.split("=")[-1], dot / math.sqrt(config.d_head), slack)
        power, total, share = floats(softmax)[-3:]
        assert share == pytest.approx(power / total, abs=0.001)
        assert agrees(re.split("[=≈]", softmax)[-1], exact)
        assert agrees(passed, exact)


def test_hovered_dot_tells_the_arithmetic_of_its_share(open_screen):
    screen = open_screen(f"?text={CAT}&model=fable-modern&layer=2&head=3")
    check_dots(screen, "fable-modern")
    screen = open_screen(f"?text={CAT}&model=fable-classic&layer=2&head=3")
    check_dots(screen, "fable-classic")


def test_each_part_opens_with_the_runs_own_numbers_and_follows(open_screen):
    screen = open_screen(f"?text={CAT}&layer=3&head=2&token=5")
    loaded, trace = model_and_trace("fable-classic", CAT)
    assert screen.parts.count() == 6
    cards = {}
    for part in screen.parts.all():
        part.click()
        expect(screen.card).to_be_visible()
        unfold = screen.card.get_by_text("All numbers")
        if unfold.count() and not screen.card.locator("table").first.is_visible():
            unfold.click()
        title = screen.card.get_by_role("heading").inner_text()
        assert screen.card.get_attribute("aria-label") == title
        tables = [
            [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
            for table in screen.card.locator("table").all()
        ]
        lines = {
            line.locator("span").first.inner_text(): line.locator("span").last.inner_text()
            for line in screen.card.locator(".line").all()
        }
        cards[part.get_attribute("data-column")] = title, tables, lines
        assert screen.card.locator(".shapes").count() >= 1
        screen.press("Escape")
        expect(screen.card).to_be_hidden()
        expect(part).to_be_focused()
    assert len({title for title, _, _ in cards.values()}) == 6

    ids, i, block = trace.token_ids[0].tolist(), 4, trace.blocks[2]
    assert [int(row[2]) for row in cards["tokens"][1][0]] == ids
    assert cards["tokens"][1][0][0][3] == loaded.tokenizer.token_bytes(ids[0]).hex(" ")

    start, place = trace.token_embedded[0, i], (trace.embedded - trace.token_embedded)[0, i]
    sizes = [float(x.norm()) for x in (start, place, trace.embedded[0, i])]
    for shown, size in zip(cards["embed"][2].values(), sizes, strict=True):
        assert agrees(shown, size, 0.01)

    attention = block.attention
    for name, vector in (("query", attention.q), ("key", attention.k), ("value", attention.v)):
        assert agrees(cards["qkv"][2][name], float(vector[0, 1, i].norm()))

    scores = attention.scores[0, 1, i, : i + 1]
    rows = cards["attention"][1][0]
    assert len(rows) == i + 1
    for j, (_, dot, score, power, share) in enumerate(rows):
        slack = rounding(attention.q[0, 1, i], attention.k[0, 1, : i + 1])
        assert agrees(dot, float(scores[j]) * math.sqrt(loaded.config.d_head), slack)
        assert agrees(score, float(scores[j]), slack)
        assert agrees(power, math.exp(scores[j] - scores.max()), slack)
        assert agrees(share, float(attention.weights[0, 1, i, j]))
    sums = attention.mixed_values[0, 1, i], attention.output[0, i], block.resid_mid[0, i]
    for shown, vector in zip(list(cards["attention"][2].values())[-3:], sums, strict=True):
        assert agrees(shown, float(vector.norm()))

    hidden = block.feed_forward.hidden[0, i]
    for (name, value), k in zip(
        cards["mlp"][1][0], hidden.abs().topk(4).indices.tolist(), strict=True
    ):
        assert floats(name) == [k + 1]
        assert agrees(value, float(hidden[k]))

    logits, (guesses, lens) = trace.logits[0, i], cards["predict"][1]
    for (_, token_id, logit, share), best in zip(
        guesses, logits.topk(len(guesses)).indices.tolist(), strict=True
    ):
        assert int(token_id) == best
        assert agrees(logit, float(logits[best]))
        assert agrees(share, float(logits.softmax(-1)[best]))
    with torch.inference_mode():
        exact = logit_lens(loaded.model, trace)
    for layer, (_, word, share) in enumerate(lens):
        assert word.strip() == loaded.tokenizer.pieces([int(exact.token_ids[layer, i])])[0].strip()
        assert agrees(share, float(exact.probabilities[layer, i]))

    screen.parts.nth(3).click()
    titles = [screen.card.get_by_role("heading").inner_text()]
    numbers = [screen.card.inner_text()]
    for act in (
        lambda: screen.choose_layer(0),
        lambda: screen.tokens.nth(3).click(),
        lambda: screen.choose_head(4),
    ):
        act()
        screen.frames()
        titles.append(screen.card.get_by_role("heading").inner_text())
        numbers.append(screen.card.inner_text())
    assert len(set(titles)) == len(set(numbers)) == 4
    screen.card.get_by_role("button", name="Close").click()
    expect(screen.card).to_be_hidden()


def test_another_heading_opens_its_part_at_once(open_screen):
    screen = open_screen(f"?text={CAT}")
    titles = []
    for part in screen.parts.all():
        part.click()
        expect(screen.card).to_be_visible()
        titles.append(screen.card.get_by_role("heading").inner_text())
    assert len(set(titles)) == 6
    screen.press("Escape")
    expect(screen.card).to_be_hidden()
    expect(screen.parts.last).to_be_focused()


def test_choice_is_shaped_in_the_browser_and_sampling_appends_tokens_and_computes_only_their_rows(
    open_screen,
):
    screen = open_screen(f"?text={CAT}", motion=True)
    screen.count_messages()
    temperature, top_p = screen.sliders()
    likeliest = screen.guesses.first.inner_text()
    temperature.fill("2")
    screen.frames()
    assert screen.guesses.first.inner_text() != likeliest
    top_p.fill("0.05")
    screen.frames()
    assert screen.guesses.filter(has_text="cut").count() >= 1
    temperature.fill("0")
    screen.frames()
    assert floats(screen.guesses.first.locator("span").inner_text())[-1] == 100
    assert floats(screen.guesses.nth(1).locator("span").inner_text())[-1] == 0
    assert screen.messages() == 0
    temperature.fill("1")
    top_p.fill("1")
    n = screen.tokens.count()
    word = screen.guesses.nth(1).locator("b").inner_text()
    screen.guesses.nth(1).click()
    expect(screen.tokens).to_have_count(n + 1)
    expect(screen.notes.get_by_role("emphasis").first).to_have_text("1")
    assert word in screen.title.inner_text()
    assert screen.words()[-1] == word
    for k in range(2, 5):
        expect(screen.sample).to_be_enabled()
        screen.sample.click()
        expect(screen.tokens).to_have_count(n + k)
    expect(screen.sampled).to_have_count(4)
    screen.page.wait_for_function(
        "new URL(location).searchParams.get('more')?.split('.').length == 4"
    )
    more = tuple(map(int, screen.address()["more"].split(".")))
    assert len(more) == 4
    loaded, trace = model_and_trace("fable-classic", CAT, more)
    screen.press("ArrowRight", "ArrowLeft")
    check_prediction(screen, loaded, trace)
    check_attention(screen, trace)
    screen.page.get_by_role("button", name="+ 4 sampled").click()
    expect(screen.tokens).to_have_count(n)
    screen.wait_for_address(more="")
    assert "more" not in screen.address()
    expect(screen.sampled).to_have_count(0)


def test_the_odds_shown_are_those_of_the_draw(open_screen):
    screen = open_screen(f"?text={CAT}")
    _, trace = model_and_trace("fable-classic", CAT)
    for temperature, top_p in ((1.0, 0.7), (2.0, 0.4), (0.5, 1.0)):
        for slider, value in zip(screen.sliders(), (temperature, top_p), strict=True):
            slider.fill(str(value))
        screen.frames()
        check_odds(screen, trace.logits[0, -1], temperature, top_p)


def check_odds(screen: FirstScreen, logits: torch.Tensor, temperature: float, top_p: float) -> None:
    """Of each guess, as the model gives it and as it is drawn."""
    drawn = filter_steps(logits, Sampling(temperature=temperature, top_p=top_p))[-1]
    best = logits.softmax(-1).topk(screen.guesses.count())
    for guess, token_id, share in zip(
        screen.guesses.all(), best.indices.tolist(), best.values.tolist(), strict=True
    ):
        before, after = guess.locator("span").inner_text().split("→")
        assert agrees(before, share)
        if drawn.kept[token_id]:
            assert agrees(after, float(drawn.probabilities[token_id]))
        else:
            assert after.strip() == "cut"
    assert f"{best.values[0]:.0%}".replace("%", "\u00a0%") in screen.title.inner_text()


def test_temperature_and_top_p_are_in_the_address_and_come_back_from_it(open_screen):
    screen = open_screen(f"?text={CAT}")
    screen.count_messages()
    temperature, top_p = screen.sliders()
    temperature.fill("1.6")
    top_p.fill("0.5")
    screen.wait_for_address(temperature="1.6", top_p="0.5")
    assert screen.messages() == 0
    shown = screen.guesses.all_inner_texts()
    copied = open_screen(screen.page.url.split("/")[-1])
    assert copied.guesses.all_inner_texts() == shown
    assert [each.input_value() for each in copied.sliders()] == [
        "1.6",
        "0.5",
    ]
    temperature.fill("1")
    top_p.fill("1")
    screen.wait_for_address(temperature="", top_p="")


def test_odd_settings_in_the_address_are_set_right(open_screen):
    screen = open_screen("?temperature=99&top_p=-1")
    assert [each.input_value() for each in screen.sliders()] == ["2", "0.05"]
    screen.visit.open("?temperature=<b>&top_p=nan")
    screen = FirstScreen(screen.visit)
    assert [each.input_value() for each in screen.sliders()] == ["1", "1"]


def test_while_a_new_row_is_drawn_the_prediction_is_in_full_colour_and_works(open_screen):
    screen = open_screen(f"?text={CAT}", motion=True)
    n = screen.tokens.count()
    screen.sample.click()
    for drawn in (1, 2):
        expect(screen.tokens).to_have_count(n + drawn)
        expect(screen.title).to_contain_text("was computed")
        opacity = screen.prediction.evaluate(
            "box => box.getAnimations().length ? '' : getComputedStyle(box).opacity"
        )
        assert opacity == "1"
        expect(screen.sample).to_be_focused()
        screen.press("Enter")


@pytest.mark.parametrize("repeats", [2, 6])
def test_every_label_of_a_long_text_stands_whole_in_its_row(open_screen, repeats):
    screen = open_screen(f"?text={' '.join([BALLS] * repeats)}")
    assert screen.all_tokens.count() == 15 * repeats
    boxes = screen.tokens.evaluate_all(
        "all => all.filter(b => !b.hidden).map(b => { const range = document.createRange();"
        " range.selectNodeContents(b); const text = range.getBoundingClientRect(),"
        " box = b.getBoundingClientRect(); return [box.top, box.bottom,"
        " (text.top + text.bottom) / 2] })"
    )
    for (_, bottom, _), (top, _, _) in pairwise(boxes):
        assert bottom <= top
    for top, bottom, middle in boxes:
        assert middle == pytest.approx((top + bottom) / 2, abs=1.5)


def test_chapters_lead_to_their_first_step_escape_and_the_first_stop_to_the_overview(open_screen):
    screen = open_screen("?step=mask")
    assert screen.step() == 6
    screen.parts.nth(3).click()
    assert screen.step() == 6
    screen.press("Escape")
    expect(screen.card).to_be_hidden()
    screen.press("Escape")
    assert screen.step() is None
    screen.press("ArrowRight", "ArrowRight")
    assert screen.step() == 1
    screen.timeline.get_by_role("button", name="overview").click()
    screen.frames()
    assert screen.step() is None
    screen.timeline.get_by_text("Compare", exact=True).click()
    assert screen.step() == 4
    screen.timeline.get_by_text("Predict", exact=True).click()
    assert screen.step() == 13


def test_another_pass_ends_what_is_said_of_the_sampled_token(open_screen):
    screen = open_screen(motion=True)
    for change in (
        lambda: screen.read("Tom saw it"),
        lambda: screen.choose_model("fable-modern"),
    ):
        expect(screen.sample).to_be_enabled()
        screen.sample.click()
        expect(screen.title).to_contain_text("was computed")
        change()
        assert "was computed" not in screen.title.inner_text()


def test_space_plays_after_a_choice_by_pointer_and_presses_a_button_in_focus(open_screen):
    screen = open_screen(motion=True)
    screen.choose_layer(1)
    screen.press("Space")
    expect(screen.timeline.get_by_role("button", name="Pause")).to_be_visible()
    screen.press("Space")
    screen.layers.nth(3).focus()
    screen.press("Space")
    expect(screen.layers.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(screen.timeline.get_by_role("button", name="Play")).to_be_visible()


def test_full_context_ends_the_sampling(open_screen):
    screen = open_screen(f"?text={'a b ' * 127}a")
    assert screen.all_tokens.count() == 255
    expect(screen.write).to_be_enabled()
    screen.write.click()
    expect(screen.all_tokens).to_have_count(256, timeout=30_000)
    expect(screen.write).to_have_text("Context is full")
    expect(screen.write).to_be_disabled()
    expect(screen.sample).to_be_disabled()
    screen.count_messages()
    screen.guesses.first.click()
    screen.sample.click(force=True)
    screen.frames()
    assert screen.messages() == 0
    assert screen.all_tokens.count() == 256


def test_fits_the_screen_and_follows_its_size(open_screen):
    screen = open_screen(f"?text={STORY}")
    main = screen.page.get_by_test_id("stMain")
    for size, (width, height) in SIZES.items():
        with screen.drawing() if size != "desktop" else nullcontext():
            screen.page.set_viewport_size({"width": width, "height": height})
        screen.frames()
        if size != "phone":
            box = screen.root.bounding_box()
            assert box["y"] + box["height"] <= height
            assert box["x"] + box["width"] <= width
            assert overflow(screen) <= 0
        for part in filter(Locator.is_visible, screen.parts.all()):
            part.click()
            card = screen.card.bounding_box()
            assert card["x"] >= 0
            assert card["x"] + card["width"] <= width
            assert main.evaluate("m => m.scrollWidth - m.clientWidth") <= 0
            screen.press("Escape")
        outside = screen.root.evaluate(
            "(root, width) => [...root.querySelectorAll('button')].filter(b => b.offsetParent"
            " && b.getBoundingClientRect().right > width + 1).map(b => b.ariaLabel ?? b.innerText)",
            width,
        )
        assert not outside


CONTRAST = """root => {
  const rgba = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith("color(srgb") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  };
  return [...root.querySelectorAll(".notes *")].filter((node) => node.checkVisibility()
    && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((node) => {
      const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.slice(0, 40)];
    });
}"""


def test_light_and_dark_have_their_own_colours_and_readable_notes(open_screen):
    screens = {theme: open_screen(f"?text={CAT}", theme=theme) for theme in ("light", "dark")}
    light, dark = screens.values()
    assert light.picture() != dark.picture()
    assert light.maps() != dark.maps()
    for screen in screens.values():
        contrasts = screen.root.evaluate(CONTRAST)
        assert len(contrasts) >= 8
        assert not [(ratio, text) for ratio, text in contrasts if ratio < 4.5]
    with light.drawing():
        light.page.emulate_media(color_scheme="dark")
    assert light.picture() == dark.picture()
    assert light.maps() == dark.maps()
    assert chosen(light.tokens) == chosen(dark.tokens)
