"""Numbers on their way to a component: `unpack` of ui/drawing.js is the other end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

_NAMES = {"<f2": "float16", "<f4": "float32", "<i4": "int32", "|u1": "uint8"}


def pack(header: Mapping[str, Any], arrays: Mapping[str, Tensor | np.ndarray]) -> bytes:
    """A JSON header behind its length in four bytes, then each array's numbers.

    Floats of 16 or 32 bits, whole numbers of 32 bits and bytes travel as they are; other floats
    as float32, other whole numbers as int32.
    """
    numbers = {name: _little_endian(np.asarray(array)) for name, array in arrays.items()}
    fields = [
        {"name": name, "type": _NAMES[array.dtype.str], "shape": array.shape}
        for name, array in numbers.items()
    ]
    head = json.dumps({"header": header, "fields": fields}, separators=(",", ":")).encode()
    blocks = [array.tobytes() for array in numbers.values()]
    return b"".join((len(head).to_bytes(4, "little"), head, *blocks))


def _little_endian(array: np.ndarray) -> np.ndarray:
    if array.dtype in (np.uint8, np.bool_):
        return array.astype("|u1")
    if array.dtype == np.float16:
        return array.astype("<f2")
    return array.astype("<f4" if array.dtype.kind == "f" else "<i4")
