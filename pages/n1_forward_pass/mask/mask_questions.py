"""What the Mask lesson asks: each answer is computed by running the model or counting cells."""

from __future__ import annotations

import torch

from figures.numbers import number
from pages.n1_forward_pass.mask.mask_board import chosen
from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice, counted, is_picture_only
from pages.n1_forward_pass.mask.mask_pass import run
from transformer_core.lens.mask_effects import reach
from transformer_core.masks import causal_mask, sliding_window_mask
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load
from ui.prose import quoted
from ui.state import Reader


def mask_questions() -> tuple[Question, ...]:
    """About the reader's text, the mask chosen and the token looked at now."""
    now = reader()
    return reach_question(now), future_question(now), past_question(now, chosen(now)[0])


def reach_question(now: Reader) -> Question:
    """How far back does a causal window of two reach through all layers?"""
    n, n_layers = len(now.token_ids[:SHOWN]), load(now.model_name).config.n_layers
    heard = reach(sliding_window_mask(n, n, 2) & causal_mask(n), n_layers)[-1, -1]
    told = int(heard.sum())
    word = quoted(now.pieces[n - 1])
    why = (
        f"Each layer hands on one token further: (2 − 1) × {n_layers} + 1 = {n_layers + 1} tokens; "
        f"your text has {n}, so {told} it is."
    )
    amounts = sorted({1, 2, told, min(n, 2 * n_layers + 1), n})
    return Question(
        "A window of two",
        f"Each token may look at itself and the one before, in each of {n_layers} layers. From how "
        f"many tokens can {word}, the last of {n}, have heard at the end?",
        tuple(Option(f"{amount}", amount == told, why) for amount in amounts)
        if len(amounts) > 1
        else (Option("1", True, why), Option("None", False, "A token always keeps itself.")),
    )


def future_question(now: Reader) -> Question:
    """What happens to the loss once the whole future is in sight?"""
    ids = now.token_ids[:SHOWN]
    trained, freed = (run(now.model_name, ids, c) for c in (None, Choice("full")))
    if len(ids) == 1:
        why = "One token has no next token in the text, so there is no loss to speak of."
        return Question(
            "The future in sight",
            "Your text has one token. Take the mask away: what changes?",
            (Option("Nothing", True, why), Option("The prediction", False, why)),
        )
    before, after = float(trained.losses.mean()), float(freed.losses.mean())
    why = (
        f"It goes from {number(before)} to {number(after)} nats per token. The answers were "
        "all there; whether a model can use them, having been trained without, is another matter."
    )
    tenth, same = after < 0.1 * before, abs(after - before) < 0.05 * before
    falls, rises = after < before and not tenth and not same, after > before and not same
    return Question(
        "The future in sight",
        "This model was trained with the causal mask. Take the mask away, so that each token can "
        "see its own successor. Its loss on your text …",
        (
            Option("falls to under a tenth", tenth, why),
            Option("falls, but not that far", falls, why),
            Option("stays within 5 %", same and not tenth, why),
            Option("rises", rises, why),
        ),
    )


def past_question(now: Reader, choice: Choice) -> Question:
    """What becomes of the prediction after the token looked at?"""
    ids = now.token_ids[:SHOWN]
    yours = "your mask"
    if is_picture_only(choice):  # nothing is run under it
        choice, yours = Choice("full"), "the full mask"
    row = min(now.token, counted(choice, len(ids)))
    trained, other = (run(now.model_name, ids, c) for c in (None, choice))
    guesses = [int(outcome.logits[row].argmax()) for outcome in (trained, other)]
    change = float((trained.logits[row].softmax(-1) - other.logits[row].softmax(-1)).abs().max())
    first, second = (quoted(p) for p in load(now.model_name).tokenizer.pieces(guesses))
    same_row = torch.equal(trained.mask[row], other.mask[row])
    amount = int(other.mask[row].sum())
    seen = "the same tokens as before" if same_row else f"{amount} token{'s' * (amount != 1)}"
    why = (
        f"Under {yours}, {quoted(now.pieces[row])} may look at {seen}. The "
        f"likeliest next token was {first} and is {second}; the largest change of a probability "
        f"is {number(100 * change, 1)} percentage points. What its neighbours read in earlier "
        "layers counts too."
    )
    flipped = guesses[0] != guesses[1]
    return Question(
        "Another mask",
        f"Instead of the causal mask, {yours} is in force. What becomes of the prediction after "
        f"{quoted(now.pieces[row])}?",
        (
            Option("Nothing changes, not by a hair", change < 1e-5, why),
            Option(
                "The first choice stays, its probability moves", change >= 1e-5 and not flipped, why
            ),
            Option("Another token comes first", change >= 1e-5 and flipped, why),
        ),
    )
