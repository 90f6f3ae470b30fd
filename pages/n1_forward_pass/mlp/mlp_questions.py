"""What the MLP lesson asks: about the reader's run, and by hand; each answer is computed."""

from __future__ import annotations

import torch

from figures.numbers import count, number
from pages.n1_forward_pass.mlp.mlp_board import SHOWN, mlp_input
from transformer_core.config import TransformerConfig
from transformer_core.feed_forward import ACTIVATIONS
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

READING, WRITING = (1.0, -1.0), (1.0, 1.0)  # of the two neurons that are worked out by hand


def mlp_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    now = reader()
    return alone_question(now), hand_question(), collapse_question(load(now.model_name).config)


def alone_question(now: Reader) -> Question:
    """Does the output of one token depend on the vectors of the others?"""
    ids = now.token_ids[:SHOWN]
    row = min(now.token, len(ids) - 1)
    loaded = load(now.model_name)
    network = loaded.model.blocks[now.layer].feed_forward
    traced = trace(now.model_name, ids).blocks[now.layer]
    x = mlp_input(loaded.config.block, traced)
    others = torch.zeros_like(x)
    others[:, row] = x[:, row]
    with torch.inference_mode():
        change = float((network(others)[0, row] - traced.feed_forward.output[0, row]).abs().max())
    found = (
        f"It was computed just now with zeros in the place of the other tokens: {_told(change)}. "
        "The same matrices multiply each token’s vector by itself."
    )
    word = quoted(now.pieces[row])
    return Question(
        "The other tokens",
        f"Just before the MLP of layer {now.layer + 1}, the vectors of all tokens except {word} "
        f"are set to zero. What happens to the MLP’s output for {word}?",
        (
            Option(
                "It becomes zero too",
                False,
                "Attention would have little left to read. But the MLP reads one vector only, and "
                f"{word} still has its own. {found}",
            ),
            Option(
                "It changes a little: less is mixed in",
                False,
                "Mixing is what attention does, and that was finished before these vectors were "
                f"set to zero. {found}",
            ),
            Option("Nothing, apart from rounding", True, found),
        ),
        show={"layer": str(now.layer + 1), "token": str(row + 1)},
        see=f"layer {now.layer + 1} and the way of {word} through the network. It begins with this "
        "one vector, and no other token enters it.",
    )


def two_neurons(x: float, bend: bool) -> float:
    """Two neurons that read one number, and one output: ReLU(x) + ReLU(-x), or x - x."""
    pre = x * torch.tensor(READING)
    return float((ACTIVATIONS["relu"](pre) if bend else pre) @ torch.tensor(WRITING))


def hand_question() -> Question:
    """A network small enough to be worked out in the head."""
    right, straight = two_neurons(-3, bend=True), two_neurons(-3, bend=False)
    worked = (
        f"ReLU(−3) = 0 and ReLU(3) = 3; the sum is {number(right, 0)}. So this network computes "
        "|x|, the size of x. Its curve has a corner at 0, which no single matrix can make."
    )
    return Question(
        "Two neurons, by hand",
        "A network reads one number x. Its first neuron multiplies x by 1, its second by −1. "
        "ReLU(x) = max(0, x) bends both, and the output is their sum. For x = 3 it is 3 + 0 = 3. "
        "What is it for x = −3?",
        (
            Option(
                "−3",
                False,
                "The example gave x itself, so the rule seems to be that the output is x. But ReLU "
                f"bends. {worked}",
            ),
            Option(
                number(straight, 0),
                False,
                "That is the output without the bend: −3 + 3 = 0 for this x, and 0 for every "
                f"other. With the bend, {worked}",
            ),
            Option(number(right, 0), True, worked),
        ),
    )


def collapse_question(config: TransformerConfig) -> Question:
    """Which matrix does the work of both, once the bend is gone?"""
    d, m = config.d_model, config.d_ff
    product = (
        f"[{d} × {m}] times [{m} × {d}] is [{d} × {d}]: the outer sizes stay, the inner one is "
        "summed over."
    )
    why = (
        f"{product} That is {count(d * d)} weights in the place of {count(2 * d * m)}. The board "
        "above computes both ways."
    )
    return Question(
        "The bend taken out",
        f"Take the bend out of this model’s MLP. W_up [{d} × {m}] and W_down [{m} × {d}] are left. "
        "Which single matrix gives the same output for every input?",
        (
            Option(f"One of {d} × {d}", True, why),
            Option(
                f"One of {m} × {m}",
                False,
                f"All numbers pass through {m} neurons, so this size looks right. But a vector of "
                f"{d} numbers goes in, so the matrix must have {d} rows. {product}",
            ),
            Option(
                f"None: {m} neurons can do more than {d} numbers",
                False,
                "They can with the bend. Without it, each neuron is a sum of the inputs, and each "
                f"output is a sum of such sums, so it is a sum of the inputs as well. {product}",
            ),
        ),
    )


def _told(change: float) -> str:
    if change == 0:
        return "not a single bit changes"
    return f"the largest change is {number(change)}, which is rounding"
