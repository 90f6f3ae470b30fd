"""Generation: predict a token, choose one, append it, again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import torch
from torch import Tensor

from transformer_core.fast.decoding import Decoder
from transformer_core.transformer import Transformer

COLDEST = 1e-6


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen among the model's predictions.

    Args:
        temperature: divides the logits; 0 takes the most likely token (greedy).
        top_k: keep the k most likely tokens, and those as likely as the k-th (arXiv 1805.04833).
        top_p: keep the fewest most likely tokens that together reach p (arXiv 1904.09751).
        min_p: keep tokens at least min_p times as likely as the first one (arXiv 2407.01082).

    Raises:
        ValueError: names the setting, its value and what would do.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no token could be drawn with."""
        temperature, k, p, least = self.temperature, self.top_k, self.top_p, self.min_p
        if not (_is_number(temperature) and (temperature == 0 or temperature >= COLDEST)):
            raise ValueError(
                f"temperature is {temperature!r}; it must be 0 (greedy) or at least {COLDEST}"
            )
        if k is not None and not (_is_number(k) and isinstance(k, int) and k >= 1):
            raise ValueError(f"top_k is {k!r}; it must be a whole number of at least 1, or None")
        if p is not None and not (_is_number(p) and 0 < p <= 1):
            raise ValueError(f"top_p is {p!r}; it must be above 0 and at most 1, or None")
        if least is not None and not (_is_number(least) and 0 <= least <= 1):
            raise ValueError(f"min_p is {least!r}; it must lie between 0 and 1, or be None")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


@dataclass(frozen=True)
class FilterStep:
    """What one filter left: scores [vocab], -inf for the tokens that are out."""

    name: str
    scores: Tensor

    @property
    def kept(self) -> Tensor:
        """Who is still in, boolean [vocab]."""
        return self.scores > -torch.inf

    @property
    def probabilities(self) -> Tensor:
        """Their chances, which add up to 1, [vocab]."""
        return self.scores.softmax(dim=-1)


@dataclass(frozen=True)
class GenerationStep:
    """One new token.

    probability: the chance with which it was drawn, after all filters; logits [vocab]: what the
    model said; n_computed: the positions that the model worked through for this token, which is 1
    once the KV cache holds the past.
    """

    token_id: int
    probability: float
    logits: Tensor
    sampling: Sampling
    n_computed: int

    @cached_property
    def filters(self) -> tuple[FilterStep, ...]:
        """What the temperature and each filter left."""
        return filter_steps(self.logits, self.sampling)


@dataclass(frozen=True)
class ContextFull:
    """The text is as long as the model's context; nothing can be appended."""

    context_length: int


def apply_temperature(logits: Tensor, temperature: float) -> Tensor:
    """(logits - max) / temperature; the maximum is taken off so that no quotient overflows."""
    if temperature == 0:
        greedy = torch.full_like(logits, -torch.inf)
        greedy[likeliest(logits)] = 0
        return greedy
    return (logits - logits.max()) / temperature


def likeliest(values: Tensor) -> Tensor:
    """Where the largest of [..., vocab] stands, [...]; the first of equals.

    By NumPy, in a tenth of the time that torch's `argmax` takes on a CPU.
    """
    return torch.as_tensor(values.numpy(force=True).argmax(-1), device=values.device)


def top_k(scores: Tensor, k: float) -> Tensor:
    """score >= k-th largest score."""
    return scores >= scores.topk(min(int(k), len(scores))).values[-1]


def top_p(scores: Tensor, p: float) -> Tensor:
    """Drop the unlikeliest tokens as long as together they have at most 1 - p; never the last."""
    ascending, token_ids = scores.sort()
    kept = ascending.softmax(dim=-1).cumsum(dim=-1) > 1 - p
    kept[-1] = True
    return torch.empty_like(kept).scatter_(0, token_ids, kept)


def min_p(scores: Tensor, p: float) -> Tensor:
    """probability >= p * largest probability."""
    probabilities = scores.softmax(dim=-1)
    return probabilities >= p * probabilities.max()


FILTERS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "top_k": top_k,
    "top_p": top_p,
    "min_p": min_p,
}


