"""What the Predict lesson asks: each answer follows by hand from the numbers in the question."""

from __future__ import annotations

from itertools import accumulate
from math import exp, log

import torch

from figures.numbers import counted, number, percent
from pages.n1_forward_pass.predict.prediction_board import SHOWN
from transformer_core.laws.costs import positions_with_cache, positions_without_cache
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

WRITTEN = 20
USEFUL = 5.0  # a ratio of probabilities whose half, double and square differ clearly
LISTED = 4  # tokens of which the nucleus is made by hand
CLEAR = 0.02  # between p and the sums of probabilities, so that no rounding decides
BY_HAND = ("first", "second", "third", "fourth"), (0.5, 0.3, 0.15, 0.05)


def prediction_questions() -> tuple[Question, ...]:
    """About the token that the reader looks at now."""
    return prediction_questions_for(reader())


def prediction_questions_for(now: Reader) -> tuple[Question, ...]:
    """Temperature, nucleus, perplexity, cache."""
    return (
        temperature_question(now),
        nucleus_question(now),
        perplexity_question(),
        cache_question(now),
    )


def _logits(now: Reader) -> torch.Tensor:
    ids = now.token_ids[:SHOWN]
    return trace(now.model_name, ids).logits[0, min(now.token, len(ids) - 1)]


def _place(now: Reader) -> dict[str, str]:
    return {"token": str(min(now.token, len(now.token_ids[:SHOWN]) - 1) + 1)}


def _word(now: Reader) -> str:
    return quoted(now.pieces[min(now.token, SHOWN - 1)])


def temperature_question(now: Reader) -> Question:
    """Dividing logits by a half squares the ratio of two probabilities."""
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
        f"The logits differ by {number(gap, 3)}. Divided by 0.5, they differ by "
        f"{number(2 * gap, 3)}. e to that power is about {_figure(ratio**2)}, the square of "
        f"{_figure(ratio)}."
    )
    answers = (
        (ratio / 2, "half", "0.5 suggests a half. But dividing by 0.5 makes the gap larger. "),
        (
            *(ratio, "the same"),
            "All logits are divided by one number, and so their order stays. The gap does not. ",
        ),
        (2 * ratio, "double", "The gap doubles, but the ratio is e to the power of the gap. "),
        (ratio**2, "the square", ""),
    )
    return Question(
        "Temperature",
        f"After {_word(now)}, {first} is {_figure(ratio)} times as probable as {second}. How many "
        "times as probable is it at temperature 0.5?",
        tuple(
            Option(f"{_figure(x)} times: {name}", name == "the square", why + found)
            for x, name, why in answers
        ),
        show={**_place(now), "temperature": "0.5", "top_p": "1"},
        see=f"the list after {_word(now)}, now at temperature 0.5. Compare the bars of {first} and "
        f"{second}, then set the temperature back to 1.",
    )


def _figure(x: float) -> str:
    return f"{x:,.0f}" if x >= 100 else f"{x:.2f}"


def _ambiguous(ratios: torch.Tensor) -> torch.Tensor:
    """Where half, same, double and square could be read as one another."""
    return (ratios < 1.02) | ((ratios - 2).abs() < 0.1)


def nucleus_question(now: Reader) -> Question:
    """How many tokens does top-p leave, of four whose probabilities are told?"""
    best = _logits(now).softmax(-1).topk(LISTED)
    names = [
        quoted(piece) for piece in load(now.model_name).tokenizer.pieces(best.indices.tolist())
    ]
    shown = tuple(round(p, 3) for p in best.values.tolist())
    of = f"the most probable tokens after {_word(now)}"
    kept, p = _nucleus(shown)
    own = kept > 0 and len(set(names)) == LISTED
    if not own:
        names, shown, of = [quoted(name) for name in BY_HAND[0]], BY_HAND[1], "four tokens"
        kept, p = _nucleus(shown)
    sums = [percent(total) for total in accumulate(shown)]
    told = ", ".join(f"{name} {percent(each)}" for name, each in zip(names, shown, strict=True))
    found = (
        f"The sums are about {', '.join(sums)}. The first that reaches {percent(p)} is the sum of "
        f"{kept}, so {counted(kept, 'token')} {'is' if kept == 1 else 'are'} left."
    )
    return Question(
        "The nucleus",
        f"The probabilities of {of} are: {told}. How many tokens does top-p = {p:g} keep?",
        tuple(
            Option(counted(n, "token"), n == kept, f"{_why(n, kept)}{found}")
            for n in range(1, LISTED + 1)
        ),
        show={**_place(now), "temperature": "1", "top_p": f"{p:g}"} if own else {},
        see=f"the list after {_word(now)}, at temperature 1 and now cut at top-p = {p:g}." * own,
    )


def _nucleus(shown: tuple[float, ...]) -> tuple[int, float]:
    """How many tokens top-p keeps, and a p that leaves no doubt about it; 0 where none does."""
    sums = [0.0, *accumulate(shown)]
    for kept in (3, 2, 4, 1):
        p = round((sums[kept - 1] + sums[kept]) / 2, 2)
        if min(p - sums[kept - 1], sums[kept] - p) >= CLEAR:
            return kept, p
    return 0, 1.0


def _why(n: int, kept: int) -> str:
    if n == kept:
        return ""
    if n == kept - 1:
        return (
            "It seems right to stop before the sum passes p. But the token that reaches it stays. "
        )
    if n > kept:
        return "These are probable too. But the sum has reached p before, so they are cut. "
    return "The first tokens weigh most, but their sum stays below p. "


def perplexity_question() -> Question:
    """The perplexity of two tokens, by hand."""
    probabilities = (1 / 2, 1 / 8)
    nats = [-log(p) for p in probabilities]
    loss = sum(nats) / 2
    found = (
        f" The two losses are −ln ½ ≈ {number(nats[0])} and −ln ⅛ ≈ {number(nats[1])} nats. Their "
        f"mean is the text’s loss, about {number(loss)}. Perplexity = e^loss = {exp(loss):.0f}."
    )
    return Question(
        "Perplexity",
        "A text has two predicted tokens. The model gave them the probabilities ½ and ⅛. What is "
        "the perplexity?",
        (
            Option(
                "3.2",
                False,
                "This is 1 ÷ the mean probability. The mean is taken of the logarithms." + found,
            ),
            Option("4", True, found.strip() + " It is the geometric mean of 2 and 8."),
            Option("5", False, "This is the mean of 2 and 8. Logarithms come first." + found),
            Option(
                "16",
                False,
                "This is the product of 2 and 8. The losses are averaged, not added." + found,
            ),
        ),
    )


def cache_question(now: Reader) -> Question:
    """How many positions does writing compute, the past kept?"""
    prompt = len(now.token_ids)
    kept, anew = positions_with_cache(prompt, WRITTEN), positions_without_cache(prompt, WRITTEN)
    found = (
        f"{prompt} for the first new token, then 1 for each of the other {WRITTEN - 1}: {kept}. "
        f"Without the cache, the whole text is computed each time: {anew:,}."
    )
    why = {
        WRITTEN * (prompt + WRITTEN): "That takes the whole final text for every new token. But "
        "the text is shorter at first, and the cache keeps what is computed. ",
        anew: "That is right without the cache: each new token needs a pass over all before it. ",
        kept: "",
    }
    return Question(
        "The cache",
        f"Your text has {counted(prompt, 'token')}. The model writes {WRITTEN} more with the KV "
        "cache. How many positions does it compute in all?",
        tuple(Option(f"{count:,}", count == kept, why[count] + found) for count in sorted(why)),
    )
