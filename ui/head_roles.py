"""What each head is called: the role that the model's record shows clearly."""

from __future__ import annotations

import json
from functools import cache

from ui.models import known_models

# A head is called by the first role whose measured score is clear: (measured on, role, at least).
CLEAR_ROLES = {
    "induction": ("repeated", "induction", 0.3),
    "previous": ("repeated", "previous_token", 0.5),
    "first": ("text", "first_token", 0.5),
    "self": ("text", "current_token", 0.5),
    "duplicate": ("repeated", "duplicate_token", 0.3),
    "punctuation": ("text", "punctuation", 0.5),
}


@cache
def head_roles(model_name: str) -> list[list[str | None]]:
    """The clear role of each head, [layer][head], as recorded beside the weights; else empty."""
    try:
        record = json.loads((known_models()[model_name] / "head_roles.json").read_text("utf-8"))
        heads = record["heads"]
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
    except (OSError, ValueError, KeyError):
        return []
    return layers
