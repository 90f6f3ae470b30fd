"""The Tokenize lesson against tiktoken, against learning afresh, and against what its page says."""

import math
from pathlib import Path

import pytest
import streamlit
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import pages.n1_forward_pass.tokenize.tokenize_questions as questions
from pages.n1_forward_pass.tokenize import tokenize_traps
from pages.n1_forward_pass.tokenize.tokenize_board import (
    SHOWN,
    TRY,
    histories_of,
    merges_asked,
    pack_tokenize_board,
    shown_text,
)
from pages.n1_forward_pass.tokenize.tokenizer_comparison import (
    GREETING,
    PUBLISHED,
    comparison_of,
    other_kind,
    rows_of,
)
from tests.lessons.test_lessons import boards, open_fold, set_in
from tests.lessons.tokenize.texts import TEXTS
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.bpe import Merge, encode_steps, split_words
from transformer_core.lens.merge_history import (
    merge_numbers,
    spellings,
    text_histories,
    word_history,
)
from transformer_core.lens.recorded_cuts import recorded_cut, texts_on_record
from transformer_core.lens.text_cuts import (
    cut_by,
    cut_into_bytes,
    cut_into_characters,
    embedding_numbers,
)
from transformer_core.published.byte_pair_encoding import BytePairEncoding
from transformer_core.published.tiktoken_files import load_tiktoken
from transformer_core.shipped_vocabulary import load_shipped, read_vocabulary
from transformer_core.tokenizer import TokenizerError
from ui import examples
from ui.examples import STORY
from ui.known_models import catalogue
from ui.models import load, vocabulary_of
from ui.state import SETTINGS, read_state

ROOT = Path(__file__).parents[3]
PAGE = "pages/n1_forward_pass/tokenize/tokenize.py"
CAT = "The cat sat extraordinarily still"
shipped = load_shipped()
numbers = merge_numbers(shipped.ranks)
UNASSIGNED = "\U00050000"  # its first byte, F1, is not in the real model's vocabulary
REAL = pytest.param("smollm2", marks=real_model)
each_text = pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))


def at(text: str, model: str = "fable-classic", **places: str):
    return read_state({"text": text, "model": model, **places})


def test_merges_are_numbered_in_the_order_in_which_they_were_learnt():
    assert [numbers[m.merged] for m in read_vocabulary().merges] == list(range(1, 3_840))


@settings(max_examples=150)
@given(
    st.one_of(st.text(max_size=30), st.text("abcdehilnorst ", max_size=40)),
    st.integers(0, 3_839),
)
def test_a_smaller_vocabulary_makes_the_same_joins_up_to_the_first_unknown(text, merges):
    few = {token: rank for token, rank in shipped.ranks.items() if numbers.get(token, 0) <= merges}
    for word in split_words(text, shipped.pattern):
        history = word_history(word.encode("utf-8", "replace"), shipped.ranks, numbers)
        joins = [join.number for join in history.joins]
        known = next((i for i, n in enumerate(joins) if n > merges), len(joins))
        alone = word_history(history.word, few, numbers)
        assert alone.joins == history.joins[:known]


@each_text
@pytest.mark.parametrize("model", ["fable-classic", REAL])
def test_shown_words_are_the_texts_first_tokens(text, model):
    now = at(text, model)
    tokenizer = load(model).tokenizer
    histories = histories_of(now.model_name, now.text)
    shown = shown_text(histories)
    parts = [token for history in histories for token in history.tokens]
    tokens = [tokenizer.ranks.get(token, tokenizer.unknown) for token in parts]
    assert now.text.startswith(shown)
    assert len(tokens) <= SHOWN
    if len(histories) > 1 or shown == now.text:
        assert tuple(tokens) == now.token_ids[: len(tokens)]
    assert shown == now.text or len(now.token_ids) > len(tokens)


def test_a_first_word_that_is_too_long_is_cut_after_a_whole_character():
    (history,) = text_histories("🦊" * 9, r"\S+", shipped.ranks, numbers, limit=10)
    assert history.word.decode() == "🦊🦊"


def test_the_browser_gets_every_merge_with_its_count():
    now = at(STORY)
    packed = pack_tokenize_board(now, histories_of(now.model_name, now.text), 0)
    header, arrays = unpack(packed)
    assert len(packed) < 100_000
    assert header["byte_ids"] == list(range(256))
    tokens = [bytes([i]) for i in range(256)]
    learnt = []
    for left, right, times in arrays["pairs"].tolist():
        tokens.append(tokens[left] + tokens[right])
        learnt.append(Merge(len(tokens) - 1, tokens[left], tokens[right], tokens[-1], times))
    assert tuple(learnt) == read_vocabulary().merges


