"""The birth of the induction circuit: a pattern of the reader's at each snapshot of a training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n3_learning.snapshots.kept_steps import (
    COPYING,
    ablations,
    circuit_heads,
    copying_record,
    copying_steps,
    inducing_heads,
    model_at,
    steepest_fall,
)
from transformer_core.characters import encode
from transformer_core.lens.ablation import Head
from transformer_core.lens.two_heads import TwiceRead, matches_if_unread, read_twice
from transformer_core.transformer import Transformer
from ui.models import HEAVY_PASSES
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import setting

NUMBERS = "/app/static/snapshots"  # below the app's own address
PATTERN = "pattern"  # in the address
FIRST = "#blue42fox"
FEWEST, MOST = 3, 16  # characters of a pattern


class CurveData(TypedDict):
    """What was measured during the training on random patterns that stand twice, at each `step`."""

    step: list[int]
    first: list[float]
    second: list[float]
    back: list[float]
    matches: list[float]


class BirthHeader(TypedDict):
    """A pattern, why another one was not taken, and the heads as [layer, head] from 0."""

    pattern: str
    problem: str
    steps: list[int]
    ablated: list[tuple[Head, ...]]
    inducing: list[Head]
    previous: Head
    induction: Head
    curve: CurveData
    fall: tuple[int, int]
    numbers: str


class BirthArrays(TypedDict):
    """Each [step, run, ...]; the runs are those of `ablated`, the first with all heads.

    maps [.., 2, query, key] of `previous` and `induction`; losses [.., position - 1] in nats; back
    and matches [..], the mean weight on the character before and after the earlier copy.
    unread [step, 2]: matches if only the keys, or only the queries, lack `previous`.
    """

    maps: Tensor
    losses: Tensor
    back: Tensor
    matches: Tensor
    unread: Tensor


def show_birth_board() -> None:
    """With the pattern of the address, or the first one."""
    component(__file__)(key="birth-board", data=pack_birth(setting(PATTERN) or FIRST))


def checked(wanted: str) -> tuple[str, str]:
    """A pattern that can be run, and what is wrong with the one that was wanted."""
    typed = wanted.strip()
    if len(typed) < FEWEST:
        return FIRST, f"A pattern needs at least {FEWEST} characters. “{FIRST}” is shown."
    kept = typed[:MOST]
    try:
        encode(kept)
    except ValueError as error:
        return FIRST, f"{error}: it knows letters, digits and signs of ASCII. “{FIRST}” is shown."
    cut = f"The first {MOST} characters are read." if len(kept) < len(typed) else ""
    return kept, cut


@lru_cache(maxsize=4)  # of 6 MB at most
def runs(pattern: str) -> tuple[tuple[TwiceRead, ...], ...]:
    """The pattern twice, read by each snapshot with all heads and without each."""
    ids = torch.tensor([encode(2 * pattern)])
    with HEAVY_PASSES, torch.inference_mode():
        return tuple(
            tuple(read_twice(model, ids, gone) for gone in ablations()) for model in snapshots()
        )


@lru_cache(maxsize=8)
def composition(pattern: str) -> Tensor:
    """What the induction head finds if its keys, or its queries, lack the first head: [step, 2]."""
    ids = torch.tensor([encode(2 * pattern)])
    previous, (_, head) = circuit_heads()
    with torch.inference_mode():
        return torch.stack(
            [
                torch.stack(
                    [matches_if_unread(model, ids, previous, side)[head] for side in ("k", "q")]
                )
                for model in snapshots()
            ]
        )


def snapshots() -> Iterator[Transformer]:
    """In the order of their steps."""
    return (model_at(COPYING / f"step_{step:06}") for step in copying_steps())


def pack_birth(wanted: str) -> bytes:
    """What the board is told of a pattern."""
    pattern, problem = checked(wanted)
    previous, induction = circuit_heads()
    start, end = steepest_fall()
    header: BirthHeader = {
        "pattern": pattern,
        "problem": problem,
        "steps": copying_steps(),
        "ablated": list(ablations()),
        "inducing": list(inducing_heads()),
        "previous": previous,
        "induction": induction,
        "curve": measured_curve(),
        "fall": (start["step"], end["step"]),
        "numbers": f"{base_path()}{NUMBERS}",
    }
    read = runs(pattern)
    heads = (previous, induction)
    arrays: BirthArrays = {
        "maps": _each(
            read, lambda run: torch.stack([run.weights[a, 0, b] for a, b in heads]).half()
        ),
        "losses": _each(read, lambda run: run.losses[0]),
        "back": _each(read, lambda run: run.looks_back[previous]),
        "matches": _each(read, lambda run: run.matches[induction]),
        "unread": composition(pattern),
    }
    return pack(header, arrays)


def measured_curve() -> CurveData:
    """Of the training, for the same two heads."""
    looks = copying_record()["looks"]
    (a, b), (c, d) = circuit_heads()
    return {
        "step": [look["step"] for look in looks],
        "first": [look["first_copy"] for look in looks],
        "second": [look["second_copy"] for look in looks],
        "back": [look["looks_back"][a][b] for look in looks],
        "matches": [look["matches"][c][d] for look in looks],
    }


def _each(read: tuple[tuple[TwiceRead, ...], ...], value: Callable[[TwiceRead], Tensor]) -> Tensor:
    """[step, run, ...]"""
    return torch.stack([torch.stack([value(run) for run in step]) for step in read])


def packed_pattern(raw: Mapping[str, str]) -> bytes:
    """For a pattern that was typed."""
    return pack_birth(raw.get(PATTERN, ""))


ROUTES = [data_route(f"{NUMBERS}/pattern", lambda raw: Answer(packed_pattern(raw)))]
