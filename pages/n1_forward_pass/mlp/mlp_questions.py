"""What the MLP lesson asks: each answer is computed by running the network or the model again."""

from __future__ import annotations

import torch

from figures.numbers import count, number, percent, signed
from pages.n1_forward_pass.mlp.knockout_board import distributions, strongest_neuron
from pages.n1_forward_pass.mlp.mlp_board import SHOWN, mlp_input
from transformer_core.lens.neurons import QUIET, without_quiet
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader


def mlp_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    now = reader()
    return alone_question(now), quiet_question(now), silence_question(now)


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
        f"With zeros in the place of all other tokens, {_told(change)}: each vector is "
        " multiplied by the same matrices, by itself. What this token knows of the "
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


def quiet_question(now: Reader) -> Question:
    """How much of the output comes from neurons below a tenth of the strongest one?"""
    ids, row = _place(now)
    network = load(now.model_name).model.blocks[now.layer].feed_forward
    steps = trace(now.model_name, ids).blocks[now.layer].feed_forward
    hidden, output = steps.hidden[0, row], steps.output[0, row]
    with torch.inference_mode():
        moved = float(
            (without_quiet(network, hidden) - output).norm() / output.norm().clamp(min=1e-12)
        )
    told = round(moved, 2)  # at a border, the answer agrees with the share as it is written
    quiet = int((hidden.abs() < QUIET * hidden.abs().max()).sum())
    found = (
        f"The output moves by {percent(moved)} of its length. Each of the {count(quiet)} neurons "
        "adds little, but there are many of them."
    )
    return Question(
        "Without the quiet ones",
        f"In layer {now.layer + 1}, all neurons that answer {quoted(now.pieces[row])} with less "
        f"than a tenth of the strongest, {count(quiet)} of {count(len(hidden))}, are set to 0. "
        "By how much of its length does the MLP’s output for this token move?",
        (
            Option("By less than 15 %", told < 0.15, found),
            Option("By 15 to 35 %", 0.15 <= told < 0.35, found),
            Option("By 35 % or more", told >= 0.35, found),
        ),
    )


def silence_question(now: Reader) -> Question:
    """What does the likeliest next token gain or lose when one neuron is silent?"""
    ids, row = _place(now)
    loaded = load(now.model_name)
    neuron = strongest_neuron(now.model_name, ids, now.layer, row)
    best = distributions(loaded, ids, now.layer, neuron, row)[0]
    points = round(100 * (best["after"] - best["before"]), 1)
    last = now.layer + 1 == loaded.config.n_layers
    later = "" if last else ", and later layers can make up for it or build on it"
    found = (
        f"{quoted(best['piece'])} goes from {percent(best['before'])} to "
        f"{percent(best['after'])} ({signed(points, 1)} points). One neuron is one of "
        f"{loaded.config.d_ff} in this layer; what it adds is a small part of the stream{later}."
    )
    return Question(
        "One neuron silent",
        f"After {quoted(now.pieces[row])}, the model gives {quoted(best['piece'])} "
        f"{percent(best['before'])}. Suppose the strongest neuron of layer {now.layer + 1}, "
        f"number {neuron + 1}, were silent. What happens to this share?",
        (
            Option("It falls by a point or more", points <= -1, found),
            Option("It moves by less than a point", -1 < points < 1, found),
            Option("It rises by a point or more", points >= 1, found),
        ),
    )


def _place(now: Reader) -> tuple[tuple[int, ...], int]:
    ids = now.token_ids[:SHOWN]
    return ids, min(now.token, len(ids) - 1)


def _told(change: float) -> str:
    if change == 0:
        return "nothing changes to the last bit"
    return f"the largest change is {number(change)}, which is rounding"
