"""What a mask changes: how far words can be read, who reads the answers, who depends on whom."""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.transformer import Transformer, TransformerTrace

COPIES = 16  # of a text in one backward pass: bounds the memory of `dependence`


def reach(mask: Tensor, n_layers: int) -> Tensor:
    """From whom each token can have heard after 1 to n_layers layers, [layer, query, key].

    A causal window of w reaches (w - 1) * n_layers + 1 tokens.
    """
    return reach_through(mask.expand(n_layers, -1, -1))


def reach_through(masks: Tensor) -> Tensor:
    """The same where each layer has a mask of its own; [layer, query, key] to the same.

    One layer: whom its mask shows, and itself by the residual stream; each further layer: whoever
    those had heard from. That is M_l ... M_2 M_1, matrices of yes and no.
    """
    heard = [torch.eye(masks.shape[-1])]
    for step in (masks | heard[0].bool()).float():
        heard.append((step @ heard[-1]).clamp(max=1))
    return torch.stack(heard[1:]) > 0


def answers_in_sight(mask: Tensor, n_layers: int) -> Tensor:
    """Whether each position but the last can hear from its next token, the answer; boolean."""
    return reach(mask, n_layers)[-1].diagonal(1)


def attention_to_answers(trace: TransformerTrace, mask: Tensor) -> Tensor:
    """Mean weight that each head gives to the token after the query, [layer, head].

    Over the queries to which the mask [query, key] shows it; 0 where there is none.
    """
    weights = torch.stack([block.attention.weights[0] for block in trace.blocks])
    return weights.diagonal(1, -2, -1).sum(-1) / mask.diagonal(1).sum().clamp(min=1)


def dependence(
    model: Transformer, token_ids: Tensor, mask: Tensor, queries: Tensor | None = None
) -> Tensor:
    """|d best logit of query / d embedding of key|, by autograd, [query, key].

    Exactly 0 where nothing flows. Each query has a copy of the text of its own in the batch, so
    that one backward pass gives many rows. token_ids [1, position], mask [query, key]; all
    `queries` unless some are named.
    """
    embedded = model.embed(token_ids)
    rows = torch.arange(token_ids.shape[1]) if queries is None else queries
    return torch.cat([_dependence(model, embedded, part, mask) for part in rows.split(COPIES)])


def _dependence(model: Transformer, embedded: Tensor, rows: Tensor, mask: Tensor) -> Tensor:
    copies = embedded.expand(len(rows), -1, -1).clone().requires_grad_()
    x = copies
    for block in model.blocks:
        x = block(x, mask)
    last = model.final_norm(x[torch.arange(len(rows)), rows])
    best = model.unembed(last).max(-1).values
    (gradient,) = torch.autograd.grad(best.sum(), copies)
    return gradient.norm(dim=-1)
