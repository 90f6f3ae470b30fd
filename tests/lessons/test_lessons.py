"""Every lesson through `app.py`, as Streamlit runs it, with whatever a visitor may bring."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Radio

import ui.models
from pages.n5_reference.contents.syllabus import PARTS
from tests.small_models import CONFIGS
from transformer_core.tokenizer import TokenizerError
from ui.examples import STORY
from ui.frame import DEEPER, EXAMPLES_OPEN
from ui.model_menu import CHOICE, OPEN
from ui.prose import plain, quoted
from ui.state import MAX_CHARACTERS, PLACES, SETTINGS

ROOT = Path(__file__).parents[2]
PAGES = [f"pages/{lesson.file}.py" for part in PARTS.values() for lesson in part]
LESSONS = [page for page in PAGES if "/n5_reference/" not in page]  # they show a picture
HOSTILE = {
    "empty": "",
    "blank": "     ",
    "one": "a",
    "huge": "Lily saw a cat. " * 6_250,
    "full context": "the " * 400,
    "control": "a\x00b\x1bc\nd\x7f",
    "right to left": "שלום עולם مرحبا",
    "combining": "Z̷̢͝a̵l̴g̵o̸ e\u0301\u0301",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇺🇳",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown": "# a **b** [c](d) ![e](f) :red[g] $h$ `i` :material/home: | j |",
    "special": "<|endoftext|></s>[INST]<|im_start|>",
}
NONSENSE = ["99", "-1", "<script>", "1e9", "\uff19", " ", "\x00"]
GLANCE = "pages/n1_forward_pass/at_a_glance/at_a_glance.py"
each_lesson = pytest.mark.parametrize("lesson", LESSONS)


def at(lesson: str, **address: str) -> AppTest:
    """The app at a page that has not run yet."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page(lesson)


def visit(lesson: str, **address: str) -> AppTest:
    return at(lesson, **address).run()


def type_text(app: AppTest, text: str) -> None:
    """As a reader does; the second run shows also the parts that the first one left alone."""
    app.text_input(key="text").set_value(text).run()
    assert not app.exception
    app.run()
    assert app.session_state["text"][:MAX_CHARACTERS] == text[:MAX_CHARACTERS]


def assert_whole(app: AppTest) -> None:
    """No exception, and the frame stands: sentence, model."""
    assert not app.exception
    assert app.text_input(key="text")
    assert model_label(app)
    assert boards(app) or app.error


def boards(app: AppTest) -> list[Any]:
    """The pictures of a page; the navigation and what keeps the reader's answers are none."""
    found = [each for each in app.get("bidi_component") if not each.key.endswith("-answers")]
    return [each for each in found if each.key != "navigation"]


def set_in(app: AppTest) -> dict[str, str]:
    """All that the address says beside the text, as the app holds it."""
    return dict(parse_qsl(app.session_state[SETTINGS]))


def model_label(app: AppTest) -> str:
    """What the switch says."""
    (switch,) = [each for each in app.get("popover") if each.proto.popover.id.endswith(OPEN)]
    return str(switch.proto.popover.label)


def menu(app: AppTest) -> Radio:
    """The models that can be chosen, once the switch is opened."""
    app.session_state[OPEN] = True
    app.run()
    return app.radio(key=CHOICE)


def open_fold(app: AppTest) -> None:
    """Run with what is for engineers open: AppTest does not keep it so for the next run."""
    app.session_state[DEEPER] = True
    app.run()
    assert not app.exception


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.caption, *app.error, *app.warning, *app.markdown])


@each_lesson
def test_a_lesson_shows_its_picture_and_nothing_to_complain_of(folders, lesson):
    app = visit(lesson)
    assert_whole(app)
    assert boards(app)
    assert not app.error


@each_lesson
@pytest.mark.parametrize("model", CONFIGS)
def test_hostile_text(folders, lesson, model):
    app = visit(lesson, model=model)
    for name, text in HOSTILE.items():
        type_text(app, text)
        assert_whole(app)
        assert boards(app), name
        assert ("type a sentence" in said(app)) == (not text.strip()), name


