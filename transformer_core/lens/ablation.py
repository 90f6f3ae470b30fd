"""What is lost without a head: what it hands to W_O set to zero, and the model run on.

Only the layers from the head's own on are run again: what comes before them cannot change. Removing
heads one by one is how Michel et al. 2019 (arXiv 1905.10650) ask which of them matter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from transformer_core.attention import join_heads
from transformer_core.block import BlockTrace
from transformer_core.lens.prediction import token_losses
from transformer_core.transformer import Transformer, TransformerTrace

ROWS = 256  # of logits at once
Head = tuple[int, int]  # its layer and its place there, from 0


@dataclass(frozen=True)
class Removal:
    """What the model says of a text, as it is and without each of some heads.

    surprise [position - 1] and surprise_without [removed, position - 1]: nats that each token but
    the first costs, -ln of its probability; next_probabilities [vocab] and next_without
    [removed, vocab]: the distribution after the last token.
    """

    heads: tuple[Head, ...]
    surprise: Tensor
    surprise_without: Tensor
    next_probabilities: Tensor
    next_without: Tensor

    @property
    def loss(self) -> Tensor:
        """Mean in nats per token; 0 for a text of one token."""
        return _mean(self.surprise)

    @property
    def loss_without(self) -> Tensor:
        """The same without each head, [removed]."""
        return _mean(self.surprise_without)


def _mean(surprise: Tensor) -> Tensor:
    return surprise.sum(-1) / max(1, surprise.shape[-1])


def every_head(model: Transformer) -> tuple[Head, ...]:
    """Layer by layer."""
    return tuple(product(range(model.config.n_layers), range(model.config.n_heads)))


def without_head(model: Transformer, trace: TransformerTrace, layer: int, head: int) -> Tensor:
    """The residual stream after a block whose head hands W_O zeros, [batch, position, d_model].

    The model, which others are reading, is not touched.
    """
    return without_heads(model, trace.blocks[layer], layer, (head,))


def without_heads(model: Transformer, step: BlockTrace, layer: int, heads: Sequence[int]) -> Tensor:
    """The same for several heads of one block, of which `step` is the pass."""
    block = model.blocks[layer]
    mixed_values = step.attention.mixed_values.clone()
    mixed_values[:, list(heads)] = 0
    x = step.resid_pre + block.attention.out_proj(join_heads(mixed_values))
    if model.config.block == "post_norm":
        x = block.attention_norm(x)
        return block.feed_forward_norm(x + block.feed_forward(x))
    return x + block.feed_forward(block.feed_forward_norm(x))


def run_without_heads(
    model: Transformer, x: Tensor, heads: Collection[Head], mask: Tensor | None = None
) -> tuple[list[BlockTrace], Tensor]:
    """The whole pass without several heads, of any layers.

    Args:
        x: embedded tokens, [batch, position, d_model].
        heads: those to be left out.
        mask: as in `Transformer.forward`.

    Returns:
        Each block's pass on the stream that arrives there, all of its own heads still in it; and
        the logits.
    """
    steps: list[BlockTrace] = []
    for layer, block in enumerate(model.blocks):
        steps.append(block.trace(x, mask))
        x = without_heads(model, steps[-1], layer, [head for at, head in heads if at == layer])
    return steps, model.unembed(model.final_norm(x))


def remove_heads(
    model: Transformer, trace: TransformerTrace, heads: Sequence[Head] | None = None
) -> Removal:
    """Each of these heads, by default all, taken out by itself, the others as they were.

    They go through the blocks after their own together, as one batch. Takes a trace of one
    sequence.
    """
    ids, wanted = trace.token_ids[0], sorted(every_head(model) if heads is None else heads)
    streams = trace.blocks[0].resid_pre[:0]
    for layer, block in enumerate(model.blocks):
        gone = [without_head(model, trace, *head) for head in wanted if head[0] == layer]
        streams = torch.cat([block(streams) if len(streams) else streams, *gone])
    whole = token_losses(trace.logits[0], ids), trace.logits[0, -1].softmax(-1)
    losses_without, next_without = _read(model, streams, ids)
    return Removal(tuple(wanted), whole[0], losses_without, whole[1], next_without)


def _read(model: Transformer, streams: Tensor, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of each token but the first, and what comes next, for streams [batch, ...].

    Some at a time: for all at once the logits may be gigabytes.
    """
    parts = streams.split(max(1, ROWS // len(token_ids)))
    read = [_read_part(model, part, token_ids) for part in parts]
    losses, following = zip(*read, strict=True)
    return torch.cat(losses), torch.cat(following)


def _read_part(model: Transformer, x: Tensor, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    logits = model.unembed(model.final_norm(x))
    return token_losses(logits, token_ids.expand(len(x), -1)), logits[:, -1].softmax(-1)
