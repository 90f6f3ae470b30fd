"""The other end of `pack`, as the browser has it in `unpack`."""

import json
from typing import Any

import numpy as np

TYPES = {"float16": "<f2", "float32": "<f4", "int32": "<i4", "uint8": "|u1"}


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    at = 4 + int.from_bytes(packed[:4], "little")
    head = json.loads(packed[4:at])
    arrays = {}
    for field in head["fields"]:
        size = int(np.prod(field["shape"]))
        flat = np.frombuffer(packed, TYPES[field["type"]], size, at).copy()
        arrays[field["name"]] = flat.reshape(field["shape"])
        at += flat.nbytes
    assert at == len(packed)
    return head["header"], arrays
