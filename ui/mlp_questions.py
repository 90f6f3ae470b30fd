"""What the MLP lesson asks: each answer is computed by running the network or the model again."""

from __future__ import annotations

import torch

from transformer_core.lens.neurons import QUIET, quiet_share
from ui.check import Option, Question
from ui.frame import reader
from ui.knockout_board import distributions, strongest_neuron
from ui.mlp_board import SHOWN, mlp_input
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader


def mlp_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    now = reader()
    return alone_question(now), loud_question(now), silence_question(now)


def alone_question(now: Reader) -> Question:
    """Does the output of one token depend on the vectors of the others?"""
    ids, row = _place(now)
    loaded = load(now.model_name)
    network = loaded.model.blocks[now.layer].feed_forward
    traced = trace(now.model_name, ids).blocks[now.layer]
    x = mlp_input(loaded.config.block, traced)
    others = torch.zeros_like(x)
    others[:, row] = x[:, row]
    with torch.inference_mode():
        change = float((network(others)[0, row] - traced.feed_forward.output[0, row]).abs().max())
    found = (
        f"With zeros in the place of all other tokens, the largest change is {change:.5f}: each "
        "vector is multiplied by the same matrices, by itself. What this token knows of the "
        "others was put into its vector by attention."
    )
    return Question(
        "The neighbours",
        f"Just before the MLP of layer {now.layer + 1}, the vectors of all tokens but "
        f"{quoted(now.pieces[row])} are set to zero. What happens to the MLP’s output for "
        f"{quoted(now.pieces[row])}?",
        (
            Option("It becomes zero too", False, found),
            Option("It changes a little: less is mixed in", False, found),
            Option("Nothing, apart from rounding", True, found),
        ),
    )


def loud_question(now: Reader) -> Question:
    """How many neurons reach a tenth of the strongest one?"""
    ids, row = _place(now)
    hidden = trace(now.model_name, ids).blocks[now.layer].feed_forward.hidden[0, row]
    quiet, n = float(quiet_share(hidden)), len(hidden)
    loud = round(n * (1 - quiet))
    found = (
        f"{loud} of {n} neurons reach {100 * QUIET:.0f} % of the strongest, which has "
        f"{float(hidden.abs().max()):.2f}; the others stay below."
    )
    return Question(
        "How many speak?",
        f"Of the {n} neurons of layer {now.layer + 1}, how many answer "
        f"{quoted(now.pieces[row])} with at least a tenth of the strongest one’s activation?",
        (
            Option("Fewer than one in ten", loud / n < 0.1, found),
            Option("From a tenth to a quarter", 0.1 <= loud / n < 0.25, found),
            Option("A quarter or more", loud / n >= 0.25, found),
        ),
    )


def silence_question(now: Reader) -> Question:
    """What does the likeliest next token gain or lose when one neuron is silent?"""
    ids, row = _place(now)
    loaded = load(now.model_name)
    neuron = strongest_neuron(now.model_name, ids, now.layer, row)
    best = distributions(loaded, ids, now.layer, neuron, row)[0]
    change = best["after"] - best["before"]
    found = (
        f"{quoted(best['piece'])} goes from {100 * best['before']:.1f} % to "
        f"{100 * best['after']:.1f} %. One neuron is one of {loaded.config.d_ff} in this layer; "
        "what it adds is a small part of the stream, and later layers can make up for it or build "
        "on it."
    )
    return Question(
        "One neuron silent",
        f"After {quoted(now.pieces[row])}, the model gives {quoted(best['piece'])} "
        f"{100 * best['before']:.1f} %. Suppose the strongest neuron of layer {now.layer + 1}, "
        f"number {neuron + 1}, were silent. What happens to this share?",
        (
            Option("It falls by a point or more", change <= -0.01, found),
            Option("It moves by less than a point", -0.01 < change < 0.01, found),
            Option("It rises by a point or more", change >= 0.01, found),
        ),
    )


def _place(now: Reader) -> tuple[tuple[int, ...], int]:
    ids = now.token_ids[:SHOWN]
    return ids, min(now.token, len(ids) - 1)
