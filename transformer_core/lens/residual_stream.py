"""The residual stream as a sum: an embedding and what each sublayer adds to it."""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.linear import Linear
from transformer_core.norms import LayerNorm, RMSNorm
from transformer_core.transformer import Transformer, TransformerTrace

MASSIVE = 20.0  # times as long as the others: in smaller models the first token has about twice


def summands(trace: TransformerTrace) -> Tensor:
    """The embedding, then what attention and MLP of each layer add: [1 + 2 layers, position, d].

    Of a pre-norm model's first sequence. Their sum is the stream that the final norm reads:
    x_final = embedding + sum of all additions.
    """
    added = [
        output[0]
        for block in trace.blocks
        for output in (block.attention.output, block.feed_forward.output)
    ]
    return torch.stack([trace.embedded[0], *added])


def times_as_long(lengths: Tensor) -> tuple[Tensor, int]:
    """How many times as long as the others' median one token's stream is, [layer]; and which one.

    Some models keep a few numbers of the first token's stream so large ("massive activations":
    Sun et al. 2024, arXiv 2402.17762). lengths [layer, position]; all 1 for a lone token.
    """
    token = int(lengths.amax(0).argmax())
    if lengths.shape[1] == 1:
        return torch.ones(len(lengths)), token
    others = torch.cat((lengths[:, :token], lengths[:, token + 1 :]), dim=1)
    return lengths[:, token] / others.median(dim=1).values, token


def pushes(model: Transformer, trace: TransformerTrace, targets: Tensor) -> Tensor:
    """Direct logit attribution: how much each summand adds to the logit of its position's target.

    A norm whose spread is held at its value in this run is linear: centre each summand, divide by
    the spread of the whole stream, multiply by the gain, compare with the target's vector. What the
    norm's bias gives comes last. Shape [2 + 2 layers, position]; the column's sum is the logit.

    Args:
        targets: token ids [position].
    """
    parts, norm = summands(trace), model.final_norm
    assert isinstance(norm, LayerNorm | RMSNorm)  # a pre-norm model
    steps = norm_steps(norm, parts.sum(0))
    if isinstance(norm, LayerNorm):
        parts = parts - parts.mean(-1, keepdim=True)
    read = parts / steps.spread * norm.gain
    rest = torch.zeros_like(read[:1]) if norm.bias is None else norm.bias.expand_as(read[:1])
    return (torch.cat((read, rest)) * output_rows(model)[targets]).sum(-1)


def output_rows(model: Transformer) -> Tensor:
    """What the unembedding compares the stream with, one row per token: [vocab, d_model].

    With tied embeddings they are the rows of the embedding (arXiv 1608.05859).
    """
    if model.unembedding is None:
        return model.embedding
    assert isinstance(model.unembedding, Linear)
    return model.unembedding.weight.mT


def read_by(model: Transformer, direction: Tensor, stream: Tensor) -> Tensor:
    """What of the stream a direction behind the final norm reads: direction · norm(x) = result · x.

    That holds while the norm's spread is held at its value in `stream`, but for its bias; without a
    final norm the direction itself is read. All [..., d_model].
    """
    norm = model.final_norm
    if not isinstance(norm, LayerNorm | RMSNorm):
        return direction
    read = direction * norm.gain / norm_steps(norm, stream).spread
    return read - read.mean(-1, keepdim=True) if isinstance(norm, LayerNorm) else read
