"""What the Residual lesson asks: each answer is computed from the run, or by running it again."""

from __future__ import annotations

from math import isclose

import torch

from figures.numbers import number
from pages.n1_forward_pass.residual.without_board import outcome
from pages.n1_forward_pass.residual.word_vectors import SHOWN
from transformer_core.lens.norm_arithmetic import norm_steps
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

ALIKE = 0.05  # nats: differences below it are called the same


def residual_questions() -> tuple[Question, ...]:
    """About the layer and word that the reader looks at now."""
    now = reader()
    return skip_question(now), length_question(now), doubled_question(now)


def skip_question(now: Reader) -> Question:
    """What costs more in one layer: the branch, or the skip connection around it?"""
    ids = now.token_ids[:SHOWN]

    def loss(*kinds: str) -> float:
        parts = frozenset((kind, now.layer) for kind in kinds)
        value = outcome(now.model_name, ids, parts)["loss"]
        return float("inf") if value is None else value

    intact = loss()
    branch, skip = loss("attention"), loss("attention_skip")
    found = (
        f"The loss on your text is {number(intact)} nats per word; {number(branch)} without what "
        f"this attention adds, {number(skip)} without the skip connection around it. "
        + (
            "The skip connection carries all that was written before."
            if skip > branch
            else "What this attention writes matters more here than what passes it by."
        )
    )
    same = abs(branch - skip) <= ALIKE or branch == skip
    return Question(
        "Branch or skip",
        f"In layer {now.layer + 1}, either the attention adds nothing, or its skip connection is "
        "cut, so that only what the attention wrote goes on. Which costs your text more?",
        (
            Option("The attention that adds nothing", branch > skip and not same, found),
            Option("The cut skip connection", skip > branch and not same, found),
            Option(f"Both the same, within {ALIKE} nats", same, found),
        ),
    )


def length_question(now: Reader) -> Question:
    """How long is a sum of two vectors of known length? Of a word that is not on screen."""
    ids = now.token_ids[:SHOWN]
    token = (min(now.token, len(ids) - 1) + (len(ids) + 1) // 2) % len(ids)
    block = trace(now.model_name, ids).blocks[now.layer]
    before, added, after = (
        float(x[0, token].norm())
        for x in (block.resid_mid, block.feed_forward.output, block.resid_post)
    )
    whole = before + added
    straight = isclose(after, whole, rel_tol=1e-3)
    found = (
        f"It is {number(after, 1)}. Lengths add up only where both vectors point the same way; "
        "against the stream, an addition can even make it shorter."
    )
    was = number(before, 1)
    as_printed = number(round(before, 1) + round(added, 1), 1)
    return Question(
        "Adding vectors",
        f"{quoted(now.pieces[token])}’s vector is {was} long when layer {now.layer + 1}’s "
        f"MLP adds a vector of length {number(added, 1)}. How long is it then?",
        (
            Option(f"Exactly {as_printed}: lengths add up", straight, found),
            Option(f"Longer than {was}", after >= before and not straight, found),
            Option(f"Shorter than {was}", after < before and not straight, found),
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
        f"Before gain and bias it would be {changed}: "
        "the norm divides by the stream’s own spread, which doubles too. So a sublayer reads the "
        "stream’s direction, not its length."
    )
    return Question(
        "A stream twice as long",
        f"Suppose all numbers in {quoted(now.pieces[token])}’s stream were doubled before layer "
        f"{now.layer + 1}’s attention norm. What would the attention read?",
        (
            Option("A vector twice as long", ratio > 1.9, found),
            Option("The same vector, but for rounding and ε", ratio < 1.05, found),
            Option("Something in between", 1.05 <= ratio <= 1.9, found),
        ),
    )
