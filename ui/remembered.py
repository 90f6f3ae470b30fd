"""What was computed last, kept for all visitors within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")


class Remembered(Generic[Kept]):
    """The newest values by their keys; the newest of all stays, however large it is."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        """What is kept under a key, which counts as used now."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, value: Kept) -> None:
        """Keep a value, and let the oldest go where there is too much."""
        size = n_bytes_of(value)
        with self._lock:
            self._kept.pop(key, None)
            while self._kept and self.n_bytes + size > self.most_bytes:
                self._kept.popitem(last=False)
            self._kept[key] = (value, size)

    def items(self) -> list[tuple[Any, Kept]]:
        """Keys and values, the oldest first."""
        with self._lock:
            return [(key, value) for key, (value, _) in self._kept.items()]

    @property
    def n_bytes(self) -> int:
        """Of all that is kept."""
        return sum(size for _, size in self._kept.values())


def n_bytes_of(value: Any) -> int:
    """Bytes of all arrays in a value, which may be in dataclasses and lists."""
    return sum(_sizes(value))


def _sizes(value: Any) -> Iterator[int]:
    if hasattr(value, "nbytes"):
        yield value.nbytes
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _sizes(getattr(value, field.name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _sizes(each)
