"""What the Residual lesson asks: by hand, and about the reader's run; each answer is computed."""

from __future__ import annotations

from math import hypot, prod

import torch

from figures.numbers import number
from pages.n1_forward_pass.residual.word_vectors import SHOWN
from transformer_core.lens.norm_arithmetic import norm_steps
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

STREAM, ADDED = (3.0, 0.0), (0.0, 4.0)  # at a right angle, to be added by hand
SLOPES = (0.1, 0.1, 0.1)  # of three sublayers that are worked out by hand


def residual_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    return gradient_question(), length_question(), doubled_question(reader())


def gradient_question() -> Question:
    """What do three sublayers of slope 0.1 make of a gradient, with their skips and without?"""
    slope, n = SLOPES[0], len(SLOPES)
    skipped, bare = prod(1 + each for each in SLOPES), prod(SLOPES)
    worked = (
        f"With its skip, each sublayer multiplies the gradient by 1 + {slope} = {1 + slope}, and "
        f"{1 + slope}³ = {number(skipped, 3)}. Without, each multiplies it by {slope}, and "
        f"{slope}³ = {number(bare, 3)}."
    )
    return Question(
        "A gradient, by hand",
        f"A stream of one number x passes {n} sublayers f(x) = {slope}·x. Without skip "
        f"connections, the gradient that comes back is multiplied by {slope}³ = {number(bare, 3)}. "
        "By what is it multiplied with them, x + f(x)?",
        (
            Option(
                number(1 + sum(SLOPES), 1),
                False,
                f"That adds the three slopes once. But the factors 1 + {slope} are multiplied: "
                f"what one sublayer added passes through the next ones as well. {worked}",
            ),
            Option(number(skipped, 3), True, worked),
            Option(
                "1",
                False,
                f"That is the direct path alone, the I in I + ∂f/∂x. The sublayers add to it. "
                f"{worked}",
            ),
        ),
    )


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
