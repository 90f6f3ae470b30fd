"""What the Attend lesson asks: reasoned or worked out by hand, then shown in the reader's run."""

from __future__ import annotations

from dataclasses import replace

from figures.numbers import number, percent
from pages.n1_forward_pass.attend.attention_board import SHOWN
from transformer_core.lens.attention_arithmetic import most_telling_head, undivided
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.head_roles import head_name
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

RESTING = 0.5  # weight of the first token from which on a row tells little


def attention_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now, and the head, or one that tells more."""
    now = telling(reader())
    if len(now.token_ids) == 1:  # its only row is 100 %, divided or not
        return replace(hand_question(), show={}, see=""), future_question(now)
    return hand_question(), scale_question(now), future_question(now)


def telling(now: Reader) -> Reader:
    """The reader's place; another head where theirs rests on the first token."""
    traced = trace(now.model_name, now.token_ids[:SHOWN])
    weights = traced.blocks[now.layer].attention.weights[0, now.head, _row(now)]
    if len(weights) == 1 or float(weights[0]) < RESTING:
        return now
    layer, head = most_telling_head(traced)
    return replace(now, chosen_layer=layer, chosen_head=head)


def hand_question() -> Question:
    """A softmax behind a mask, with three equal scores."""
    found = (
        "The mask turns the third score into −∞, and e to the −∞ is 0. What is left are 1 and 1, "
        "since e to the 0 is 1. Divided by their sum, 2, they are 0.5 and 0.5."
    )
    return Question(
        "By hand: mask and softmax",
        "A sentence has three tokens. The query of the second token has the score 0 with each of "
        "the three keys. What are its attention weights?",
        (
            Option(
                "0, 0 and 0",
                False,
                "A score of 0 looks as if the token were ignored. But a softmax compares scores: "
                f"equal scores get equal weights. {found}",
            ),
            Option(
                "⅓, ⅓ and ⅓",
                False,
                f"That would be right without the mask: the third token comes later. {found}",
            ),
            Option("½, ½ and 0", True, found),
        ),
        show={"token": "2"},
        see="the row of your second token. Only its first two cells hold a weight; the mask hides "
        "all later ones.",
    )


def scale_question(now: Reader) -> Question:
    """What becomes of the largest weight of a row without the division?"""
    root = load(now.model_name).config.d_head
    row = _row(now)
    attention = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention
    weights = attention.weights[0, now.head, row]
    largest = float(weights.max())
    sharp = float(undivided(attention)[0, now.head, row].max())
    favourite = quoted(now.pieces[int(weights.argmax())])
    found = (
        f"Divided, {favourite} gets {percent(largest)}; undivided it gets {percent(sharp)}. "
        "Without the division all differences between scores are "
        f"{number(root**0.5)} times as large, and e to a larger difference is a larger ratio. So "
        "the largest weight can only grow."
    )
    return Question(
        f"Without the division by √{root}",
        f"In head {head_name(now.layer, now.head)} the token that {quoted(now.pieces[row])} "
        f"attends to most is {favourite}, with an attention weight of {percent(largest)}. Suppose "
        "the scores were not divided. What can happen to this weight?",
        (
            Option(
                "It shrinks, and the weights become more equal",
                False,
                "Dividing may sound like the step that makes differences stand out. But smaller "
                f"scores lie closer together, so it makes the weights more equal. {found}",
            ),
            Option(
                "Nothing, for all scores change by the same factor",
                False,
                "A common factor would cancel in a plain ratio. In a softmax the scores stand in "
                f"the exponent. {found}",
            ),
            Option("It grows, unless it is already 100 %", True, found),
        ),
        show=_place(now),
        see=f"head {head_name(now.layer, now.head)} and the row of {quoted(now.pieces[row])}. "
        f"Switch off “divide by √d” and watch the weight of {favourite}.",
    )


def future_question(now: Reader) -> Question:
    """Does a word typed at the end change the row of an earlier one?"""
    row = _row(now)
    attention = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention
    weights = attention.weights[0, now.head, row]
    favourite = quoted(now.pieces[int(weights.argmax())])
    found = (
        f"No token sees what comes after it. So the row of {quoted(now.pieces[row])} stays as it "
        f"is: {percent(float(weights.max()))} for {favourite}, whatever you add at the end."
    )
    return Question(
        "One more word",
        "Another word is added at the end of your text. What happens to the attention weights that "
        f"{quoted(now.pieces[row])} gives in head {head_name(now.layer, now.head)}?",
        (
            Option(
                "All of them shrink a little, to make room",
                False,
                "In a softmax, one term more takes weight from all others. But the mask hides the "
                "new word from this row, so there is nothing to make room for. "
                f"{found}",
            ),
            Option("Nothing at all", True, found),
            Option(
                "Only the largest changes",
                False,
                "The largest weight seems to have most to lose. But a softmax changes all weights "
                f"of a row or none of them. {found}",
            ),
        ),
        show=_place(now),
        see=f"the row of {quoted(now.pieces[row])} in head {head_name(now.layer, now.head)}. Add "
        "a word to your sentence: the row gets one more hidden cell, and its weights stay.",
    )


def _row(now: Reader) -> int:
    """The word looked at; the last one instead of the first, whose row says nothing."""
    last = len(now.token_ids[:SHOWN]) - 1
    return min(now.token, last) or last


def _place(now: Reader) -> dict[str, str]:
    """The row and the head, as the address counts them."""
    return {
        "layer": str(now.layer + 1),
        "head": str(now.head + 1),
        "token": str(_row(now) + 1),
    }
