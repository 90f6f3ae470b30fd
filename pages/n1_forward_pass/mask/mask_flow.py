"""Below the Mask lesson's board: who hears from whom, and the gradients that show it."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice, counted
from transformer_core.lens.mask_effects import dependence, reach
from transformer_core.masks import causal_mask
from ui.models import HEAVY_PASSES, load
from ui.serving.transport import pack
from ui.state import Reader

FOLLOWED = 32  # tokens whose gradients are taken: the work grows with the square


class FlowHeader(TypedDict):
    """The text and the token looked at, at most the `last` that is no padding.

    `cut`: whether the text has more tokens; `window_size`: of a causal sliding window, else 0.
    """

    pieces: tuple[str, ...]
    token: int
    last: int
    n_layers: int
    cut: bool
    window_size: int


class FlowArrays(TypedDict):
    """Who has heard from whom, and gradients as trained and under the other mask."""

    reach: Tensor  # [layer, query, key]
    itself: Tensor  # [query]: whether it may look at itself
    trained: Tensor  # [query, key]
    other: Tensor


def pack_flow(now: Reader, choice: Choice) -> bytes:
    """Who can hear from whom after each layer, and the gradients that show it."""
    ids, shown = now.token_ids[:FOLLOWED], len(now.token_ids[:SHOWN])
    n, n_layers = len(ids), load(now.model_name).config.n_layers
    mask = choice.mask(shown)[:n, :n]
    last, size = min(n - 1, counted(choice, shown)), next(iter(choice.values), 0)
    header: FlowHeader = {
        "pieces": now.pieces[:FOLLOWED],
        "token": min(now.token, last),
        "last": last,
        "n_layers": n_layers,
        "cut": len(now.token_ids) > FOLLOWED,
        "window_size": size if choice.kind == "sliding_window" and choice.causal else 0,
    }
    arrays: FlowArrays = {
        "reach": reach(mask, n_layers),
        "itself": mask.diagonal(),
        "trained": followed(now.model_name, ids, causal_mask(n).numpy().tobytes()),
        "other": followed(now.model_name, ids, mask.numpy().tobytes()),
    }
    return pack(header, arrays)


@lru_cache(maxsize=32)
def followed(name: str, token_ids: tuple[int, ...], mask: bytes) -> Tensor:
    """Gradients of each token's best logit; the mask comes as bytes so that results can be kept."""
    n = len(token_ids)
    cells = torch.frombuffer(bytearray(mask), dtype=torch.uint8).bool().view(n, n)
    with HEAVY_PASSES:
        return dependence(load(name).model, torch.tensor([token_ids]), cells)
