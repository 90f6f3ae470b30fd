"""Frozen dataclasses as JSON holds them, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> dict[str, Any]:
    """A dataclass as plain values; ValueError for a number that is no number."""
    return dict(json.loads(json.dumps(asdict(value), allow_nan=False)))


def from_plain(kind: Any, value: Any) -> Any:
    """The inverse of `to_plain`, for dataclasses of tuples, dicts, dataclasses and plain values.

    Of a union of dataclasses it is the one that has these fields.
    """
    parts = get_args(kind)
    if isinstance(kind, UnionType):
        named = [part for part in parts if is_dataclass(part)]
        fitting = [part for part in named if {f.name for f in fields(part)} == set(value)]
        return from_plain(fitting[0], value) if named else value
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    if get_origin(kind) is tuple:
        return tuple(from_plain(parts[0], part) for part in value)
    if get_origin(kind) is dict:
        return {name: from_plain(parts[1], part) for name, part in value.items()}
    return value
