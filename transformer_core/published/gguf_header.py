"""The header of a GGUF file: what it says of its model, and where each tensor lies in it.

The package `gguf` has a reader, too. It makes an array of every entry of every list, which takes
twenty times as long, and believes any number that stands in the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from gguf.constants import (
    GGML_QUANT_SIZES,
    GGUF_DEFAULT_ALIGNMENT,
    GGMLQuantizationType,
    GGUFValueType,
)

from transformer_core.checkpoints import CheckpointError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
PORTIONS = (1 << 22, 1 << 25)  # bytes in which a header is looked for; the largest have 20 MB
MOST_AXES = 4
MOST_ENTRIES = 1 << 20  # of a list; the largest vocabularies have 500,000 merges
REMEDY = "Download the file again, or choose another one."
_NUMBERS = {
    GGUFValueType.UINT8: "<u1",
    GGUFValueType.INT8: "<i1",
    GGUFValueType.UINT16: "<u2",
    GGUFValueType.INT16: "<i2",
    GGUFValueType.UINT32: "<u4",
    GGUFValueType.INT32: "<i4",
    GGUFValueType.FLOAT32: "<f4",
    GGUFValueType.BOOL: "?",
    GGUFValueType.UINT64: "<u8",
    GGUFValueType.INT64: "<i8",
    GGUFValueType.FLOAT64: "<f8",
}


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies in its file, in which kind of numbers; the last axis changes fastest."""

    shape: tuple[int, ...]
    kind: GGMLQuantizationType
    start: int
    n_bytes: int


@dataclass(frozen=True)
class GGUFHeader:
    """`values` by their published names, `tensors` by theirs; `n_bytes` is the size of the file."""

    values: Mapping[str, Any]
    tensors: Mapping[str, StoredTensor]
    n_bytes: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read; CheckpointError where it cannot be read, from now on."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror}). {REMEDY}") from error


def read_header(file: BinaryIO) -> GGUFHeader:
    """Read the beginning of a file, and check that all that it names lies within.

    Raises:
        CheckpointError: for a file that is cut short, of another kind or contradictory.
    """
    name, size = Path(file.name).name, os.fstat(file.fileno()).st_size
    try:
        for portion in PORTIONS:
            file.seek(0)
            data = file.read(portion)
            try:
                return _Reader(data).header(size)
            except _RanOutError:
                if len(data) == size:
                    raise ValueError("it is cut short") from None
        raise ValueError("its header does not end")
    except ValueError as error:
        raise CheckpointError(f"{name} is no sound GGUF file: {error}. {REMEDY}") from error


class _RanOutError(Exception):
    """The header goes on beyond the bytes that were read."""


class _Reader:
    """Numbers, texts and lists, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def header(self, size: int) -> GGUFHeader:
        """Everything, for a file of so many bytes."""
        if self.take(4) != MAGIC:
            raise ValueError("it begins with other letters")
        version = self.count(4)
        if version not in VERSIONS:
            raise ValueError(f"its version is {version}; {VERSIONS} can be read")
        n_tensors, n_values = self.count(), self.count()
        values: dict[str, Any] = {}
        for _ in range(n_values):
            key = self.text()
            if key in values:
                raise ValueError(f"{key} stands there twice")
            values[key] = self.value(self.count(4))
        tensors: dict[str, tuple[tuple[int, ...], GGMLQuantizationType, int]] = {}
        for _ in range(n_tensors):
            name = self.text()
            if name in tensors:
                raise ValueError(f"{name} stands there twice")
            tensors[name] = self.shape(), self.kind(name), self.count()
        start = _aligned(self.at, values.get("general.alignment", GGUF_DEFAULT_ALIGNMENT))
        placed = {name: _placed(name, start, size, *each) for name, each in tensors.items()}
        return GGUFHeader(values, placed, size)

    def take(self, n: int) -> bytes:
        """The next n bytes."""
        if self.at + n > len(self.data):
            raise _RanOutError
        self.at += n
        return self.data[self.at - n : self.at]

    def count(self, n_bytes: int = 8) -> int:
        """The next whole number from 0."""
        return int.from_bytes(self.take(n_bytes), "little")

    def text(self) -> str:
        """Its length, and so many bytes of UTF-8."""
        return self.take(self.count()).decode("utf-8")

    def value(self, kind: int) -> Any:
        """A number, a text, or a list of one of both."""
        if kind == GGUFValueType.STRING:
            return self.text()
        if kind != GGUFValueType.ARRAY:
            return self.numbers(kind, 1).item()
        kind, n = self.count(4), self.count()
        if n > MOST_ENTRIES:
            raise ValueError(f"a list has {n:,} entries")
        return self.texts(n) if kind == GGUFValueType.STRING else self.numbers(kind, n)

    def numbers(self, kind: int, n: int) -> np.ndarray:
        """So many of one kind."""
        if kind not in _NUMBERS:
            raise ValueError(f"it holds values of the unknown kind {kind}")
        form = np.dtype(_NUMBERS[GGUFValueType(kind)])
        return np.frombuffer(self.take(n * form.itemsize), form)

    def texts(self, n: int) -> list[str]:
        """So many; written out, because there may be a million."""
        data, at, texts = self.data, self.at, []
        for _ in range(n):
            start = at + 8
            at = start + int.from_bytes(data[at:start], "little")
            if at > len(data):
                raise _RanOutError
            texts.append(data[start:at].decode("utf-8"))
        self.at = at
        return texts

    def shape(self) -> tuple[int, ...]:
        """The axes, of which the file names the fastest first."""
        n_axes = self.count(4)
        if not 1 <= n_axes <= MOST_AXES:
            raise ValueError(f"a tensor has {n_axes:,} axes")
        axes = [self.count() for _ in range(n_axes)]
        if 0 in axes:
            raise ValueError(f"a tensor has the axes {axes}")
        return tuple(reversed(axes))

    def kind(self, name: str) -> GGMLQuantizationType:
        """The kind of numbers of a tensor."""
        kind = self.count(4)
        try:
            return GGMLQuantizationType(kind)
        except ValueError:
            raise ValueError(f"{name} is of the unknown kind {kind}") from None


def _aligned(at: int, alignment: Any) -> int:
    if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
        raise ValueError(f"general.alignment is {alignment!r}, no power of two")
    return at + -at % alignment


def _placed(
    name: str,
    start: int,
    size: int,
    shape: tuple[int, ...],
    kind: GGMLQuantizationType,
    offset: int,
) -> StoredTensor:
    block, block_bytes = GGML_QUANT_SIZES[kind]
    if shape[-1] % block:
        raise ValueError(f"a row of {name} is {shape[-1]} long, no multiple of {block}")
    n_bytes = prod(shape) // block * block_bytes
    if start + offset + n_bytes > size:
        raise ValueError(f"it is cut short: {name} would end beyond")
    return StoredTensor(shape, kind, start + offset, n_bytes)
