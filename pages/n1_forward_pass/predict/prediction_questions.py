"""What the Predict lesson asks: each answer is computed from the reader's own logits."""

from __future__ import annotations

from math import exp

import torch

from figures.numbers import number, percent
from pages.n1_forward_pass.predict.prediction_board import SHOWN
from transformer_core.generation import Sampling, filter_steps
from transformer_core.laws.costs import positions_with_cache, positions_without_cache
from transformer_core.lens.prediction import surprise
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

NUCLEUS = 0.9
WRITTEN = 20
USEFUL = 5.0  # a ratio of shares whose half, double and square differ clearly


def prediction_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now."""
    return prediction_questions_for(reader())


def prediction_questions_for(now: Reader) -> tuple[Question, ...]:
    """Temperature, nucleus, and surprise; for a very short text the cache instead."""
    last = surprise_question(now) if len(now.token_ids) > 3 else cache_question(now)
    return temperature_question(now), nucleus_question(now), last


def _logits(now: Reader) -> torch.Tensor:
    ids = now.token_ids[:SHOWN]
    return trace(now.model_name, ids).logits[0, min(now.token, len(ids) - 1)]


def _word(now: Reader) -> str:
    return quoted(now.pieces[min(now.token, SHOWN - 1)])


def temperature_question(now: Reader) -> Question:
    """Dividing logits by a half squares the ratio of two shares."""
    logits = _logits(now)
    gaps = logits.max() - logits
    ratios = gaps.clamp(max=50).exp()
    distance = (ratios / USEFUL).log().abs()
    distance[_ambiguous(ratios)] = torch.inf
    other = int(distance.argmin())
    ratio = float(ratios[other])
    first, second = (
        quoted(piece)
        for piece in load(now.model_name).tokenizer.pieces([int(logits.argmax()), other])
    )
    gap = round(float(gaps[other]), 3)
    found = (
        f"The logits differ by {number(gap, 3)}. Divided by 0.5 they differ by "
        f"{number(2 * gap, 3)}, and e to that power is about {_figure(ratio**2)}: "
        f"the square of {_figure(ratio)}. A low temperature sharpens."
    )
    return Question(
        "The temperature",
        f"After {_word(now)}, {first} is {_figure(ratio)} times as likely as {second}. How many "
        "times, at temperature 0.5?",
        (
            Option(f"{_figure(ratio / 2)} times: half", False, found),
            Option(f"{_figure(ratio)} times: the same", False, found),
            Option(f"{_figure(2 * ratio)} times: double", False, found),
            Option(f"{_figure(ratio**2)} times: the square", True, found),
        ),
    )


def _figure(x: float) -> str:
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def _ambiguous(ratios: torch.Tensor) -> torch.Tensor:
    """Where half, same, double and square could be read as one another."""
    return (ratios < 1.02) | ((ratios - 2).abs() < 0.1)


def nucleus_question(now: Reader) -> Question:
    """How many tokens does top-p leave?"""
    step = filter_steps(_logits(now), Sampling(top_p=NUCLEUS))[-1]
    kept, vocab = int(step.kept.sum()), len(step.kept)
    held = float(_logits(now).softmax(-1)[step.kept].sum())
    found = (
        f"{kept:,} of {vocab:,}: together they hold {percent(held)}, and one less would not "
        f"reach {percent(NUCLEUS)}. The number differs from word to word: few where the model "
        "is sure, many where it is not. Top-k keeps the same number everywhere."
    )
    bounds = ((1, 1, "1"), (2, 10, "2 to 10"), (11, 100, "11 to 100"), (101, vocab, "over 100"))
    return Question(
        "The nucleus",
        f"At temperature 1, top-p = {NUCLEUS} keeps the fewest tokens that together reach "
        f"{percent(NUCLEUS)}. How many of the {vocab:,} are these after {_word(now)}?",
        tuple(Option(name, low <= kept <= high, found) for low, high, name in bounds),
    )


def surprise_question(now: Reader) -> Question:
    """Which word of the text did the model expect least?"""
    ids = now.token_ids[:SHOWN]
    logits = trace(now.model_name, ids).logits[0]
    nats = surprise(logits, torch.tensor(ids))
    order = nats.argsort(descending=True).tolist()
    chosen = sorted({order[0], order[len(order) // 2], order[-1]})
    top = order[0] + 1
    found = (
        f"{quoted(now.pieces[top])} (word {top + 1}): {number(float(nats[order[0]]))} nats. The "
        f"mean over the text is {number(float(nats.mean()))} nats, its perplexity "
        f"{number(exp(float(nats.mean())), 1)}."
    )
    return Question(
        "The surprise",
        "Which of these words of your text surprised the model most?",
        tuple(
            Option(
                f"{quoted(now.pieces[i + 1])}, word {i + 2}, after {quoted(now.pieces[i])}",
                i == order[0],
                f"{found} This one: {number(float(nats[i]))} nats.",
            )
            for i in chosen
        ),
    )


def cache_question(now: Reader) -> Question:
    """How many positions does writing compute, the past kept?"""
    prompt = len(now.token_ids)
    kept, anew = positions_with_cache(prompt, WRITTEN), positions_without_cache(prompt, WRITTEN)
    found = (
        f"{prompt} for the first new token, then 1 for each of the other {WRITTEN - 1}: {kept}. "
        f"Without the cache it is the whole text each time, {anew}."
    )
    return Question(
        "The cache",
        f"Your text has {prompt} token{'s' * (prompt > 1)}; {WRITTEN} more are written with the KV "
        "cache. How many positions does the model compute in all?",
        tuple(
            Option(f"{count:,}", count == kept, found)
            for count in sorted((kept, anew, WRITTEN * (prompt + WRITTEN)))
        ),
    )
