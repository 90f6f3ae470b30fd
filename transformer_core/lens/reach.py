"""How far back a prediction can be felt: the gradient that arrives k steps before it."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def gradient_by_distance(model: Any, windows: Tensor) -> Tensor:
    """|d loss of the last token / d embedding k positions before its prediction|, for every k.

    Args:
        model: with `embed`, `blocks`, `final_norm` and `unembed`, as the Transformer has.
        windows: int64 [window, position + 1].

    Returns:
        [position], mean over the windows; entry 0 is the position that predicts.
    """
    total = torch.zeros(windows.shape[1] - 1)
    for some in windows.split(16):
        embedded = model.embed(some[:, :-1]).detach().requires_grad_()
        x = embedded
        for block in model.blocks:
            x = block(x)
        logits = model.unembed(model.final_norm(x[:, -1]))
        loss = F.cross_entropy(logits, some[:, -1], reduction="sum")
        (gradient,) = torch.autograd.grad(loss, embedded)
        total += gradient.norm(dim=-1).sum(0)
    return total.flip(0) / len(windows)
