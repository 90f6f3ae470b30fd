"""The other end of `ui.serving.transport.pack`, as the browser has it in ui/kit/tensors.js."""

import json
from typing import Any

import numpy as np
from safetensors.numpy import load


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    length = int.from_bytes(packed[:8], "little")
    header = json.loads(packed[8 : 8 + length])["__metadata__"]["header"]
    return json.loads(header), load(packed)
