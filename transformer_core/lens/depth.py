"""Untrained stacks of any depth: what reaches each layer forwards, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.lens.removal import KINDS, Part, run_without
from transformer_core.transformer import Transformer

# Each design as (block, kinds of part that it lacks).
DESIGNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pre-norm": ("pre_norm", ()),
    "post-norm": ("post_norm", ()),
    "no skip": ("pre_norm", ("attention_skip", "feed_forward_skip")),
    "no norm": ("pre_norm", ("attention_norm", "feed_forward_norm")),
    "neither": ("pre_norm", tuple(kind for kind in KINDS if kind.endswith(("_skip", "_norm")))),
}


@dataclass(frozen=True)
class DepthMeasure:
    """gradients: one per layer; the others: of the embedding, then one after each layer."""

    gradients: list[float]
    arriving: list[float]
    sizes: list[float]
    likenesses: list[float]


def thin(config: TransformerConfig, depth: int) -> TransformerConfig:
    """The same kind of model with `depth` layers, each 64 wide with 4 heads."""
    return replace(
        config,
        n_layers=depth,
        d_model=64,
        n_heads=4,
        n_kv_heads=4,
        d_ff=256,
        head_width=None,
        constants=replace(config.constants, rope_factors=()),
    )


def measure_depth(config: TransformerConfig, design: str, token_ids: Tensor) -> DepthMeasure:
    """One forward and one backward pass through a stack at initialisation, never trained.

    Gradient: the Frobenius norm of dL/dW of each layer's down projection, which arXiv 2002.04745
    measures, for the mean loss of `token_ids` [1, position]. Arriving: the same of dL/dx, by the
    stream x [position, d_model] itself. Size: the mean length of a token's vector. Likeness: the
    mean cosine between the vectors of two tokens (1 for a lone token).
    """
    block, lacking = DESIGNS[design]
    model = untrained(replace(config, block=block))
    weights = [each.feed_forward.down_proj.weight for each in model.blocks]
    x = model.embed(token_ids).requires_grad_()
    stream, logits = _run(model, x, lacking) if block == "pre_norm" else _run_post_norm(model, x)
    targets = token_ids[0, 1:] if token_ids.shape[1] > 1 else token_ids[0]
    loss = F.cross_entropy(logits[0, : len(targets)], targets)
    gradients = [float(each.norm()) for each in torch.autograd.grad(loss, [*weights, *stream])]
    return DepthMeasure(
        gradients[: config.n_layers],
        gradients[config.n_layers :],
        [float(x.detach().norm(dim=-1).mean()) for x in stream],
        [likeness(x[0].detach()) for x in stream],
    )


def _run(model: Transformer, x: Tensor, lacking: tuple[str, ...]) -> tuple[list[Tensor], Tensor]:
    layers = range(len(model.blocks))
    removed: frozenset[Part] = frozenset((kind, layer) for kind in lacking for layer in layers)
    return run_without(model, x, removed)


def _run_post_norm(model: Transformer, x: Tensor) -> tuple[list[Tensor], Tensor]:
    stream = [x]
    for block in model.blocks:
        stream.append(block.trace(stream[-1]).resid_post)
    return stream, model.unembed(model.final_norm(stream[-1]))


@lru_cache(maxsize=8)
def untrained(config: TransformerConfig) -> Transformer:
    """A stack at initialisation, kept for the next text; only down_proj takes gradients.

    Both kinds of block get the same matrices. In 64 bits, since what vanishes or explodes
    soon leaves the range of 32-bit numbers.
    """
    model = Transformer(config).requires_grad_(False)
    if config.block == "pre_norm":
        initialise_xavier(model, seed=0)
    else:
        initialise_like(model, untrained(replace(config, block="pre_norm")))
    for block in model.blocks:
        block.feed_forward.down_proj.weight.requires_grad_()
    return model.double()


def initialise_like(model: Transformer, other: Transformer) -> None:
    """With the matrices of another stack of the same shapes."""
    matrices = dict(other.named_parameters())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2:
                parameter.copy_(matrices[name])


def likeness(vectors: Tensor) -> float:
    """Mean cosine between any two different rows of [position, d_model]; 1 for a lone row.

    Not a number where a row is 0 or has overflowed, and so has no direction.
    """
    n = len(vectors)
    if n == 1:
        return 1.0
    rows = vectors / vectors.abs().amax(-1, keepdim=True)  # squares of tiny numbers would be 0
    cosines = rows / rows.norm(dim=-1, keepdim=True)
    return float(((cosines @ cosines.mT).sum() - n) / (n * (n - 1)))


def initialise_xavier(model: Transformer, seed: int) -> None:
    """Xavier initialisation: matrices with variance 2 / (d_in + d_out), tables with 1 / d_model.

    Biases 0, gains 1. So are the matrices of arXiv 2002.04745 (Glorot and Bengio 2010).
    """
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2:
            table = name in ("embedding", "position.table")
            variance = 1 / parameter.shape[1] if table else 2 / sum(parameter.shape)
            nn.init.normal_(parameter, std=variance**0.5, generator=generator)
