"""Numbers on their way to a component: `unpack` of ui/kit/tensors.js is the other end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import save

# Beside these, floats travel with 32 bits and whole numbers too.
_AS_THEY_ARE = (np.float16, np.uint16, np.uint8, np.int8, np.bool_)


def pack(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """Tensors or arrays in the safetensors format, with a JSON header among its metadata."""
    numbers = {name: np.ascontiguousarray(_narrow(np.asarray(a))) for name, a in arrays.items()}
    return save(numbers, {"header": json.dumps(header, separators=(",", ":"))})


def _narrow(array: np.ndarray) -> np.ndarray:
    if array.dtype in _AS_THEY_ARE:
        return array
    return array.astype(np.float32 if array.dtype.kind == "f" else np.int32, copy=False)
