"""The minutes of the syllabus are counted: words, things to do and questions of the essentials."""

import re

import pytest

from pages.n5_reference.contents.syllabus import PARTS
from tests.lessons.test_lessons import visit
from ui.answers import check

WORDS_A_MINUTE, ACT, QUESTION = 180, 20 / 60, 45 / 60
CLOSE = 3  # minutes
LESSONS = {lesson.title: lesson for part in PARTS.values() for lesson in part if lesson.minutes}
# Words in the page's boards, read once in the browser at 1440 pixels with the first sentence and
# the real model (`innerText` of each `.board`); things to do that the text asks for.
BOARDS = {
    "At a glance": (249, 4),  # a token, a layer, a head, the player
    "Next word": (
        122 + 440 + 84,
        6,
    ),  # two guesses, a bar, the pairs, an own pair, the blanks shown
    "Recurrence": (170 + 101 + 110 + 108, 6),  # two words, sent, levers, trained, timed, a length
    "Tokenize": (246, 4),  # a text to try, the player, a token, the merges
    "Embed": (175 + 206 + 175 + 148, 6),  # a token, a number, a search, the map, a sum, a sentence
    "Positions": (248 + 203, 5),  # a scheme, a pair to slide, another, an order, two swapped
    "Attend": (108 + 345, 5),  # a query by hand, a row, a cell, another head, √d
    # a pattern, painted cells, a token, a row of the staircase, a row of four words
    "Mask": (263 + 137 + 96, 5),
    "Heads": (145 + 115, 4),  # a role, a head, a word, a second sentence
    "Circuits": (284 + 343, 4),  # a step, a word, a head off, another text
    "MLP": (325 + 179 + 106, 5),  # a layer, a token, a neuron, the sheet, one switched off
    "Residual": (313 + 202, 5),  # a token, a column, a step of the norm, two parts off
    "Predict": (466 + 201 + 126, 8),  # a token, sliders, filters, draws, steps
    "Encoder, decoder": (317, 5),  # a date, a character, a head, a mask, a changed digit
    "Pictures and sound": (
        246 + 230,
        7,
    ),  # draw, a patch, a size, a head, a sound, sliders
    "Workbench": (390, 6),  # a model on each side, a setting, an impossible one, a length, the code
    # a rate, three steps, a token, a logit, a run, a start, a turned valley, rarer, a schedule
    "Gradient step": (255 + 131 + 50 + 200 + 76, 9),
    "Watch it learn": (227 + 177, 6),  # the step, a head, played, a pattern, the step, a head off
    "Pretraining": (97 + 114 + 200, 5),  # a point, a question, two trainings, the slider
    "Train one": (250, 5),  # a training, a head, the slider, another task, a rate
    "Depth": (109 + 93 + 57 + 56, 3),  # charts to point at
    "Length": (92 + 108, 2),  # a position, a curve
    "Scaling": (368, 5),  # the point, the budget, a law, a known model, tokens of use
    # a row, a point, two off, a line, a model, D, a size
    "Measured laws": (159 + 78 + 148 + 85, 7),
    "Cost": (284, 4),  # a length, a shape, a size of number, all models
    "Write it": (130, 4),  # each exercise
    "Decoding": (870, 11),  # passes, the cache, the clock, a kind, a slot, memory, a batch, a draft
    # a pattern, a width, a query, the model run, a pattern of needles, a measurement, a model
    "Long context": (216 + 102 + 161, 7),
    "FlashAttention": (278 + 153, 5),  # steps, a row, a tile's size, a length, a memory
    "Experiments": (337, 3),  # one opened, its curves, its texts
}


def words(text: str) -> int:
    """Without where a link leads."""
    return len(re.findall(r"[^\W\d_][\w’'-]+", re.sub(r"\]\([^)]*\)", "]", text)))


@pytest.fixture
def asked(monkeypatch):
    """How many questions the page asks; their words are not read as running text."""
    found = []
    monkeypatch.setattr(check, "show_check", lambda key, subject, ask, **_: found.extend(ask()))
    return found


def minutes(title: str, asked: list) -> float:
    app = visit(f"pages/{LESSONS[title].file}.py")
    assert not app.exception
    shown = [*app.header, *app.subheader, *app.markdown, *app.caption]
    in_boards, acts = BOARDS[title]
    read = sum(words(each.value) for each in shown) + in_boards
    return read / WORDS_A_MINUTE + acts * ACT + len(asked) * QUESTION


@pytest.mark.parametrize("title", BOARDS)
def test_the_minutes_of_a_page_are_counted(folders, asked, title):
    counted = minutes(title, asked)
    assert LESSONS[title].minutes == pytest.approx(counted, abs=CLOSE)


def test_every_page_with_minutes_has_its_count():
    assert set(BOARDS) == set(LESSONS)
