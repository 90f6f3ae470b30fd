"""Next word: texts and pairs as a person has marked them, and what the board is told of a blank."""

from math import exp

import pytest
import torch

from pages.n0_why.next_word import next_word_questions
from pages.n0_why.next_word.blanks import (
    CHOICES,
    clean_guess,
    cut_known,
    cut_mine,
    describe_blank,
    describe_text,
    guess_tokens,
    room_in,
)
from pages.n0_why.next_word.guess_board import (
    describe_board,
    packed_blank,
    packed_guess,
    packed_text,
)
from pages.n0_why.next_word.known_texts import kinds, pairs_for, texts_for
from pages.n0_why.next_word.own_pair import EXAMPLE, FIELDS, own_pair, packed_own
from pages.n0_why.next_word.pairs_board import (
    fits,
    measured_kinds,
    measured_pair,
    packed_kinds,
    packed_pair,
)
from tests.house.test_words import wrong
from tests.lessons.test_lessons import HOSTILE, boards, said, visit
from tests.real_model import real_model
from tests.small_models import CONFIGS
from transformer_core.lens.prediction import token_losses
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import load
from ui.state import read_state

LESSON = "pages/n0_why/next_word/next_word.py"
MODELS = [*SHIPPED, pytest.param(REAL_MODEL, marks=real_model)]


@pytest.mark.parametrize("model", MODELS)
def test_texts_are_cut_whole_with_their_marks(model):
    loaded = load(model)
    for known in texts_for(model):
        text = cut_known(known, loaded)
        assert loaded.tokenizer.decode(list(text.token_ids)) == "".join(p.text for p in known.parts)
        assert [i for a, b in text.words for i in range(a, b)] == [*range(len(text.token_ids))]
        marked = [part for part in known.parts if part.kind]
        assert len(text.blanks) == len(marked) >= 4
        for word, part in zip(text.blanks, marked, strict=True):
            start, end = text.words[word]
            assert loaded.tokenizer.decode(list(text.token_ids[start:end])) == part.text
            assert (text.kinds[start], text.takes[start]) == (part.kind, part.takes)
            assert part.kind in kinds()


def test_what_a_person_has_written_is_written_as_the_app_is():
    for model in (*SHIPPED, "another"):
        written = [part.takes for text in texts_for(model) for part in text.parts]
        written += [pair.says for pair in pairs_for(model)]
        assert not [each for each in (*written, *kinds().values()) if wrong(each)]
        assert {pair.kind for pair in pairs_for(model)} == set(kinds())


def test_a_pair_differs_in_what_is_changed_alone():
    for pair in pairs_for("fable-classic"):
        assert pair.a.before == pair.b.before
        assert pair.a.after == pair.b.after
        assert pair.a.changed != pair.b.changed
        assert pair.a.word != pair.b.word
        assert pair.a.word.startswith(" ")


def test_stories_come_first_for_a_model_that_knows_nothing_else():
    assert [text.story for text in texts_for("fable-modern")][:3] == [True, True, False]
    assert not [text for text in texts_for(REAL_MODEL) if text.story]
    assert len(texts_for(REAL_MODEL)) == 5


@pytest.mark.parametrize("model", SHIPPED)
def test_tokens_cost_what_the_pass_says(model):
    now = read_state({"text": "The cat sat down because she was tired", "model": model})
    text = cut_mine(now)
    told = describe_text(model, text)
    ids = torch.tensor(text.token_ids)
    with torch.inference_mode():
        logits = load(model).model(ids[None])[0]
    assert told["nats"] == pytest.approx(token_losses(logits, ids).tolist(), abs=1e-4)
    assert "".join(told["said"]) == now.text
    for nats, rank, expected in zip(told["nats"], told["ranks"], told["expected"], strict=True):
        assert [p for _, p in expected] == sorted((p for _, p in expected), reverse=True)
        if rank < len(expected):
            assert expected[rank][1] == pytest.approx(exp(-nats), rel=1e-3)


@pytest.mark.parametrize("model", MODELS)
def test_one_of_four_words_is_the_one_that_comes(model):
    loaded = load(model)
    text = cut_known(texts_for(model)[0], loaded)
    for word in text.blanks[:2]:
        blank = describe_blank(model, text, word)
        names = [option["text"].strip().lower() for option in blank["options"]]
        assert len(names) == len(set(names)) == CHOICES
        assert names == sorted(names)
        assert blank["truth"]["text"].strip().lower() in names
        assert blank["tempting"].strip().lower() in ("", *names)
        start, end = text.words[word]
        told = describe_text(model, text)["nats"][start - 1 : end - 1]
        assert blank["truth"]["nats"] == pytest.approx(told, abs=2e-3)


def test_a_guess_is_cut_with_the_blank_that_its_place_has():
    loaded = load("fable-classic")
    text = cut_mine(read_state({"text": "Tom saw a cat. (b)", "model": "fable-classic"}))
    decode = loaded.tokenizer.decode
    assert decode(list(guess_tokens(loaded, text, 1, "ran"))) == " ran"
    assert decode(list(guess_tokens(loaded, text, 4, "!"))) == "!"
    assert clean_guess("  a\x00b\nc  ") == "abc"
    assert len(guess_tokens(loaded, text, 1, clean_guess("zq" * 400))) <= 12


