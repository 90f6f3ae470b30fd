"""What each head is called: the role that the model's records show clearly.

An induction head must show both halves of its definition on everyday sentences: it attends to the
token after an earlier copy, and raises its logit (Olsson et al. 2022, arXiv 2209.11895). Repeated
random tokens are a text made for it: what attends to the copy only there is not called by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from transformer_core.lens.head_roles import role_target
from ui.known_models import catalogue
from ui.models import LoadedModel

RECORD, HALVES = "head_roles.json", "induction.json"

# A head is called by the first role whose measured score is clear: (measured on, role, at least).
# What needs a repetition stands first: without one, such a head rests on the first token.
CLEAR_ROLES = {
    "induction": ("repeated", "induction", 0.3),
    "duplicate": ("repeated", "duplicate_token", 0.3),
    "previous": ("repeated", "previous_token", 0.5),
    "first": ("text", "first_token", 0.5),
    "self": ("text", "current_token", 0.5),
    "punctuation": ("text", "punctuation", 0.5),
}
FADES = 0.5  # of the measured weight, below which a text does not show a head's role
TIMES = 2.0  # the weight of a uniform head, above which a head attends to the copy
COPIES = 0.05  # logits from which on a head copies
BOTH = "both halves"


@dataclass(frozen=True)
class HeadRole:
    """A head's name, the mean attention weight that was measured for it, and the same on a text.

    here: None where the text gives such a head nothing to attend to.
    """

    name: str
    measured: float
    here: float | None

    @property
    def shown(self) -> bool:
        """Whether the text shows the role: at least half of the weight that was measured."""
        return self.here is not None and self.here >= FADES * self.measured


@dataclass(frozen=True)
class HalfScores:
    """A head's weight on what followed an earlier copy, and what it adds to that token's logit.

    repeated: the weight on made-up repeats; prefix and copying: on everyday sentences; verdict:
    which halves hold there, in words.
    """

    layer: int
    head: int
    repeated: float
    prefix: float
    copying: float
    verdict: str


@dataclass(frozen=True)
class Halves:
    """The heads that match on made-up repeats, best first, and a uniform head's weight on text."""

    heads: tuple[HalfScores, ...]
    uniform: float

    def both(self) -> list[tuple[int, int]]:
        """The heads that attend to the copy and raise its logit, on everyday sentences."""
        return [(each.layer, each.head) for each in self.heads if each.verdict == BOTH]


def head_name(layer: int, head: int) -> str:
    """6.5: both counted from 1, as on screen."""
    return f"{layer + 1}.{head + 1}"


def head_record(model_name: str) -> dict[str, Any]:
    """What was measured of a model's heads; empty where nothing is recorded of these very weights.

    A record that names the file it was measured on holds for that file alone.
    """
    known = catalogue().offered.get(model_name)
    record = evidence(model_name, RECORD)
    measured_on = record.get("sha256")
    holds = measured_on is None or (known and measured_on == weights_hash(known.path))
    return record if holds else {}


def evidence(model_name: str, file: str) -> dict[str, Any]:
    """A record beside a model; empty where there is none that can be read."""
    known = catalogue().offered.get(model_name)
    return known.record(file) if known else {}


@cache
def weights_hash(path: Path) -> str:
    """SHA-256 of a file of weights: what was measured holds for these alone."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verdict(prefix: float, copying: float, uniform: float) -> str:
    """Which halves of induction a head shows on everyday sentences."""
    if prefix <= TIMES * uniform:
        return "only on made-up repeats"
    if copying >= COPIES:
        return BOTH
    lowers = copying <= -COPIES
    return "attends, but lowers the logit" if lowers else "attends, but hardly copies"


@cache
def measured_halves(model_name: str) -> Halves | None:
    """Both halves of the heads that match on made-up repeats; None where nothing is recorded."""
    heads, record = head_record(model_name).get("heads", []), evidence(model_name, HALVES)
    if not heads or not record:
        return None
    on, role, least = CLEAR_ROLES["induction"]
    clear = [each for each in heads if each[on][role] >= least]
    scores = [_half_scores(each, record) for each in clear]
    return Halves(tuple(sorted(scores, key=lambda each: -each.repeated)), record["chance"])


def _half_scores(scores: dict[str, Any], record: dict[str, Any]) -> HalfScores:
    layer, head = scores["layer"], scores["head"]
    prefix, copying = (record[half][layer][head] for half in ("prefix_matching", "copying"))
    words = verdict(prefix, copying, record["chance"])
    return HalfScores(layer, head, scores["repeated"]["induction"], prefix, copying, words)


@cache
def head_roles(model_name: str) -> list[list[str | None]]:
    """The clear role of each head, [layer][head], as it was measured; else empty."""
    halves = measured_halves(model_name)
    inducing = halves.both() if halves else []
    try:
        heads = head_record(model_name)["heads"]
        layers: list[list[str | None]] = [[] for _ in range(1 + max(h["layer"] for h in heads))]
        for head in heads:
            layers[head["layer"]].append(_name(head, (head["layer"], head["head"]) in inducing))
    except (ValueError, KeyError):
        return []
    return layers


def _name(scores: dict[str, Any], induces: bool) -> str | None:
    clear = (
        name
        for name, (on, role, least) in CLEAR_ROLES.items()
        if scores[on].get(role, 0) >= least and (induces or name != "induction")
    )
    return next(clear, None)


def roles_here(
    loaded: LoadedModel, token_ids: tuple[int, ...], weights: NDArray[np.uint16]
) -> list[list[HeadRole | None]]:
    """The clear role of each head, and how much of it a text shows.

    Args:
        loaded: the model that read the text.
        token_ids: of the text.
        weights: its attention weights, [layer, head, query, key], of 65,535.
    """
    names = head_roles(loaded.name)
    here: list[list[HeadRole | None]] = [[None] * len(layer) for layer in names]
    targets = {name: _target(name, loaded, token_ids) for name in CLEAR_ROLES}
    for each in head_record(loaded.name)["heads"] if names else []:
        layer, head = each["layer"], each["head"]
        if name := names[layer][head]:
            on, role, _ = CLEAR_ROLES[name]
            found = _mean_on(weights[layer, head], targets[name])
            here[layer][head] = HeadRole(name, each[on][role], found)
    return here


def _target(name: str, loaded: LoadedModel, token_ids: tuple[int, ...]) -> NDArray[np.bool_]:
    role = CLEAR_ROLES[name][1]
    return role_target(role, torch.tensor([token_ids]), loaded.tokenizer)[0].numpy()


def _mean_on(weights: NDArray[np.uint16], target: NDArray[np.bool_]) -> float | None:
    """The mean weight on the target over the queries that have one."""
    queries = int(target.any(-1).sum())
    return float(weights[target].sum(dtype=np.float64)) / 65_535 / queries if queries else None
