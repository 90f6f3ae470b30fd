"""What the Residual lesson asks: by hand, and about the reader's run; each answer is computed."""

from __future__ import annotations

from math import hypot, sqrt

import torch

from figures.numbers import number
from pages.n1_forward_pass.residual.word_vectors import SHOWN
from transformer_core.lens.norm_arithmetic import norm_steps
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

STREAM, ADDED = (3.0, 0.0), (0.0, 4.0)  # at a right angle, to be added by hand
STREAM_OF_TWO = (1.0, 7.0)  # its root mean square is a whole number


def residual_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    return length_question(), norm_question(), doubled_question(reader())


def length_question() -> Question:
    """How long is the sum of two vectors at a right angle?"""
    before, added, after = hypot(*STREAM), hypot(*ADDED), hypot(STREAM[0], ADDED[1])
    told = f"({STREAM[0]:.0f}, {STREAM[1]:.0f})", f"({ADDED[0]:.0f}, {ADDED[1]:.0f})"
    worked = (
        f"The sum is ({STREAM[0]:.0f}, {ADDED[1]:.0f}), and its length is √(3² + 4²) = "
        f"{number(after, 0)}. Additions to a real stream are often near a right angle, too, as the "
        "row “Angle” shows."
    )
    return Question(
        "Adding vectors, by hand",
        f"A stream is the vector {told[0]}, of length {number(before, 0)}. A sublayer adds "
        f"{told[1]}, of length {number(added, 0)}. How long is the stream then?",
        (
            Option(
                number(before + added, 0),
                False,
                f"Lengths add up only if both vectors point the same way. {worked}",
            ),
            Option(number(after, 0), True, worked),
            Option(
                number(added - before, 0),
                False,
                f"That would be so if they pointed in opposite directions. {worked}",
            ),
        ),
    )


def norm_question() -> Question:
    """What does RMSNorm make of two numbers?"""
    a, b = STREAM_OF_TWO
    size, length, total = sqrt((a * a + b * b) / 2), hypot(a, b), a + b
    worked = (
        f"√((1² + 7²) / 2) = √25 = {size:.0f}, and 1/{size:.0f} = {a / size:.1f}, "
        f"7/{size:.0f} = {b / size:.1f}. The result has the length √2, as every vector of two "
        "numbers has after this norm. LayerNorm subtracts the mean of the numbers first."
    )
    return Question(
        "A norm, by hand",
        f"A stream is ({a:.0f}, {b:.0f}). The norm of many models, RMSNorm, divides each number by "
        "the root mean square: the square root of the mean of the squared numbers. What is left, "
        "without ε and gain?",
        (
            Option(
                f"({a / total:.3f}, {b / total:.3f})",
                False,
                f"That divides by the sum of the numbers. {worked}",
            ),
            Option(
                f"({a / length:.2f}, {b / length:.2f})",
                False,
                f"That divides by the length, √50, and gives a vector of length 1. {worked}",
            ),
            Option(f"({a / size:.1f}, {b / size:.1f})", True, worked),
        ),
    )


def doubled_question(now: Reader) -> Question:
    """What does a norm make of a stream twice as long?"""
    token = min(now.token, SHOWN - 1)
    model = load(now.model_name).model
    x = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].resid_pre[0, token]
    norm = model.blocks[now.layer].attention_norm
    with torch.inference_mode():
        once, twice = (norm_steps(norm, each).standardised.norm() for each in (x, 2 * x))
    ratio = float(twice / once)
    before, after = number(float(once)), number(float(twice))
    changed = (
        f"{after} long, exactly as before"
        if after == before
        else f"{after} long instead of {before}"
    )
    found = (
        f"Before gain and bias it would be {changed}. The norm divides by the stream’s own spread, "
        "and that doubles too. So a sublayer reads the stream’s direction, not its length."
    )
    return Question(
        "A stream twice as long",
        f"Suppose all numbers in the stream of {quoted(now.pieces[token])} were doubled before "
        f"the attention norm of layer {now.layer + 1}. What would the attention read?",
        (
            Option(
                "A vector twice as long",
                ratio > 1.9,
                f"The stream would be twice as long, but attention reads the normed copy. {found}",
            ),
            Option("The same vector, but for rounding and ε", ratio < 1.05, found),
            Option(
                "A longer vector, but less than twice as long",
                1.05 <= ratio <= 1.9,
                f"Nothing in the norm lets a part of the length through. {found}",
            ),
        ),
    )