@pytest.mark.parametrize("model", CONFIGS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_odd_texts_words_and_guesses_are_answered(folders, model, text):
    asked = {"model": model, "text": text, "about": "mine"}
    for word in ("", "0", "7", "9999", "<b>", "\uff19"):
        for guess in ("", "   ", "a", "\x00", "<script>", "👩‍👩‍👧‍👦" * 30, "word " * 40):
            packed_guess({**asked, "word": word, "guess": guess})
        packed_blank({**asked, "word": word})
    packed_text(asked)
    now = read_state(asked)
    board = describe_board(now)
    assert board["texts"][-1]["key"] == "mine"
    assert ("has room" in board["note"]) == (len(now.token_ids) > room_in(load(model)))


def test_odd_texts_and_pairs_of_the_address_are_the_first(folders):
    model = "fable-classic"
    assert packed_pair({"model": model, "pair": "<b>"}) == packed_pair({"model": model})
    last = str(len(pairs_for(model)) - 1)
    assert packed_pair({"model": model, "pair": "999"}) == packed_pair(
        {"model": model, "pair": last}
    )
    assert packed_text({"model": model, "about": "<b>"}) == packed_text({"model": model})
    assert packed_kinds({"model": model})
    app = visit(LESSON, blanks="<script>")
    assert not app.exception
    assert boards(app)
    assert "<script>" not in said(app)


def test_a_kind_holds_the_blanks_that_are_marked_with_it():
    told = measured_kinds("fable-classic")["kinds"]
    texts = texts_for("fable-classic")
    marked = [part for text in texts for part in text.parts if part.kind]
    assert sum(len(row["words"]) for row in told) == len(marked)
    for row in told:
        assert [each["said"] for each in row["words"]] == [
            part.text.strip() for part in marked if part.kind == row["kind"]
        ]


@pytest.mark.parametrize("model", MODELS)
def test_each_question_has_one_right_answer(monkeypatch, model):
    now = read_state({"text": "a", "model": model})
    monkeypatch.setattr(next_word_questions, "reader", lambda: now)
    for question in next_word_questions.next_word_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert all(option.why for option in question.options)


def test_sums_of_the_questions_come_out():
    chain = next_word_questions.chain_question("rhyme")
    assert [o.text for o in chain.options if o.right] == ["2.08 nats"]
    bold = next_word_questions.bold_question()
    assert "1.20 on average" in bold.options[0].why


@pytest.mark.parametrize("model", SHIPPED)
def test_the_fable_models_tell_their_stories_pairs_apart(model):
    pairs = pairs_for(model)
    told = [measured_pair(model, i) for i in range(len(pairs))]
    stories = [each for each in told if each["story"]]
    assert sum(map(fits, stories)) >= 2
    assert sum(map(fits, told)) < len(told)


@real_model
def test_the_real_model_tells_agreement_and_capitals_apart_but_cannot_add_large_numbers():
    told = [measured_pair(REAL_MODEL, i) for i in range(len(pairs_for(REAL_MODEL)))]
    assert fits(told[0])
    capital = next(each for each in told if "France" in each["sides"][0]["changed"])
    assert fits(capital)


# --------------------------------------------------------------------------- a reader's own pair


def own(*texts: str) -> dict[str, str]:
    return dict(zip(FIELDS, texts, strict=True))


@pytest.mark.parametrize("model", SHIPPED)
def test_an_own_pair_costs_what_two_passes_say(model):
    loaded = load(model)
    told = own_pair(model, own(" The old cat sat on the ", "mat", "xylophone"))
    assert told["problem"] == ""
    assert told["beginning"] == "The old cat sat on the"
    begun = loaded.tokenizer.encode(told["beginning"])
    for word, text in zip(told["words"], (" mat", " xylophone"), strict=True):
        ids = torch.tensor([*begun, *loaded.tokenizer.encode(text)])
        with torch.inference_mode():
            losses = token_losses(loaded.model(ids[None])[0], ids)[len(begun) - 1 :]
        assert word["text"] == text
        assert word["nats"] == pytest.approx(losses.tolist(), abs=1e-3)
        assert "".join(word["pieces"]) == text
    assert len(told["words"][1]["pieces"]) > 1


def test_a_sign_follows_without_a_blank():
    told = own_pair("fable-classic", own("He ran", ".", "7"))
    assert [word["text"] for word in told["words"]] == [".", " 7"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("", "a", "b"), "The beginning is empty"),
        (("\x00 \n", "a", "b"), "The beginning is empty"),
        (("a" * 301, "a", "b"), "more than 300 characters"),
        (("A", "", "b"), "A continuation is missing"),
        (("A", "b" * 61, "b"), "more than 60 characters"),
        (("A", " b", "b "), "Both continuations are the same"),
        (("A", "👩‍👩" * 12, "b"), "It may have 12 at most"),
        (("👩" * 299, "a", "b"), "tokens for this model"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(texts, said):
    told = own_pair("fable-classic", own(*texts))
    assert said in told["problem"]
    assert told["words"] == []
    assert packed_own({**own(*texts), "model": "<b>"})


def test_an_own_pair_in_the_address_does_no_harm(folders):
    assert own_pair("fable-classic", own(*EXAMPLE))["problem"] == ""
    assert not wrong(" ".join(EXAMPLE))
    app = visit(LESSON, beginning="<script>" * 90, first="<b>", second="")
    assert not app.exception
    assert "<script>" not in said(app)
