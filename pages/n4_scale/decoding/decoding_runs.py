"""What the lesson runs on the reader's model: a continuation, steps by the clock, drafts, windows.

Each pass is cut into blocks, and each block is a turn of its own among the server's heavy passes,
so that nobody waits long for it. Only one measurement runs at a time: two would time each other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.step_timing import MachineLimits, StepTime, machine_limits, time_step
from transformer_core.rolling_cache import rolling_mask
from transformer_core.speculative import (
    Draft,
    ModelDraft,
    Round,
    first_layers,
    lookup_draft,
    speculate,
)
from transformer_core.transformer import Transformer
from transformer_core.turns import Stopwatch, sliced_pass
from ui.known_models import ASSETS, SHIPPED
from ui.models import HEAVY_PASSES, LoadedModel, load

PROMPT = 48  # tokens of the text that are continued
WRITTEN = 8  # tokens that the model writes after them
SPECULATED = 20  # tokens that are written with drafts
DRAFTED = (2, 4, 6)
DRAFTER = "fable-tiny"
KEPT = 32
WAIT = 20.0  # seconds for another reader's measurement to end

_measuring = Lock()
_written: OrderedDict[tuple[LoadedModel, tuple[int, ...]], tuple[int, ...]] = OrderedDict()


class BusyError(Exception):
    """Another reader is measuring."""


def turn() -> AbstractContextManager[object]:
    """A place among the heavy passes, for the time of one block."""
    return HEAVY_PASSES


@contextmanager
def alone() -> Iterator[None]:
    """Only one measurement at a time.

    Raises:
        BusyError: when the wait was too long.
    """
    if not _measuring.acquire(timeout=WAIT):
        raise BusyError
    try:
        yield
    finally:
        _measuring.release()


def written(name: str, token_ids: tuple[int, ...]) -> tuple[int, ...]:
    """The tokens that the model writes after a text, greedily; kept for all visitors."""
    wanted = (load(name), token_ids)
    if wanted not in _written:
        _written[wanted] = plainly(wanted[0].model, token_ids, WRITTEN)
        while len(_written) > KEPT:
            _written.popitem(last=False)
    return _written[wanted]


def plainly(model: Transformer, token_ids: Sequence[int], n: int) -> tuple[int, ...]:
    """Greedy decoding: rounds without a guess."""
    return added(speculate(model, lambda text, room: [], token_ids, n, 1, turn))


def added(rounds: Iterator[Round] | Sequence[Round]) -> tuple[int, ...]:
    """What the text has grown by."""
    return tuple(token for each in rounds for token in each.token_ids)


def timed_step(name: str, token_ids: Sequence[int], n: int) -> StepTime:
    """One more token at a length, with the cache and without."""
    with alone():
        return time_step(load(name).model, token_ids, n, turn)


def limits() -> MachineLimits:
    """What one thread of this server reaches."""
    with alone():
        return machine_limits(turn)


def draft_kinds(name: str) -> dict[str, str]:
    """Drafts that a model can have, with what they are."""
    layers, exit_at = load(name).config.n_layers, early_exit(name)
    kinds = {
        "lookup": "prompt lookup",
        "layers": f"its own first {exit_at} of {layers} layers",
    }
    return {"model": "the smaller model Fable tiny", **kinds} if name in SHIPPED else kinds


def early_exit(name: str) -> int:
    """Four fifths of the layers: before, the stream of SmolLM2 cannot be read at all."""
    return max(1, 4 * load(name).config.n_layers // 5)


def drafting_model(name: str) -> Transformer:
    """The small model where it shares the vocabulary, else the model's own first layers."""
    if name in SHIPPED:
        return load_checkpoint(ASSETS / DRAFTER)
    return first_layers(load(name).model, early_exit(name))


def draft_of(name: str, kind: str) -> Draft:
    """A draft of a kind, new for each text."""
    if kind == "model":
        return ModelDraft(drafting_model(name), turn)
    if kind == "layers":
        return ModelDraft(first_layers(load(name).model, early_exit(name)), turn)
    return lookup_draft


def speculated(
    name: str, token_ids: Sequence[int], kind: str, n_drafted: int
) -> tuple[list[Round], list[Round]]:
    """The same continuation twice: with a draft, and without."""
    model = load(name).model
    with alone():
        plain = list(speculate(model, lambda text, n: [], token_ids, SPECULATED, 1, turn))
        draft = draft_of(name, kind)
        rounds = list(speculate(model, draft, token_ids, SPECULATED, n_drafted, turn))
    return rounds, plain


def rolling_losses(name: str, token_ids: Sequence[int], slots: int, sinks: int) -> torch.Tensor:
    """Loss of each token after the first, in nats, with a cache of so many slots."""
    n, mask = len(token_ids), rolling_mask(len(token_ids), slots, sinks)
    logits = sliced_pass(load(name).model, token_ids, Stopwatch(turn), n_last=n, mask=mask)
    wanted = torch.tensor(token_ids[1:])
    return torch.nn.functional.cross_entropy(logits[:-1].float(), wanted, reduction="none")


def next_distribution(model: Transformer, token_ids: Sequence[int]) -> torch.Tensor:
    """Probabilities of the next token, [vocab]."""
    return sliced_pass(model, token_ids, Stopwatch(turn))[0].softmax(dim=-1)


def agree(rounds: Sequence[Round], plain: Sequence[Round]) -> bool:
    """Whether both wrote the same."""
    return added(rounds) == added(plain)
