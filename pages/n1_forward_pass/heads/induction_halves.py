"""Both halves of induction as they were measured, and how training on repeats favours them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from figures.numbers import percent
from ui.head_roles import head_record
from ui.known_models import catalogue

RECORD = "induction.json"
CLEAR = 0.3  # weight on made-up repeats from which on a head is listed
TIMES = 2.0  # the weight of a uniform head, above which a head attends to the copy
COPIES = 0.05  # logits from which on a head copies
BOTH = "both halves"


class HalfFacts(TypedDict):
    """One head, counted from 0: its weight on what followed an earlier copy, and what it adds.

    repeated: the weight on made-up repeats; prefix: on everyday sentences; copying: by how many
    logits it raises that token there; verdict: which halves hold there, in words.
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

    heads: tuple[HalfFacts, ...]
    uniform: float

    def both(self) -> list[tuple[int, int]]:
        """The heads that attend to the copy and raise its logit, on everyday sentences."""
        return [(each["layer"], each["head"]) for each in self.heads if each["verdict"] == BOTH]


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
    """The record of these very weights; None where there is none."""
    heads = head_record(model_name).get("heads", [])
    record = _read(model_name, RECORD)
    if not heads or not record:
        return None
    clear = [each for each in heads if each["repeated"]["induction"] >= CLEAR]
    facts = [_facts(each, record) for each in clear]
    return Halves(tuple(sorted(facts, key=lambda each: -each["repeated"])), record["chance"])


def _facts(scores: dict[str, Any], record: dict[str, Any]) -> HalfFacts:
    layer, head = scores["layer"], scores["head"]
    prefix, copying = (record[half][layer][head] for half in ("prefix_matching", "copying"))
    return {
        "layer": layer,
        "head": head,
        "repeated": scores["repeated"]["induction"],
        "prefix": prefix,
        "copying": copying,
        "verdict": verdict(prefix, copying, record["chance"]),
    }


def trained_on(model_name: str, halves: Halves) -> str:
    """How the two scores differ, and whether the made-up repeats were part of the training."""
    if not halves.heads:
        return "No head of this model attends clearly to the copy, not even on made-up repeats."
    made = _range([each["repeated"] for each in halves.heads])
    text = _range([each["prefix"] for each in halves.heads])
    scores = (
        f"There, the heads below give {made} of their attention to the token after the earlier "
        f"copy; on everyday sentences it is {text}. A uniform head would give "
        f"{percent(halves.uniform)}."
    )
    parts = [stage["repeated"] for stage in _read(model_name, "training.json").get("stages", [])]
    if not parts or max(parts) == 0:
        return f"Random tokens repeated are an unusual text. {scores}"
    return (
        f"Of this model’s training sequences {_range(parts)} were made-up repeats, half of them of "
        f"random tokens. So a test on random tokens asks for what was trained. {scores}"
    )


def _range(numbers: list[float]) -> str:
    low, high = percent(min(numbers)), percent(max(numbers))
    return low if low == high else f"{low} to {high}"


def _read(model_name: str, file: str) -> dict[str, Any]:
    known = catalogue().offered.get(model_name)
    folder: Path | None = known.evidence if known else None
    try:
        return json.loads((folder / file).read_text("utf-8")) if folder else {}
    except (OSError, ValueError):
        return {}