@real_model
def test_a_published_vocabulary_of_49152_tokens_fits_the_board():
    now = at(f"{CAT} {UNASSIGNED} 123", "smollm2")
    tokenizer = load("smollm2").tokenizer
    packed = pack_tokenize_board(now, histories_of(now.model_name, now.text), 0)
    header, arrays = unpack(packed)
    assert len(packed) < 50_000
    assert (header["size"], header["n_merges"]) == (49_152, 48_900)
    assert arrays["pairs"].shape == (0, 3)  # its file counts nothing
    lacking = [byte for byte, i in enumerate(header["byte_ids"]) if i is None]
    assert len(lacking) == 21
    assert header["unknown"] == [tokenizer.unknown, "<|endoftext|>"]
    for byte, i in enumerate(header["byte_ids"]):
        assert i is None or tokenizer.token_bytes(i) == bytes([byte])
    words = [header["words"][place] for place in header["order"]]
    lost = [word for word in words if set(word["bytes"].encode("latin-1")) & set(lacking)]
    assert "".join(word["bytes"] for word in lost).encode("latin-1").decode().strip() == UNASSIGNED
    assert tokenizer.unknown in tokenizer.encode(UNASSIGNED)


def test_word_with_most_joins_is_looked_at_until_one_is_chosen(monkeypatch):
    histories = histories_of("fable-classic", CAT)
    for token, word in (("", " extraordinarily"), ("2", " cat")):
        monkeypatch.setitem(streamlit.session_state, SETTINGS, f"token={token}")
        now = at(CAT, token=token)
        assert questions.word_looked_at(now).word.decode() == word
        header, _ = unpack(pack_tokenize_board(now, histories, 0))
        assert header["token"] == (1 if token else 3)


def test_spellings_are_cut_as_the_model_would_cut_them():
    assert spellings(" Cat") == ("cat", " cat", "Cat", " Cat", "CAT")
    assert spellings("didN") == ("didN", "didn", " didn", "Didn", " Didn", "DIDN")
    assert spellings("12") == ("12", " 12", "13", "120", " 12.5")
    now = at("the cat")
    header, _ = unpack(pack_tokenize_board(now, histories_of(now.model_name, now.text), 0))
    for form, (pieces, ids) in zip(spellings(" cat"), header["words"][1]["spellings"], strict=True):
        assert "".join(pieces) == form
        assert ids == shipped.encode(form)


@each_text
def test_cuts_are_the_whole_text(text):
    assert "".join(map(chr, cut_into_characters(text).token_ids)) == text
    assert bytes(cut_into_bytes(text).token_ids).decode() == text
    assert len(cut_into_bytes(text).pieces) == len(text.encode())
    assert list(cut_by(shipped, text).token_ids) == shipped.encode(text)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_vocabularies_are_what_the_page_says(name):
    try:
        tokenizer = load_tiktoken(name)
    except TokenizerError:
        pytest.skip(f"{name} is not in tiktoken's cache folder")
    _, size, greeting = PUBLISHED[name]
    assert tokenizer.n_vocab == size
    assert tokenizer.encode(GREETING) == list(greeting)
    assert tokenizer.pieces(list(greeting)) == ["hey", " there"]
    compared = comparison_of(at(STORY), STORY, name)
    row = next(row for row in compared["rows"] if row["name"] == name)
    assert compared["chosen"] == name
    assert list(row["ids"]) == tiktoken.get_encoding(name).encode(STORY)


@pytest.fixture
def no_vocabularies(monkeypatch, tmp_path):
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    load_tiktoken.cache_clear()
    rows_of.cache_clear()
    yield
    rows_of.cache_clear()


def test_a_vocabulary_that_is_not_here_is_not_listed(no_vocabularies):
    rows = rows_of("fable-classic", "nobody has recorded this")
    here = {"characters", "bytes", "fable-classic", other_kind("fable-classic")} - {None}
    assert {row["name"] for row in rows} == here
    assert all(row["pieces"] for row in rows)


@real_model
def test_the_other_kind_of_model_cuts_the_text_too(no_vocabularies):
    for model, other in (("fable-modern", "smollm2"), ("smollm2", "fable-classic")):
        assert other_kind(model) == other
        _, _, own, row = rows_of(model, CAT)
        tokenizer = load(other).tokenizer
        assert (own["name"], row["name"]) == (model, other)
        assert list(row["ids"]) == tokenizer.encode(CAT)
        assert row["size"] == tokenizer.n_vocab
    alone = vocabulary_of.__globals__["_read_vocabulary"](catalogue().offered["smollm2"].path)
    assert alone.encode(CAT) == load("smollm2").tokenizer.encode(CAT)


def test_every_example_has_been_recorded(no_vocabularies):
    for text in (*examples.TEXTS, *TRY.values()):
        recorded = [row for row in rows_of("fable-classic", text) if row["recorded"]]
        assert [row["name"] for row in recorded] == list(PUBLISHED)
        assert all(row["size"] == PUBLISHED[row["name"]][1] for row in recorded)


@pytest.mark.parametrize("name", PUBLISHED)
def test_recorded_cuts_are_tiktokens(name):
    try:
        tokenizer = load_tiktoken(name)
    except TokenizerError:
        pytest.skip(f"{name} is not in tiktoken's cache folder")
    assert texts_on_record()
    for text in texts_on_record():
        assert recorded_cut(name, text) == cut_by(tokenizer, text)
    assert recorded_cut(name, GREETING).token_ids == PUBLISHED[name][2]