def filter_steps(logits: Tensor, sampling: Sampling) -> tuple[FilterStep, ...]:
    """What is left of the logits [vocab] after the temperature, then after each filter in use.

    Raises:
        ValueError: logits that hold NaN or +inf, or nothing but -inf.
    """
    require_number(logits.max())
    scores = apply_temperature(logits, sampling.temperature)
    steps = [FilterStep("temperature", scores)]
    for name, keeps in FILTERS.items():
        if (setting := getattr(sampling, name)) is not None:
            scores = scores.masked_fill(~keeps(scores, setting), -torch.inf)
            steps.append(FilterStep(name, scores))
    return tuple(steps)


def generate(
    model: Transformer,
    token_ids: Sequence[int],
    sampling: Sampling,
    max_new_tokens: int,
    seed: int = 0,
    use_cache: bool = True,
) -> Iterator[GenerationStep | ContextFull]:
    """Continue a text, one step at a time; same seed, same tokens, with the cache or without.

    Args:
        model: read only; several continuations may run at once.
        token_ids: the text so far, at least one token.
        sampling: how each token is chosen.
        max_new_tokens: end after so many.
        seed: of the draws; greedy choice needs none.
        use_cache: keep keys and values, so that each step computes one position only.

    Yields:
        A `GenerationStep` per token; as the last event `ContextFull`, where the context ends first.

    Raises:
        ValueError: no tokens, a negative number of new ones, or logits that are no numbers.
    """
    if len(token_ids) == 0:
        raise ValueError("there are no tokens to continue; give at least one")
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens is {max_new_tokens}; it must be at least 0")
    generator = torch.Generator().manual_seed(seed)
    capacity = min(len(token_ids) + max_new_tokens, model.config.context_length)
    decoder = Decoder(model, capacity) if use_cache else None
    return _generate(model, list(token_ids), sampling, max_new_tokens, generator, decoder)


def until(
    events: Iterable[GenerationStep | ContextFull], stop: Collection[int]
) -> Iterator[GenerationStep | ContextFull]:
    """The events up to one of the tokens `stop`, itself included: the end of text, for example."""
    for event in events:
        yield event
        if isinstance(event, GenerationStep) and event.token_id in stop:
            return


def _generate(
    model: Transformer,
    token_ids: list[int],
    sampling: Sampling,
    max_new_tokens: int,
    generator: torch.Generator,
    decoder: Decoder | None,
) -> Iterator[GenerationStep | ContextFull]:
    context_length = model.config.context_length
    for _ in range(max_new_tokens):
        if len(token_ids) >= context_length:
            yield ContextFull(context_length)
            return
        new_ids = token_ids[decoder.cache.length if decoder else 0 :]
        logits = decoder.next_logits(new_ids) if decoder else next_logits(model, new_ids)
        if sampling.temperature == 0:
            token_id, probability = int(likeliest(logits)), 1.0
            require_number(logits[token_id])
        else:
            probabilities = filter_steps(logits, sampling)[-1].probabilities
            token_id = draw(probabilities, generator)
            probability = probabilities[token_id].item()
        token_ids.append(token_id)
        yield GenerationStep(token_id, probability, logits, sampling, len(new_ids))


@torch.inference_mode()
def next_logits(model: Transformer, token_ids: Sequence[int]) -> Tensor:
    """Scores for the token after the last one, [vocab], computed from all of them."""
    ids = torch.tensor([token_ids], device=model.embedding.device)
    return model(ids, last_only=True)[0, 0].float().cpu()


def draw(probabilities: Tensor, generator: torch.Generator) -> int:
    """One token id, each with its probability [vocab]; ValueError where their sum is no number."""
    cumulative = probabilities.cumsum(dim=0, dtype=torch.float64)
    if not 0 < cumulative[-1] < torch.inf:
        raise ValueError(f"the probabilities add up to {cumulative[-1]}; no token can be drawn")
    lot = torch.rand(1, generator=generator, dtype=torch.float64) * cumulative[-1]
    return int(torch.searchsorted(cumulative[:-1], lot, right=True))


def require_number(largest: Tensor) -> None:
    """ValueError where the largest logit is none, so that no token has a probability."""
    if not largest.isfinite():
        raise ValueError(
            f"the largest of the logits is {largest.item()}; the model computes numbers that are "
            "too large or undefined, so no token can be chosen"
        )
