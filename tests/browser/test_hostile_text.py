"""Odd input, odd addresses, damaged files: a sentence says so, and the rest of the page stays."""

import json
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.app import ROOT, running_app
from tests.lessons.at_a_glance.first_screen import FirstScreen, choose_model, model_and_trace
from ui.examples import STORY
from ui.state import MAX_CHARACTERS, read_state

LITERAL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> <b>bold</b> & &lt;",
    "Look: **x** [a](http://b) :red[y] $x^2$ `code`",
    "Stop <|endoftext|> here",
    "שלום עולם, مرحبا",
    "e\u0301 Z\u0351\u036b\u0343a\u0315lgo \u202eback",
    "A 👩‍👩‍👧 smiles 🎈",
    "../../etc/passwd %00 {{7*7}} ${x}",
]
NONSENSE = ["99999999999999999999", "-1", "<script>alert(1)</script>", "NaN", "١٢", "1e9", "%00"]
PARAMETERS = ("layer", "head", "token", "more", "step", "model")
INJECTED = "script, img, iframe, object, b[onerror], a[href^='http']"


@pytest.fixture
def screen(visit):
    screen = FirstScreen(visit())
    screen.dialogs = []
    screen.visit.on(
        "dialog", lambda dialog: (screen.dialogs.append(dialog.message), dialog.dismiss())
    )
    return screen


def check_picture(screen: FirstScreen, n_tokens: int) -> None:
    expect(screen.all_tokens).to_have_count(n_tokens)  # of a long text some have no lane
    blank = "c => !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
    screen.frames()
    assert not screen.canvas.evaluate(blank)
    assert screen.guesses.count() >= 4
    assert screen.title.inner_text()


def test_markup_and_odd_letters_are_shown_as_they_were_typed(screen):
    for text in LITERAL:
        screen.read(text)
        now = read_state({"text": text})
        check_picture(screen, len(now.token_ids))
        titles = screen.all_tokens.evaluate_all("all => all.map(b => b.title)")
        assert screen.text.input_value() == text
        pieces = [json.loads(title.rsplit(" · id ", 1)[0]) for title in titles]
        assert pieces == list(now.pieces)
        assert screen.root.locator(INJECTED).count() == 0
        screen.parts.first.click()
        assert screen.root.locator(INJECTED).count() == 0
        screen.press("Escape")
    text = "<b>bold</b> <script>alert(1)</script>"
    screen.read(text)
    assert "".join(screen.words()).replace("␣", "") == text.replace(" ", "")
    screen.tokens.nth(1).click()
    screen.frames()
    assert screen.words()[1] in screen.prediction.get_by_role("heading").first.inner_text()
    assert not screen.dialogs


def test_empty_blank_huge_and_control_texts_are_answered_by_a_sentence(screen):
    loaded, _ = model_and_trace("fable-classic", STORY)
    example = len(loaded.tokenizer.encode(STORY))
    notices = screen.page.locator(".st-key-frame").get_by_test_id("stCaptionContainer")
    screen.read("A dog")
    assert notices.count() == 0
    told = []
    for text, n_tokens in (
        ("", example),
        ("ab" * 50_000, 256),
        ("     ", example),
        ("a \u0007\u0000\u001b[31m dog", None),
        ("word " * 399, 256),
    ):
        screen.text.fill(text)
        screen.text.press("Enter")
        expect(notices).to_be_visible(timeout=15_000)
        if told:  # what was said of the text before
            expect(notices).not_to_have_text(told[-1], timeout=15_000, use_inner_text=True)
        screen.visit.settle(300)
        told.append(notices.inner_text())
        assert screen.text.input_value().replace("\0", "") == text[:MAX_CHARACTERS].replace(
            "\0", ""
        )
        check_picture(screen, n_tokens or len(read_state({"text": text}).token_ids))
    assert len(set(told)) >= 4
    assert "Of 100,000 characters, the first 2,000 are read." in told[1]
    assert "256" in told[4]
    screen.read("A dog")
    expect(notices).to_have_count(0)


@pytest.mark.parametrize("page", ["", "attend"])
def test_a_very_long_text_can_be_loaded_again(visit, page):
    opened = visit(page)
    field = opened.page.get_by_role("textbox", name="Your sentence")
    notices = opened.page.locator(".st-key-frame").get_by_test_id("stCaptionContainer")
    field.fill("漢" * 50_000)
    field.press("Enter")
    expect(notices).to_contain_text(
        "Of 50,000 characters, the first 2,000 are read.", timeout=15_000
    )
    opened.settle(500)
    assert opened.page.reload().status == 200
    expect(field).to_have_value("漢" * MAX_CHARACTERS)
    expect(notices).to_contain_text("of which the first 256 are read", timeout=15_000)
    field.fill("A dog")
    field.press("Enter")
    expect(notices).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize("page", ["", "attend"])
def test_nonsense_in_every_parameter_is_said_and_set_right(visit, page):
    for i in (0, 4):
        query = {name: NONSENSE[(i + k) % len(NONSENSE)] for k, name in enumerate(PARAMETERS)}
        if i == 0:
            opened = visit(f"{page}?{urlencode(query | {'text': '<i>hi</i>'})}")
        else:
            opened.open(f"{page}?{urlencode(query)}")
        notices = opened.page.locator(".st-key-frame").get_by_test_id("stCaptionContainer")
        expect(notices).to_be_visible()
        if page:
            expect(opened.page.locator(".board .finding").last).not_to_be_empty()
        else:
            check_picture(shown := FirstScreen(opened), shown.all_tokens.count())
        assert opened.page.locator("main script, .st-key-frame i").count() == 0


def copy_of_the_project(folder: Path) -> Path:
    """What the app needs to run, to be damaged."""
    needed = [".streamlit", "assets", "figures", "pages", "transformer_core", "ui", "app.py"]
    folder.mkdir()
    for name in needed:
        kind = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        kind(ROOT / name, folder / name)
    return folder


def halve(file: Path) -> bytes:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    return whole


def test_missing_and_truncated_files_are_named_and_the_page_stays(visit_server, tmp_path):
    folder = copy_of_the_project(tmp_path / "copy")
    vocabulary = folder / "assets/tokenizer/fable.json"
    classic, modern = (
        folder / f"assets/models/fable-{name}/model.safetensors" for name in ("classic", "modern")
    )
    whole = halve(vocabulary)
    with running_app(tmp_path / "log.txt", folder) as server:
        visit = visit_server(server)
        page = visit.page
        error = page.get_by_test_id("stAlert")

        def told() -> str:
            expect(error).to_be_visible()
            expect(page.get_by_role("textbox", name="Your sentence")).to_be_visible()
            expect(page.get_by_role("navigation", name="Pages")).to_contain_text("Attend")
            return error.inner_text()

        said = [told()]
        vocabulary.write_bytes(whole)
        weights = halve(classic)
        visit.open("attend")
        said.append(told())
        expect(page.get_by_role("heading", level=2)).to_be_visible()
        classic.unlink()
        visit.open()
        said.append(told())
        assert len(set(said)) == 3
        assert all("fable-classic" in text and "Traceback" not in text for text in said)
        choose_model(page, "fable-modern")
        expect(error).to_have_count(0)
        screen = FirstScreen(visit)
        check_picture(screen, screen.tokens.count())
        modern.unlink()
        classic.write_bytes(weights)
        choose_model(page, "fable-classic")
        expect(screen.title).to_be_visible()
        expect(error).to_have_count(0)
        check_picture(screen, screen.tokens.count())
