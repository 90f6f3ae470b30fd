"""The reader's model with another mask in each layer."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from transformer_core.lens.layer_masks import layer_masks
from transformer_core.transformer import Transformer
from ui.models import HEAVY_PASSES, load


def through_masks(model: Transformer, token_ids: Tensor, masks: Tensor) -> Tensor:
    """Probabilities of the next token, [vocab]; token_ids [position], masks [layer, query, key]."""
    x = model.embed(token_ids[None])
    for block, mask in zip(model.blocks, masks, strict=True):
        x = block(x, mask)
    return model.unembed(model.final_norm(x[:, -1:]))[0, 0].softmax(-1)


@lru_cache(maxsize=16)
def both_predictions(
    name: str, token_ids: tuple[int, ...], pattern: str, width: int
) -> tuple[list[float], list[float]]:
    """Next-token probabilities with all keys and under a pattern, each [vocab]."""
    model, ids = load(name).model, torch.tensor(token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        full, patterned = (
            through_masks(model, ids, layer_masks(each, len(ids), width, model.config.n_layers))
            for each in ("full", pattern)
        )
    return full.float().tolist(), patterned.float().tolist()