@each_lesson
def test_nonsense_in_every_parameter(folders, lesson):
    names = ("model", "more", *PLACES, "scale", "step")
    for nonsense in NONSENSE:
        app = visit(lesson, **dict.fromkeys(names, nonsense))
        assert_whole(app)
        assert boards(app), nonsense
        assert "<script>" not in said(app)


def test_the_address_is_what_the_reader_meant(folders):
    app = visit(LESSONS[-1], text="Hello you", model="fable-modern", layer="2", head="3", token="1")
    assert app.text_input(key="text").value == "Hello you"
    assert set_in(app) == {"model": "fable-modern", "layer": "2", "head": "3", "token": "1"}


def test_a_place_that_does_not_exist_is_told(folders):
    assert "There are layers 1 to 3 here; layer 3 is shown." in said(visit(LESSONS[0], layer="99"))


def test_a_new_sentence_forgets_what_belonged_to_the_old(folders):
    app = visit(LESSONS[-1], more="300.301", token="2", head="2")
    app.text_input(key="text").set_value("Another one").run()
    assert set_in(app) == {"head": "2"}


def test_a_new_sentence_is_no_reason_to_run_the_first_screen(folders):
    ignored = [visit(page).text_input(key="text").proto.ignore_rerun for page in LESSONS]
    assert ignored == [page == GLANCE for page in LESSONS]


def test_an_example_is_one_click(folders):
    app = visit(LESSONS[0], text="mine")
    app.session_state[EXAMPLES_OPEN] = True
    app.run()
    next(button for button in app.button if button.label == STORY).click().run()
    assert app.text_input(key="text").value == STORY


@each_lesson
@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_lost_weights_are_told_and_the_other_model_still_works(folders, lesson, damage):
    weights = folders["fable-classic"] / "model.safetensors"
    half = weights.read_bytes()[:5_000]
    weights.unlink()
    if damage == "truncated":
        weights.write_bytes(half)
    app = visit(lesson, text="My own words")
    assert_whole(app)
    assert "fable-classic cannot be shown" in app.error[0].value
    assert "model.safetensors" in app.error[0].value
    menu(app).set_value("fable-modern").run()
    assert not app.error
    assert boards(app)
    assert app.text_input(key="text").value == "My own words"


@each_lesson
def test_a_lost_vocabulary_is_told(folders, lesson, monkeypatch):
    def refuse():
        raise TokenizerError("The vocabulary file fable.json cannot be read. Restore it.")

    monkeypatch.setattr(ui.models, "load_shipped", refuse)
    app = visit(lesson)
    assert_whole(app)
    assert "fable.json cannot be read. Restore it." in app.error[0].value


def test_attend_asks_questions_that_can_be_failed(folders):
    app = visit("pages/n1_forward_pass/attend/attend.py")
    for i, found in (("2-0", app.error), ("2-1", app.success)):
        app.button(key=f"attend-check-{i}").click().run()
        assert not app.exception
        found = app.error if i == "2-0" else app.success
        assert "No token sees what comes after it" in found[0].value
    assert "0 of 3 right at the first try" in said(app)  # the first answer was wrong
    app.button(key="attend-check-again").click().run()
    assert "0 of 3 right" in said(app)


@pytest.mark.parametrize("model", CONFIGS)
@pytest.mark.parametrize("text", ["a", STORY, HOSTILE["markdown"], "the " * 400])
def test_each_question_has_exactly_one_right_answer(folders, monkeypatch, model, text):
    import pages.n1_forward_pass.attend.attention_questions as questions
    from ui.state import read_state

    for token in ("1", "2", ""):
        now = read_state({"text": text, "model": model, "token": token})
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        for question in questions.attention_questions():
            assert [option.right for option in question.options].count(True) == 1
            assert all(option.why for option in question.options)


def test_the_readers_words_are_no_markdown():
    assert plain("a*b_[c](d)") == r"a\*b\_\[c\]\(d\)"
    assert plain("<b>:red[x]$y$") == r"\<b\>\:red\[x\]\$y\$"
    assert quoted(" ") == "“␣”"
    assert quoted("\n") == "“↵”"
    assert quoted(" cat\n") == "“cat”"
