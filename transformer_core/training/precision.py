"""Mixed precision on a CPU: matrix products in bfloat16, attention in float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode


class AttentionInFloat32(TorchFunctionMode):
    """Keeps fused attention out of autocast: on a CPU its bfloat16 kernel is the slower one."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func is F.scaled_dot_product_attention:
            with torch.autocast("cpu", enabled=False):
                named = {name: _float32(value) for name, value in (kwargs or {}).items()}
                return func(*(_float32(arg) for arg in args), **named)
        return func(*args, **(kwargs or {}))


def _float32(value: Any) -> Any:
    """Tensors of numbers in float32; flags and boolean masks as they are."""
    floats = isinstance(value, Tensor) and value.is_floating_point()
    return value.float() if floats else value
