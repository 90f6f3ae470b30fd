"""The tasks' answers are right, whoever draws them; a text's last tenth is never learnt from."""

import json

import pytest
import torch

from transformer_core.live_training.characters import LENGTH, UNKNOWN, OwnText, read_characters
from transformer_core.live_training.tasks import NOT_ASKED, TASKS, addition, induction
from transformer_core.tokenizer import TokenizerError

TEXT = "The cat saw a bird. It wanted to catch the bird, but the bird was quick.\n" * 12


def examples(name):
    """Rows of a task as their symbols, with what is asked behind the position that is read."""
    task = TASKS[name]()
    inputs, targets = task.batch(50, torch.Generator().manual_seed(3))
    assert inputs.shape == targets.shape
    assert inputs.shape[1] <= task.context_length
    for row, wanted in zip(inputs.tolist(), targets.tolist(), strict=True):
        asked = [task.symbols[i] for i in wanted if i != NOT_ASKED]
        yield [task.symbols[i] for i in row], asked


def test_sorting_and_copying_ask_for_the_answer_alone():
    for row, asked in examples("sorting"):
        assert asked == sorted(row[: row.index(">")])
    for row, asked in examples("copying"):
        assert asked == row[: row.index(">")]


def test_sums_are_right_and_held_out_ones_are_never_learnt_from():
    for (a, _, b, _), (asked,) in examples("addition"):
        assert int(asked) == (int(a) + int(b)) % 23
    task = addition()
    seen = {tuple(row) for row in task.batch(20_000, torch.Generator())[0].tolist()}
    held = {tuple(row) for row in task.held_out()[0].tolist()}
    assert len(held) == 105
    assert len(seen) == 529 - 105
    assert not seen & held


def test_a_letter_is_asked_only_where_it_stood_before():
    task = induction()
    inputs, targets = task.batch(50, torch.Generator().manual_seed(3))
    for row, wanted in zip(inputs.tolist(), targets.tolist(), strict=True):
        for i, target in enumerate(wanted):
            before = [j for j in range(i) if row[j] == row[i]]
            assert bool(before) == (target != NOT_ASKED)
            if before:
                assert target == row[before[-1] + 1]


@pytest.mark.parametrize("name", TASKS)
def test_the_held_out_examples_and_the_one_that_is_drawn_stay_the_same(name):
    one, other = TASKS[name](), TASKS[name]()
    assert torch.equal(one.held_out()[0], other.held_out()[0])
    assert torch.equal(one.example(), other.example())


def test_a_text_is_split_at_its_last_tenth():
    task = OwnText.of(TEXT.replace("\n", "\r\n"))
    whole = "".join(task.symbols[i] for i in torch.cat((task.train, task.tail)).tolist())
    assert whole == TEXT.strip()
    assert len(task.tail) > LENGTH
    inputs, targets = task.held_out()
    assert torch.equal(inputs[:, 1:], targets[:, :-1])


def test_a_tokenizer_of_characters_is_honest_about_what_it_does_not_know():
    symbols = OwnText.of(TEXT + "é" * 5).symbols
    tokenizer = read_characters(json.dumps(symbols))
    assert tokenizer.decode(tokenizer.encode("the bird é")) == "the bird é"
    assert tokenizer.encode("z") == [0]
    assert tokenizer.pieces(tokenizer.encode("bz")) == ["b", UNKNOWN]
    for damaged in ("{", "[1]", "3"):
        with pytest.raises(TokenizerError):
            read_characters(damaged)
