"""What the Attend lesson asks: answered from the run, or by running a layer again."""

from __future__ import annotations

from dataclasses import replace

import torch

from figures.numbers import percent
from pages.n1_forward_pass.attend.attention_board import SHOWN
from transformer_core.lens.attention_arithmetic import (
    most_telling_head,
    undivided,
    without_mask,
)
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

RESTING = 0.5  # share of the first token from which on a row tells little


def attention_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now, and the head, or one that tells more."""
    now = telling(reader())
    if len(now.token_ids) == 1:  # its only row is 100 %, divided or not
        return mask_question(now), future_question(now)
    return mask_question(now), scale_question(now), future_question(now)


def telling(now: Reader) -> Reader:
    """The reader's place; another head where theirs rests on the first token."""
    traced = trace(now.model_name, now.token_ids[:SHOWN])
    weights = traced.blocks[now.layer].attention.weights[0, now.head, _row(now)]
    if len(weights) == 1 or float(weights[0]) < RESTING:
        return now
    layer, head = most_telling_head(traced)
    return replace(now, chosen_layer=layer, chosen_head=head)


def mask_question(now: Reader) -> Question:
    """Suppose the mask were off: how much would the first word read to its right?"""
    ids = now.token_ids[:SHOWN]
    with torch.inference_mode():
        freed = without_mask(load(now.model_name).model, trace(now.model_name, ids), now.layer)
    row = freed.weights[0, now.head, 0]
    ahead = 1 - float(row[0])
    favourite = quoted(now.pieces[int(row.argmax())])
    found = (
        f"Run without the mask, head {_head(now)} gives {percent(ahead)} of "
        f"{quoted(now.pieces[0])} to words on its right; the largest share of the row goes to "
        f"{favourite}."
    )
    return Question(
        "The mask",
        f"{quoted(now.pieces[0])} has only itself to read. Suppose the mask were off in head "
        f"{_head(now)}: where would its attention go?",
        (
            Option(
                "Still to itself only",
                len(ids) == 1,
                f"{found} A softmax never gives exactly 0 unless a score is −∞."
                if len(ids) > 1
                else "Right: there is no other word.",
            ),
            Option("Less than half to words on its right", len(ids) > 1 and ahead < 0.5, found),
            Option("Half or more to words on its right", ahead >= 0.5, found),
            Option(
                "Nowhere: its row would be empty",
                False,
                f"{found} A row is empty only where everything is hidden.",
            ),
        ),
    )


def scale_question(now: Reader) -> Question:
    """How large would the largest share of the row be, undivided?"""
    config = load(now.model_name).config
    row = _row(now)
    attention = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention
    largest = float(attention.weights[0, now.head, row].max())
    sharp = float(undivided(attention)[0, now.head, row].max())
    same = abs(sharp - largest) < 0.005
    found = (
        f"Divided, the largest share is {percent(largest)}; undivided it is {percent(sharp)}."
        + ("" if same else " Larger differences between scores make the largest share larger.")
    )
    return Question(
        f"The division by √{config.d_head}",
        f"In head {_head(now)}, {quoted(now.pieces[row])} gives its favourite word "
        f"{percent(largest)}. What if the scores were not divided?",
        (
            Option("The favourite would get less", False, found),
            Option("The same, or nearly", same, found),
            Option("The favourite would get more", not same, found),
        ),
    )


def future_question(now: Reader) -> Question:
    """Does a word typed at the end change the row of an earlier one?"""
    row = _row(now)
    attention = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention
    weights = attention.weights[0, now.head, row]
    found = (
        f"In the row of {quoted(now.pieces[row])} nothing changes, whatever is added: "
        f"{percent(float(weights.max()))} stay with {quoted(now.pieces[int(weights.argmax())])}, "
        "for no word sees what comes after it."
    )
    return Question(
        "One more word",
        f"Another word is added at the end of your text. What happens to the shares that "
        f"{quoted(now.pieces[row])} gives in head {_head(now)}?",
        (
            Option("All of them shrink a little, to make room", False, found),
            Option("Nothing at all", True, found),
            Option("Only the largest changes", False, found),
        ),
    )


def _row(now: Reader) -> int:
    """The word looked at; the last one instead of the first, whose row says nothing."""
    last = len(now.token_ids[:SHOWN]) - 1
    return min(now.token, last) or last


def _head(now: Reader) -> str:
    return f"{now.layer + 1}.{now.head + 1}"
