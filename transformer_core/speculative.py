"""Speculative decoding: a cheap draft runs ahead, the model checks all of it in one pass.

Reading m + 1 tokens at once takes the model hardly longer than reading one, because both read every
weight once. So each correct guess of the draft is a token that needs no pass of its own (Leviathan
et al. 2023, arXiv 2211.17192; Chen et al. 2023, arXiv 2302.01318). The text is the one that the
model would have written alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from transformer_core.generation import draw, likeliest
from transformer_core.kv_cache import KVCache
from transformer_core.transformer import Transformer
from transformer_core.turns import CLOCK, Stopwatch, Turn, sliced_pass

Draft = Callable[[Sequence[int], int], list[int]]
"""The text so far and a number n, to at most n guesses of the tokens that follow."""

LONGEST_MATCH = 3  # tokens of an n-gram
ROOM = 64  # tokens that a draft's cache has room for beside the prompt


@dataclass(frozen=True)
class Round:
    """One draft and its check.

    drafted: the guesses; n_accepted: how many of the first are right; token_ids: what the text
    grows by, the accepted ones and one that is the model's own; seconds of both parts.
    """

    drafted: tuple[int, ...]
    n_accepted: int
    token_ids: tuple[int, ...]
    draft_seconds: float
    check_seconds: float


class Reader:
    """A model with a cache, asked about texts that mostly go on from one another."""

    def __init__(self, model: Transformer, capacity: int, turn: Turn = nullcontext) -> None:
        self.model, self.turn = model, turn
        self.cache = KVCache(model.config, capacity, like=model.embedding)
        self.known: list[int] = []

    def choices(self, token_ids: Sequence[int], n: int) -> list[int]:
        """The likeliest token after each of the last n positions, in one pass.

        What the cache holds of another text is forgotten: keys and values of the positions from
        the first difference on.
        """
        kept = min(common_length(self.known, token_ids), len(token_ids) - n)
        for layer in self.cache.layers:
            layer.length = kept
        new, watch = token_ids[kept:], Stopwatch(self.turn)
        logits = sliced_pass(self.model, new, watch, self.cache, n)
        self.known = list(token_ids)
        return [int(each) for each in likeliest(logits)]


def common_length(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two texts share from the beginning."""
    same = (x == y for x, y in zip(a, b, strict=False))
    return next((i for i, each in enumerate(same) if not each), min(len(a), len(b)))


def speculate(
    model: Transformer,
    draft: Draft,
    token_ids: Sequence[int],
    max_new_tokens: int,
    n_drafted: int,
    turn: Turn = nullcontext,
) -> Iterator[Round]:
    """Continue a text greedily, round by round; the tokens are those of greedy decoding.

    A guess is right if it is the model's own choice after all that stands before it. The first
    wrong one is replaced by that choice; where all are right, the pass has chosen one more.

    Raises:
        ValueError: no tokens, or nothing to draft.
    """
    if not token_ids or n_drafted < 1:
        raise ValueError("there must be a token to continue, and at least one to draft")
    text, end = list(token_ids), min(len(token_ids) + max_new_tokens, model.config.context_length)
    reader = Reader(model, end, turn)
    while len(text) < end:
        room = end - len(text) - 1  # the last token is the model's own
        start = CLOCK()
        guesses = draft(text, min(n_drafted, room)) if room else []
        middle = CLOCK()
        choices = reader.choices([*text, *guesses], len(guesses) + 1)
        end_of_check = CLOCK()
        n = common_length(guesses, choices)
        text += choices[: n + 1]
        seconds = middle - start, end_of_check - middle
        yield Round(tuple(guesses), n, tuple(choices[: n + 1]), *seconds)


class ModelDraft:
    """A smaller model with the same vocabulary writes the guesses, greedily."""

    def __init__(self, model: Transformer, turn: Turn = nullcontext) -> None:
        self.model, self.turn = model, turn
        self.reader: Reader | None = None

    def __call__(self, token_ids: Sequence[int], n: int) -> list[int]:
        """Guesses end where the small model's context does."""
        context = self.model.config.context_length
        capacity = min(context, len(token_ids) + ROOM)
        if self.reader is None or self.reader.cache.capacity < len(token_ids) + n:
            self.reader = Reader(self.model, capacity, self.turn)
        text = list(token_ids)
        for _ in range(min(n, capacity - len(text))):
            text += self.reader.choices(text, 1)
        return text[len(token_ids) :]


def lookup_draft(token_ids: Sequence[int], n: int) -> list[int]:
    """What followed the last few tokens when they stood in the text before.

    Prompt lookup decoding (Saxena 2023): the longest match of up to three tokens counts, of equals
    the latest. No match, no guess.
    """
    text = list(token_ids)
    for length in range(min(LONGEST_MATCH, len(text) - 1), 0, -1):
        ending = text[-length:]
        for start in range(len(text) - length - 1, -1, -1):
            if text[start : start + length] == ending:
                return text[start + length :][:n]
    return []


def first_layers(model: Transformer, n_layers: int) -> Transformer:
    """A model's first layers with its own final norm and unembedding, on the same weights.

    As a draft: self-speculative decoding by early exit (Elhoushi et al. 2024, LayerSkip, arXiv
    2404.16710), there with a model that was trained for it.
    """
    with torch.device("meta"):
        twin = Transformer(replace(model.config, n_layers=n_layers))
    twin.embedding, twin.position = model.embedding, model.position
    twin.blocks = nn.ModuleList(list(model.blocks)[:n_layers])
    twin.final_norm, twin.unembedding = model.final_norm, model.unembedding
    return twin.eval()


def expected_tokens(alpha: float, n_drafted: int) -> float:
    """(1 - alpha^(gamma + 1)) / (1 - alpha): tokens that one check adds, on average.

    alpha is the probability that a guess is accepted, taken to be the same and independent for
    each (Leviathan et al. 2023, equation 1); gamma guesses are drafted.
    """
    return float(sum(alpha**i for i in range(n_drafted + 1)))


def expected_speedup(alpha: float, n_drafted: int, cost: float) -> float:
    """Expected tokens / (gamma cost + 1); a guess takes `cost` of a check's time (theorem 3.8)."""
    return expected_tokens(alpha, n_drafted) / (n_drafted * cost + 1)


def acceptance(p: Tensor, q: Tensor) -> float:
    """sum min(p, q): how probably a token drawn from q [vocab] is accepted for p [vocab]."""
    return torch.minimum(p, q).sum().item()


def residual(p: Tensor, q: Tensor) -> Tensor:
    """norm(max(0, p - q)): from what the replacement of a rejected token is drawn, [vocab]."""
    rest = (p - q).clamp(min=0)
    return rest / rest.sum() if rest.sum() > 0 else p


def accept_or_replace(
    p: Tensor, q: Tensor, token_id: int, generator: torch.Generator
) -> tuple[int, bool]:
    """The sampling rule: keep a token drawn from q with probability min(1, p / q).

    Otherwise draw another from the residual. Whatever q is, the result is distributed as p
    (Leviathan et al. 2023, appendix A.1; Chen et al. 2023, theorem 1).
    """
    lot = torch.rand(1, generator=generator, dtype=torch.float64).item()
    if lot * q[token_id].item() < p[token_id].item():
        return token_id, True
    return draw(residual(p, q), generator), False
