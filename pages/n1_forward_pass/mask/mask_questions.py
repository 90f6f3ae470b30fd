"""What the Mask lesson asks: each answer is counted by hand or follows from what a mask hides."""

from __future__ import annotations

import torch

from figures.numbers import number
from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice
from pages.n1_forward_pass.mask.mask_pass import run
from transformer_core.lens.mask_effects import reach
from transformer_core.masks import causal_mask, sliding_window_mask
from ui.check import Option, Question
from ui.frame import reader
from ui.models import HEAVY_PASSES, load
from ui.prose import quoted
from ui.state import Reader

WINDOW, LAYERS = 2, 3  # small enough to be counted by hand


def mask_questions() -> tuple[Question, ...]:
    """About masks in general, answered with the reader's text."""
    now = reader()
    return reach_question(), changed_question(now), future_question(now)


def reach_question() -> Question:
    """How far back does a causal window of two reach through three layers?"""
    n = 2 * WINDOW * LAYERS
    told = int(reach(sliding_window_mask(n, n, WINDOW) & causal_mask(n), LAYERS)[-1, -1].sum())
    count = (
        f"In layer 1 a token hears from itself and the one before, so from 2 tokens. Each further "
        f"layer adds one more: 2, 3, {told}. In general ({WINDOW} − 1) × {LAYERS} + 1 = {told}."
    )
    wrong = {
        WINDOW: f"{WINDOW} is right for one layer only. In layer 2 the token before has itself "
        "heard from the one before it.",
        WINDOW * LAYERS: f"{WINDOW} × {LAYERS} counts the token itself once in every layer.",
        WINDOW**LAYERS: f"{WINDOW} to the power of {LAYERS} would need each layer to double the "
        "reach. But what the two tokens have heard overlaps.",
    }
    options = [Option(str(told), True, count)]
    options += [Option(str(n), False, f"{why} {count}") for n, why in wrong.items()]
    return Question(
        "Count by hand",
        f"Each token may look at itself and at the token before it. The model has {LAYERS} layers. "
        "From how many tokens can the last token of a long text have heard, itself included?",
        tuple(sorted(options, key=lambda option: int(option.text))),
        show={"mask": Choice("sliding_window", (WINDOW,), causal=True).address},
        see=f"the mask is now a sliding window of {WINDOW}, so each row has {WINDOW} open cells. "
        "Below, follow the last token back through the layers.",
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
