"""A trained model with parts taken out: branches, skip connections, norms.

The model itself stays as it is: its blocks are run by hand, and a removed part is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from transformer_core.config import SUBLAYERS, TransformerConfig
from transformer_core.transformer import Transformer

Part = tuple[str, int]  # what is removed, and in which layer (counted from 0)

KINDS = tuple(name + part for name in SUBLAYERS for part in ("", "_skip", "_norm"))
FINAL_NORM = "final_norm"


def every_part(config: TransformerConfig) -> list[Part]:
    """All that can be taken out of a pre-norm model: six parts a layer and the final norm."""
    parts = list(product(KINDS, range(config.n_layers)))
    return [*parts, (FINAL_NORM, config.n_layers - 1)]


def run_without(
    model: Transformer, x: Tensor, removed: frozenset[Part], first_layer: int = 0
) -> tuple[list[Tensor], Tensor]:
    """Run the blocks from `first_layer` on, with parts left out.

    Args:
        x: the stream before that layer, [batch, position, d_model]; `model.embed(token_ids)` for 0.
        removed: a branch `("attention", 3)` is not added; of `("attention_skip", 3)` only the
            branch is kept; without `("attention_norm", 3)` the branch reads the stream as it is.

    Returns:
        The stream before `first_layer` and after each layer, and the logits.
    """
    stream = [x]
    for layer, block in list(enumerate(model.blocks))[first_layer:]:
        for name in SUBLAYERS:
            norm, sublayer = getattr(block, f"{name}_norm"), getattr(block, name)
            gone = {kind for kind in KINDS if (kind, layer) in removed}
            x = _add(x, norm, sublayer, name, gone)
        stream.append(x)
    bare = any(kind == FINAL_NORM for kind, _ in removed)
    return stream, model.unembed(x if bare else model.final_norm(x))


def _add(
    x: Tensor,
    norm: Callable[[Tensor], Tensor],
    sublayer: Callable[[Tensor], Tensor],
    name: str,
    gone: set[str],
) -> Tensor:
    """x + sublayer(norm(x)), without what is gone."""
    skip = torch.zeros_like(x) if f"{name}_skip" in gone else x
    if name in gone:
        return skip
    return skip + sublayer(x if f"{name}_norm" in gone else norm(x))
