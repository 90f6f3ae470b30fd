"""The exercises, and their tests: values to check by hand, and the reader's own pass."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any

import torch

from transformer_core.attention import AttentionTrace
from transformer_core.bpe import encode_steps, split_words
from transformer_core.generation import Sampling, filter_steps
from ui.models import load, trace
from ui.state import Reader

MISSING = "..."
SHOWN = 32  # tokens, of which the last asks; 12 where a whole table of scores is sent
TABLE, CANDIDATES = 12, 20
TEMPERATURE, K, U = 0.8, 10, 0.35
LONGEST_WORD = 24  # letters
A_WORD = " unbelievable"


@dataclass(frozen=True)
class Exercise:
    """A function of which one line is missing.

    code: with `...` in place of the line.
    """

    name: str
    title: str
    function: str
    task: str
    hint: str
    code: str
    line: str

    @property
    def solved(self) -> str:
        """The code with its line."""
        return self.code.replace(MISSING, self.line)


@dataclass(frozen=True)
class Test:
    """What the function is called with, and what it is to return.

    of_model: whether the numbers are those of the reader's pass.
    """

    title: str
    arguments: list[Any]
    expected: Any
    of_model: bool = False


@dataclass(frozen=True)
class Trial:
    """What an exercise's function is for, in the reader's words, and its tests."""

    aim: str
    tests: tuple[Test, ...]


@cache
def exercises() -> tuple[Exercise, ...]:
    """As the file holds them."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(Exercise(**each) for each in table["exercise"])


def trials(reader: Reader) -> dict[str, Trial]:
    """By the name of the exercise."""
    makers: dict[str, Callable[[Reader], Trial]] = {
        "attention": attention_trial,
        "mask": mask_trial,
        "sampler": sampler_trial,
        "merges": merges_trial,
    }
    return {name: make(reader) for name, make in makers.items()}


