"""Mixed precision: matrix products in bfloat16 where the device computes them fast."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

# A CPU without AVX-512 (or Arm's counterpart) takes about ten times as long in bfloat16.
CPU_HAS_BFLOAT16: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()


def mixed_precision(device: torch.device) -> AbstractContextManager[Any]:
    """For a forward pass: products in bfloat16, on a CPU attention in float32; or all of it."""
    context = ExitStack()
    if device.type != "cpu" or CPU_HAS_BFLOAT16:
        context.enter_context(torch.autocast(device.type, torch.bfloat16))
        if device.type == "cpu":
            context.enter_context(AttentionInFloat32())
    return context


def muon_precision(device: torch.device) -> AbstractContextManager[Any]:
    """For a step of `torch.optim.Muon`, which asks for bfloat16 by itself."""
    slow = device.type == "cpu" and not CPU_HAS_BFLOAT16
    return Float32ForBFloat16() if slow else ExitStack()


class Float32ForBFloat16(TorchFunctionMode):
    """What asks for a copy in bfloat16 gets one in float32."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func is Tensor.bfloat16:
            return args[0].to(torch.float32, copy=True)
        return func(*args, **(kwargs or {}))


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
