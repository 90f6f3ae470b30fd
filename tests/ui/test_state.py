"""What the address may say, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.small_models import CONFIGS, save_small, use
from transformer_core.shipped_vocabulary import load_shipped
from ui.examples import STORY, TEXTS
from ui.models import load
from ui.state import MAX_CHARACTERS, Reader, read_state


@pytest.fixture(autouse=True, scope="module")
def _small_models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    folders = {name: folder / name for name in CONFIGS}
    for name, config in CONFIGS.items():
        save_small(config, folders[name])
    with pytest.MonkeyPatch.context() as patch:
        use(patch, folders)
        yield


def assert_sane(reader: Reader) -> None:
    """Every number is within the chosen model, and what the model reads is what is shown."""
    config = load(reader.model_name).config
    assert 1 <= len(reader.token_ids) <= config.context_length
    assert all(0 <= token_id < config.vocab_size for token_id in reader.token_ids)
    assert 0 <= reader.layer < config.n_layers
    assert 0 <= reader.head < config.n_heads
    assert 0 <= reader.token < len(reader.token_ids) == len(reader.pieces)
    assert len(reader.text) <= MAX_CHARACTERS
    assert reader.text.strip()
    assert all(note.endswith(".") and len(note) < 200 for note in reader.notices)


def test_an_empty_address_is_the_example():
    reader = read_state({})
    assert reader.text == STORY
    assert reader.notices == ()
    assert reader.token == len(reader.token_ids) - 1
    assert_sane(reader)


@pytest.mark.parametrize("text", TEXTS)
def test_examples_are_read_whole(text):
    reader = read_state({"text": text})
    assert load_shipped().decode(list(reader.token_ids)) == text
    assert reader.notices == ()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x1b\x7f", "\ud800"])
def test_blank_text_becomes_the_example_and_a_sentence(text):
    reader = read_state({"text": text})
    assert reader.text == STORY
    assert "type a sentence" in reader.notices[0]


def test_long_text_is_shortened_and_says_to_what():
    reader = read_state({"text": "word " * 20_000, "model": "fable-modern"})
    assert len(reader.token_ids) == 256
    assert "first 2,000" in reader.notices[0]
    assert "of which the first 256 are read. Left out is all from “word" in reader.notices[1]
    assert_sane(reader)


def test_control_characters_are_left_out():
    reader = read_state({"text": "one\x00 two\nthree\x1b[31m"})
    assert reader.text == "one two three[31m"
    assert "2 control characters" in reader.notices[0]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**bold** [link](x) :red[y] $z$",
        "<|endoftext|> [MASK] </s>",
        "שלום עולם ‏مرحبا‎",
        "e\u0301\u0301\u0301 Z̷̢͝a̵l̴g̵o̸",
        "👩‍👩‍👧‍👦🏳️‍🌈🇺🇳",
    ],
)
def test_odd_text_is_read_as_it_stands(text):
    reader = read_state({"text": text, "model": "fable-modern"})
    assert reader.text == text
    assert load_shipped().decode(list(reader.token_ids)) == text
    assert load_shipped().end_of_text not in reader.token_ids
    assert_sane(reader)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [("1", 0), ("3", 2), ("99", 2), ("0", 0), ("-7", 0), ("²", 1), ("2.5", 1), ("1" * 40, 1)],
)
def test_a_layer_is_counted_from_one_and_clamped(wanted, place):
    reader = read_state({"layer": wanted, "model": "fable-classic"})
    default = read_state({"model": "fable-classic"}).layer
    legal = wanted in ("1", "3")
    valid = wanted.removeprefix("-").isdecimal() and len(wanted) < 10
    assert reader.layer == (place if valid else default)
    assert (reader.notices == ()) == legal


def test_a_head_that_the_other_model_lacks_is_clamped():
    assert read_state({"head": "4", "model": "fable-classic"}).head == 3
    reader = read_state({"head": "4", "model": "fable-modern"})
    assert reader.head == 2
    assert reader.notices == ("There are heads 1 to 3 here; head 3 is shown.",)


def test_sampled_tokens_follow_the_text_as_they_were_sampled():
    tokenizer = load_shipped()
    whole = tokenizer.encode(" girl")
    letters = tokenizer.encode("g")
    reader = read_state({"text": "A", "more": ".".join(map(str, [*letters, *whole]))})
    assert reader.more == (*letters, *whole)
    assert reader.token_ids == (*tokenizer.encode("A"), *letters, *whole)
    assert reader.pieces[-1] == " girl"


@pytest.mark.parametrize("more", ["x", "1..2", "-1", "1.99999", "¹", "1" * 500, "1.2."])
def test_nonsense_among_sampled_tokens_is_refused(more):
    reader = read_state({"text": "A", "more": more})
    assert reader.more == ()
    assert "sampled tokens" in reader.notices[0]


def test_sampled_tokens_stop_at_the_context():
    more = ".".join(["300"] * 100)
    reader = read_state({"text": "A", "more": more, "model": "fable-classic"})
    assert len(reader.token_ids) == CONFIGS["fable-classic"].context_length
    assert "64 tokens" in reader.notices[0]


def test_an_unknown_model_is_the_first_one_and_a_sentence():
    reader = read_state({"model": "<b>gpt-9</b>"})
    assert reader.model_name == "fable-classic"
    assert "gpt-9" not in reader.notices[0]


PARAMETERS = ("text", "model", "more", "layer", "head", "token")


@given(some.dictionaries(some.sampled_from(PARAMETERS), some.text(max_size=60)))
def test_no_address_breaks_it(raw):
    assert_sane(read_state(raw))


@given(some.dictionaries(some.sampled_from(PARAMETERS[2:]), some.from_regex(r"-?[0-9.]{1,12}")))
def test_no_numbers_break_it(raw):
    assert_sane(read_state(raw))


def test_what_was_kept_of_a_longer_text_is_said_to_be_a_part():
    kept = "Lily saw " * 300
    notices = read_state({"text": kept[:MAX_CHARACTERS]}, typed=90_000).notices
    assert "Of 90,000 characters, the first 2,000 are read." in notices
    assert read_state({"text": "Lily saw"}, typed=90_000).notices == ()
