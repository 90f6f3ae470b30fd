"""What the Mask lesson asks: each answer is counted by hand or follows from what a mask hides."""

from __future__ import annotations

import torch

from figures.numbers import number
from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice
from pages.n1_forward_pass.mask.mask_pass import run
from transformer_core.masks import causal_mask
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import HEAVY_PASSES, load
from ui.prose import quoted
from ui.state import Reader

COUNTED = 4  # tokens: few enough to be counted by hand


def mask_questions() -> tuple[Question, ...]:
    """About masks in general, answered with the reader's text."""
    now = reader()
    return count_question(), changed_question(now), future_question(now)


def count_question() -> Question:
    """How many cells does the causal mask leave open?"""
    n = COUNTED
    told = int(causal_mask(n).sum())
    count = (
        f"Token 1 sees itself, so one cell is open in its row. Each later row has one more: "
        f"{' + '.join(map(str, range(1, n + 1)))} = {told}. In general n (n + 1) / 2."
    )
    wrong = {
        told - n: "That leaves out the diagonal. A token may look at itself.",
        n * n // 2: f"That is half of {n * n}. More than half are open, since a token may also "
        "look at itself.",
        n * n: "That would be so without a mask, where every token looks at every token.",
    }
    options = [Option(str(told), True, count)]
    options += [Option(str(n), False, f"{why} {count}") for n, why in wrong.items()]
    return Question(
        "Count by hand",
        f"A text has {n} tokens, so attention has {n} × {n} = {n * n} cells: one for each pair of "
        "tokens. How many cells are open under the causal mask?",
        tuple(sorted(options, key=lambda option: int(option.text))),
        show={"mask": Choice("causal").address},
        see="the first row of the causal mask has one open cell, the second two, the third three.",
    )


def changed_question(now: Reader) -> Question:
    """The last token is replaced by another: which predictions of the one pass change?"""
    ids = now.token_ids[:SHOWN]
    last = quoted(now.pieces[len(ids) - 1])
    change = changed_predictions(now.model_name, ids)
    before = max(change[:-1], default=0.0)
    earlier = (
        f"We replaced {last} by another token and ran the model again. The other "
        f"{len(ids) - 1} predictions moved by at most {number(before, 3, 1e-4)} in any "
        "probability. "
        if len(ids) > 1
        else "Your text has only this one token, so it has only this one prediction. "
    )
    why = (
        f"{earlier}The prediction after the new token moved by up to {number(change[-1], 3)}. "
        "Under the causal mask no earlier row can look at the last token, in any layer."
    )
    return Question(
        "A new last token",
        f"Replace the last token of your text, {last}, by another one, under the causal mask. "
        "Which of the model’s next-token predictions can change?",
        (
            Option("Only the one after the new token", True, why),
            Option(
                "All of them",
                False,
                f"That would be so without a mask, where every row looks at every token. {why}",
            ),
            Option(
                "The one before the new token too",
                False,
                "That row predicts the last token, but it cannot see it. Its loss changes, since "
                f"another token is now the right one; its probabilities do not. {why}",
            ),
        ),
        show={"mask": Choice("causal").address, "token": str(len(ids))},
        see=f"the causal mask. The column of {last} is open in its own row only, so no other row "
        "can read it.",
    )


def changed_predictions(name: str, ids: tuple[int, ...]) -> list[float]:
    """The largest change of a probability at each position when the last token is another."""
    model = load(name).model
    other = (*ids[:-1], (ids[-1] + 1) % model.config.vocab_size)
    with HEAVY_PASSES, torch.inference_mode():
        first, second = (model(torch.tensor([each]))[0].softmax(-1) for each in (ids, other))
    return [float(change) for change in (first - second).abs().amax(-1)]


def future_question(now: Reader) -> Question:
    """What does the loss say once the whole future is visible?"""
    ids = now.token_ids[:SHOWN]
    trained, freed = (run(now.model_name, ids, c) for c in (None, Choice("full")))
    told = (
        f"On your text the loss goes from {number(float(trained.losses.mean()))} to "
        f"{number(float(freed.losses.mean()))} nats per token. "
        if len(ids) > 1
        else "Your text has one token, so there is nothing to predict in it. "
    )
    why = (
        f"{told}Each row could read the token that it is asked for. The new loss shows how much "
        "the model makes of an answer in its input, not how well it predicts."
    )
    return Question(
        "The future is visible",
        "This model was trained with the causal mask. You take the mask away and measure the loss "
        "of the same text again. What does the new loss tell about the model’s predictions?",
        (
            Option(
                "If it is lower, the model predicts better",
                False,
                f"A lower loss looks like a better prediction, but copying is enough for it. {why}",
            ),
            Option("Nothing: the answers were in the input", True, why),
            Option(
                "If it is higher, the model has forgotten",
                False,
                "No weight has changed. A higher loss only shows that the model was never trained "
                f"with such input. {why}",
            ),
        ),
        show={"mask": Choice("full").address},
        see="the mask is now open everywhere. The bars of the loss compare both passes, token by "
        "token.",
    )