def test_costs_by_hand():
    assert embedding_numbers(50_257, 768) == 38_597_376
    assert math.isclose(38_597_376 / 124_439_808, 0.31, abs_tol=0.005)
    compared = comparison_of(at("hi"), "hi", "nonsense")
    assert compared["chosen"] == "characters"
    model = load("fable-classic").model
    assert compared["parameters"] == sum(p.numel() for p in model.parameters())
    own = next(row for row in compared["rows"] if row["name"] == compared["ours"])
    assert own["embedding"] == model.embedding.numel()


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern", REAL])
@pytest.mark.parametrize("token", ["1", "3", ""])
@each_text
def test_each_question_has_one_right_answer(monkeypatch, text, token, model):
    now = at(text, model, token=token)
    monkeypatch.setitem(streamlit.session_state, SETTINGS, f"token={token}")
    monkeypatch.setattr(questions, "reader", lambda: now)
    for question in questions.tokenize_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert all(option.why for option in question.options)
        assert len({option.text for option in question.options}) == len(question.options) >= 2


def test_a_text_without_joins_is_asked_about_capitals_or_a_full_stop():
    for text, title in (("a", "In capitals"), ("שלום עולם", "A full stop")):
        asked = questions.whole_text_question(at(text))
        other = f"{text}." if title == "A full stop" else text.upper()
        n, m = len(shipped.encode(text)), len(shipped.encode(other))
        right = next(option for option in asked.options if option.right)
        assert asked.title == title
        assert right.text == ("As many" if m == n else "More")
        assert right.why.startswith(f"{n} token")


def test_the_first_merge_by_hand():
    question = questions.learning_question()
    right = [option.text for option in question.options if option.right]
    assert right == ["“a” + “t”"]  # 9 times; “c” + “a” 7, “h” + “a” 5, “a” + “p” 3
    assert "“a” + “t” 9 times, “c” + “a” 7 times" in question.options[0].why


def test_the_first_join_is_the_lowest_merge():
    now = at("the little")
    history = histories_of(now.model_name, now.text)[1]
    question = questions.first_join_question(now, history)
    right = next(option.text for option in question.options if option.right)
    step = encode_steps(" little", shipped.ranks)[0]
    left, other = (part.decode().replace(" ", "␣") for part in step.parts[step.joins :][:2])
    assert right.startswith(f"“{left}” + “{other}”, merge ")
    merges = [int(o.text.rpartition(" ")[2].replace(",", "")) for o in question.options]
    assert right.endswith(f"merge {min(merges):,}")


@pytest.mark.parametrize(
    ("raw", "merges", "said"),
    [("", 40, ""), ("0", 0, ""), ("40", 40, ""), ("41", 40, "40 merges"), ("-1", 40, "no valid")],
)
def test_merges_in_the_address(raw, merges, said):
    found, notice = merges_asked(raw, 40)
    assert found == merges
    assert said in notice


@pytest.mark.parametrize(
    ("model", "said", "unsaid"),
    [
        ("fable-classic", "Anything at all can be written in bytes", "came with its file"),
        pytest.param("smollm2", "235 of 256", "on the training text", marks=real_model),
    ],
)
def test_the_page_says_what_is_true_of_this_vocabulary(model, said, unsaid):
    app = visit(model=model, text=f"{CAT} {UNASSIGNED}")
    assert not app.exception
    assert len(boards(app)) == 1
    open_fold(app)
    assert len(boards(app)) == 2
    told = "\n".join(each.value for each in [*app.markdown, *app.caption])
    assert said in told
    assert unsaid not in told
    assert "TIKTOKEN" not in told
    tokenizer = load(model).tokenizer
    digits = tokenize_traps._digits(tokenizer)
    assert ("every digit off alone, so" in digits) == (len(tokenizer.encode("1234567890")) == 10)


@real_model
def test_what_the_drawer_shows_gave_the_real_model_its_ids(monkeypatch):
    merged = []
    plain_merge = BytePairEncoding._merged
    monkeypatch.setattr(
        BytePairEncoding, "_merged", lambda s, ids: merged.append(1) or plain_merge(s, ids)
    )
    ids = load("smollm2").tokenizer.encode(CAT)
    assert len(merged) == len(split_words(CAT)) <= len(ids)


def visit(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(address)
    app.run()
    return app.switch_page(PAGE).run()


@pytest.mark.parametrize("nonsense", ["99999", "-1", "<script>", "\uff19", " ", "\x00", "9" * 40])
def test_nonsense_in_the_lessons_own_parameters(nonsense):
    app = visit(merges=nonsense, cut=nonsense)
    assert not app.exception
    assert len(boards(app)) == 1
    open_fold(app)
    assert len(boards(app)) == 2
    assert any("all of them are shown" in caption.value for caption in app.caption)


def test_an_example_becomes_the_readers_sentence():
    app = visit(token="3")
    app.button(key="try-Hindi").click().run()
    assert not app.exception
    assert app.text_input(key="text").value == "नमस्ते दुनिया"
    assert "token" not in set_in(app)
