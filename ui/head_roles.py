"""What each head is called: the role that the model's record shows clearly."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import torch

from transformer_core.lens.head_roles import role_target
from ui.known_models import catalogue
from ui.models import LoadedModel

RECORD = "head_roles.json"

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


def head_record(model_name: str) -> dict[str, Any]:
    """What was measured of a model's heads; empty where nothing is recorded of these very weights.

    A record that names the file it was measured on holds for that file alone.
    """
    known = catalogue().offered.get(model_name)
    if known is None:
        return {}
    try:
        record: dict[str, Any] = json.loads((known.evidence / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    measured_on = record.get("sha256")
    holds = measured_on is None or measured_on == weights_hash(known.path)
    return record if holds else {}


def roles_here(loaded: LoadedModel, token_ids: tuple[int, ...]) -> list[list[str | None]]:
    """The clear role of each head, where the text gives it anything to look at, else None.

    An induction head of a text without any repetition has nothing to do there.
    """
    ids = torch.tensor([token_ids])
    idle = {
        name
        for name, (_, role, _) in CLEAR_ROLES.items()
        if not role_target(role, ids, loaded.tokenizer).any()
    }
    layers = head_roles(loaded.name)
    return [[None if name in idle else name for name in layer] for layer in layers]


@cache
def weights_hash(path: Path) -> str:
    """SHA-256 of a file of weights: what was measured holds for these alone."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def head_roles(model_name: str) -> list[list[str | None]]:
    """The clear role of each head, [layer][head], as it was measured; else empty."""
    try:
        heads = head_record(model_name)["heads"]
        layers: list[list[str | None]] = [[] for _ in range(1 + max(h["layer"] for h in heads))]
        for head in heads:
            layers[head["layer"]].append(
                next(
                    (
                        name
                        for name, (on, role, least) in CLEAR_ROLES.items()
                        if head[on].get(role, 0) >= least
                    ),
                    None,
                )
            )
    except (ValueError, KeyError):
        return []
    return layers
