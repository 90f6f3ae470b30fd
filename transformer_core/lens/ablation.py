"""What is lost without a head: the rows of W_O that read it set to zero, and the model run on.

Only the layers from the head's own on are run again: what comes before them cannot change. Removing
heads one by one is how Michel et al. 2019 (arXiv 1905.10650) ask which of them matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call

from transformer_core.transformer import Transformer, TransformerTrace


@dataclass(frozen=True)
class Removal:
    """What the model says of a text, as it is and without each head.

    surprise [position - 1] and surprise_without [layer, head, position - 1]: nats that each token
    but the first costs, -ln of its probability; next_probabilities [vocab] and
    next_without [layer, head, vocab]: the distribution after the last token.
    """

    surprise: Tensor
    surprise_without: Tensor
    next_probabilities: Tensor
    next_without: Tensor

    @property
    def loss(self) -> Tensor:
        """Mean surprise in nats per token; 0 for a text of one token."""
        return _mean(self.surprise)

    @property
    def loss_without(self) -> Tensor:
        """The same without each head, [layer, head]."""
        return _mean(self.surprise_without)


def _mean(surprise: Tensor) -> Tensor:
    return surprise.sum(-1) / max(1, surprise.shape[-1])


def without_head(model: Transformer, trace: TransformerTrace, layer: int, head: int) -> Tensor:
    """The residual stream after a block whose head says nothing, [batch, position, d_model]."""
    block, d_head = model.blocks[layer], model.config.d_head
    name = "attention.out_proj.weight"
    weight = block.get_parameter(name).detach().clone()
    weight[head * d_head : (head + 1) * d_head] = 0
    return functional_call(block, {name: weight}, (trace.blocks[layer].resid_pre,))


def remove_heads(model: Transformer, trace: TransformerTrace) -> Removal:
    """Each head of each layer taken out by itself, the others as they were.

    The heads of a layer go through the remaining blocks together, as one batch. Takes a trace of
    one sequence.
    """
    ids = trace.token_ids[0]
    removed = [
        _read(model, _run_on(model, trace, layer), ids) for layer in range(model.config.n_layers)
    ]
    surprise, probabilities = _read(model, trace.blocks[-1].resid_post, ids)
    return Removal(
        surprise[0],
        torch.stack([surprises for surprises, _ in removed]),
        probabilities[0],
        torch.stack([following for _, following in removed]),
    )


def _run_on(model: Transformer, trace: TransformerTrace, layer: int) -> Tensor:
    heads = range(model.config.n_heads)
    x = torch.cat([without_head(model, trace, layer, head) for head in heads])
    for block in model.blocks[layer + 1 :]:
        x = block(x)
    return x


def _read(model: Transformer, stream: Tensor, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    """Surprise at each token but the first, and what comes next, for streams [batch, ...]."""
    read = [_read_one(model, x, token_ids) for x in stream]  # all logits at once may be gigabytes
    return torch.stack([s for s, _ in read]), torch.stack([p for _, p in read])


def _read_one(model: Transformer, x: Tensor, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    logits = model.unembed(model.final_norm(x))
    surprise = F.cross_entropy(logits[:-1], token_ids[1:], reduction="none")
    return surprise, logits[-1].softmax(-1)