def attention_trial(reader: Reader) -> Trial:
    """The last token's query, all keys, all values of one head."""
    layer, head = reader.layer, reader.head
    attention = traced(reader)[layer]
    n_groups = attention.q.shape[1] // attention.k.shape[1]
    q, mixed = attention.q[0, head, -1], attention.mixed_values[0, head, -1]
    k, v = attention.k[0, head // n_groups], attention.v[0, head // n_groups]
    asking = said(reader.pieces[len(k) - 1])
    place = f"layer {layer + 1}, head {head + 1}"
    return Trial(
        "With the missing line, your function computes the weighted sum of "
        f"{len(k)} value{'s' if len(k) > 1 else ''} that {place} makes for {asking}.",
        (
            Test("Two equal keys: the mean", [[1, 0], [[1, 1], [1, 1]], [[2, 0], [4, 6]]], [3, 3]),
            Test(
                "By hand: scores ln 3 and 0, so weights ¾ and ¼",
                [[log(3)], [[1], [0]], [[8], [0]]],
                [6],
            ),
            Test(
                "One key fits far better: its value alone",
                [[100, 0], [[100, 0], [0, 100]], [[1, 2], [3, 4]]],
                [1, 2],
            ),
            Test(
                f"Your sentence: {asking} in {place}",
                [exact(q), exact(k), exact(v)],
                exact(mixed),
                of_model=True,
            ),
        ),
    )


def mask_trial(reader: Reader) -> Trial:
    """The scores of one head before the mask, and its weights."""
    layer, head = reader.layer, reader.head
    attention = traced(reader)[layer]
    scores, weights = attention.scores[0, head], attention.weights[0, head]
    n = min(TABLE, len(scores))
    place = f"layer {layer + 1}, head {head + 1}"
    third = 1 / 3
    return Trial(
        f"With the missing line, your function turns the scores of {place} into the attention "
        f"weights of {'the first ' if n < len(reader.token_ids) else 'all '}{n} tokens of your "
        "sentence.",
        (
            Test(
                "By hand: three equal scores in each row",
                [[[0, 0, 0]] * 3],
                [[1, 0, 0], [0.5, 0.5, 0], [third, third, third]],
            ),
            Test(
                "A high score in the future changes nothing",
                [[[0, 1000], [0, 0]]],
                [[1, 0], [0.5, 0.5]],
            ),
            Test(
                f"Your sentence: {place}",
                [exact(scores[:n, :n])],
                exact(weights[:n, :n]),
                of_model=True,
            ),
        ),
    )


def sampler_trial(reader: Reader) -> Trial:
    """The highest logits after the text, in the order of the vocabulary."""
    loaded = load(reader.model_name)
    logits = trace(reader.model_name, reader.token_ids).logits[0, -1]
    token_ids = logits.topk(CANDIDATES).indices.sort().values
    offered = logits[token_ids]
    chosen = drawn(offered, TEMPERATURE, K, U)
    (piece,) = loaded.tokenizer.pieces([int(token_ids[chosen])])
    return Trial(
        f"With the missing line, your function draws the token after {said(reader.pieces[-1])} "
        f"from the model’s {CANDIDATES} highest logits.",
        (
            Test("k = 1: the highest logit, whatever u is", [[1, 3, 2], 1, 1, 0.99], 1),
            Test(
                "By hand: probabilities ¾ and ¼, and u = 0.7",
                [[0, log(3)], 1, 2, 0.7],
                1,
            ),
            Test("The same, and u = 0.8", [[0, log(3)], 1, 2, 0.8], 0),
            Test(
                "At temperature 0.5 they are 0.9 and 0.1: u = 0.8",
                [[0, log(3)], 0.5, 2, 0.8],
                1,
            ),
            Test(
                f"Your sentence: T = {TEMPERATURE}, k = {K}, u = {U} draws {said(piece)}",
                [exact(offered), TEMPERATURE, K, U],
                chosen,
                of_model=True,
            ),
        ),
    )


def merges_trial(reader: Reader) -> Trial:
    """A word of the text, and the pairs of the vocabulary that can occur in it."""
    ranks = load(reader.model_name).tokenizer.ranks
    word = longest_word(reader, ranks)
    parts = [part.decode() for part in encode_steps(word, ranks)[-1].parts]
    pieces = {word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1)}
    known = {piece: ranks[piece.encode()] for piece in pieces if piece.encode() in ranks}
    return Trial(
        f"With the missing line, your function cuts {said(word)} as the model’s tokenizer does: "
        f"{len(word)} characters become {len(parts)} token{'s' if len(parts) > 1 else ''}.",
        (
            Test("By hand: l + o, then lo + w", ["low", {"lo": 0, "low": 1}], ["low"]),
            Test(
                "b + c was learned before a + b",
                ["abc", {"bc": 0, "ab": 1}],
                ["a", "bc"],
            ),
            Test("No pair is known: all characters stay", ["xyz", {}], ["x", "y", "z"]),
            Test(f"Your sentence: {said(word)}", [word, known], parts, of_model=True),
        ),
    )


def longest_word(reader: Reader, ranks: Mapping[bytes, int]) -> str:
    """Of the text, in plain letters whose single bytes the vocabulary holds."""
    words = [word for word in split_words(reader.text) if word.strip().isalpha()]
    fits = [w for w in words if w.isascii() and 1 < len(w) <= LONGEST_WORD]
    known = [w for w in fits if all(w[i : i + 1].encode() in ranks for i in range(len(w)))]
    return max(known, key=len, default=A_WORD)


def drawn(logits: torch.Tensor, temperature: float, k: int, u: float) -> int:
    """The token at which the probabilities, the largest first, have added up to more than u."""
    steps = filter_steps(logits, Sampling(temperature=temperature, top_k=k))
    by_logit = logits.argsort(descending=True, stable=True)
    reached = steps[-1].probabilities[by_logit].cumsum(0)
    return int(by_logit[int((reached <= u).sum())])


def traced(reader: Reader) -> list[AttentionTrace]:
    """The attention layers of one pass over the beginning of the text."""
    run = trace(reader.model_name, reader.token_ids[:SHOWN])
    return [block.attention for block in run.blocks]


def said(piece: str) -> str:
    """A token between quotation marks."""
    return f"“{piece.strip() or '␣'}”"


def exact(numbers: torch.Tensor) -> Any:
    """As lists, each number with six digits."""
    return json.loads(
        json.dumps(numbers.tolist()), parse_float=lambda digits: float(f"{float(digits):.6g}")
    )
