"""What Depth asks: by hand, and about the untrained stacks on the reader's text."""

from __future__ import annotations

from math import prod, sqrt

import streamlit as st

from figures.numbers import number
from pages.n1_forward_pass.residual.depth_charts import DEPTH, SHOWN, changed, measures
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.state import Reader

SLOPES = (0.1, 0.1, 0.1)  # of three sublayers that are worked out by hand
POST_NORMS = 4  # sublayers, each with a norm behind it


def depth_questions() -> tuple[Question, ...]:
    """About the depth that the reader looks at now."""
    return gradient_question(), scaled_question(), skip_question(reader())


def _curve(chart: str, name: str) -> dict[str, str]:
    """One curve of a chart, the others pale."""
    return {"chart": f"depth-{chart}", "curve": name}


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
        show={"slope": str(slope), "sublayers": str(n)},
        see=f"the chain below the charts, with {n} sublayers of slope {slope}. Add sublayers and "
        "watch the two curves part.",
    )


def scaled_question() -> Question:
    """What do four norms of post-norm leave of the embedding?"""
    kept = (1 / sqrt(2)) ** POST_NORMS
    worked = (
        f"Each sum is √2 times as long as what went in, so each norm divides by √2. After "
        f"{POST_NORMS} of them the embedding’s part is 1/(√2)⁴ = 1/4 = {number(kept, 2)} of what "
        "it was. Under pre-norm no norm stands in this path, so the part stays 1."
    )
    return Question(
        "Post-norm, by hand",
        f"A stack of {POST_NORMS} sublayers is `norm(x + f(x))`. Each f(x) is as long as its x and "
        "at a right angle to it, and the norm brings the sum back to the length of x. By what is "
        "the embedding’s own part of the stream multiplied in the end?",
        (
            Option("1", False, f"That is so under pre-norm. {worked}"),
            Option(
                "1/16",
                False,
                f"That halves it each time. But two vectors at a right angle make a sum of √2 "
                f"times the length, not of twice the length. {worked}",
            ),
            Option("1/4", True, worked),
        ),
        show=_curve("sizes", "post-norm"),
        see="the length of a vector under post-norm. Each norm brings it back to one length, so "
        "whatever is added leaves less room for the embedding.",
    )


def skip_question(now: Reader) -> Question:
    """Does a skip connection keep the gradient's length?"""
    depth = st.session_state.get(DEPTH) or 12
    found = measures(now.model_name, now.token_ids[:SHOWN], depth)["no norm"]
    why = (
        "In I + ∂f/∂x the I is always there, so the direct path cannot vanish. The other paths, "
        "through the sublayers, are added to it. In the stack of "
        f"{depth} layers with skips alone, the gradient on your text {changed(found)}."
    )
    return Question(
        "What a skip promises",
        "Every sublayer of a stack has a skip connection, and no norm. What holds for the gradient "
        "on its way back to the first layer?",
        (
            Option(
                "It keeps its length",
                False,
                f"That would be so if all sublayers added nothing. {why}",
            ),
            Option("A part of it arrives unchanged, but the sum may still explode", True, why),
            Option(
                "It vanishes, as each layer multiplies it by a small factor",
                False,
                f"That is so without skips, where only ∂f/∂x is left. {why}",
            ),
        ),
        show=_curve("arriving", "no norm"),
        see="the gradient of the stack with skips and no norm, from the output on the right to the "
        "embedding on the left.",
    )
