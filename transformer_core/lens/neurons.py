"""The hidden units ("neurons") of a feed-forward network: who answers, and what each one writes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.feed_forward import (
    ACTIVATIONS,
    FeedForward,
    FeedForwardTrace,
    GatedFeedForward,
)
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.norms import LayerNorm, RMSNorm
from transformer_core.transformer import Transformer, TransformerTrace

QUIET = 0.1  # of the strongest neuron of the same token


def strongest_neurons(hidden: Tensor, per_token: int) -> Tensor:
    """The neurons that are among the `per_token` largest of any token, in rising order.

    hidden [position, d_ff].
    """
    per_token = min(per_token, hidden.shape[-1])
    return hidden.abs().topk(per_token, dim=-1).indices.unique()


@dataclass(frozen=True)
class NeuronWeights:
    """What each neuron carries; every field has one number per neuron, [d_ff].

    reading and reading_bias: length of its column of W_up (of W_gate where there is a gate) and its
    bias; gated, gated_bias: the same of W_up beside a gate, else zeros; writing: length of its row
    of W_down.
    """

    reading: Tensor
    reading_bias: Tensor
    gated: Tensor
    gated_bias: Tensor
    writing: Tensor


def neuron_weights(network: FeedForward) -> NeuronWeights:
    """Lengths and biases, for pre-activation = |x| |w| cos(x, w) + b."""
    gated = isinstance(network, GatedFeedForward)
    first = network.gate_proj if isinstance(network, GatedFeedForward) else network.up_proj
    nothing = torch.zeros(first.weight.shape[1])
    up = network.up_proj
    return NeuronWeights(
        first.weight.norm(dim=0),
        nothing if first.bias is None else first.bias,
        up.weight.norm(dim=0) if gated else nothing,
        nothing if not gated or up.bias is None else up.bias,
        network.down_proj.weight.norm(dim=1),
    )


def alone(network: FeedForward, x: Tensor) -> Tensor:
    """Largest change of each token's output when its vector is given to the network by itself.

    x [position, d_model] to [position]. Only rounding is left: no row reads another.
    """
    together = network(x[None])[0]
    by_itself = torch.cat([network(row[None, None])[0] for row in x])
    return (together - by_itself).abs().amax(-1)


def with_activation(network: FeedForward, steps: FeedForwardTrace, name: str) -> Tensor:
    """The network's output with another function of `ACTIVATIONS`, all weights as they are.

    The same shape as `steps.output`. A change that the weights were not trained for.
    """
    hidden = ACTIVATIONS[name](steps.pre_activation)
    return network.down_proj(hidden if steps.up is None else hidden * steps.up)


def token_effects(model: Transformer, layer: int, neurons: Tensor) -> Tensor:
    """What one unit of activation adds to each token's logit on the direct path.

    The neuron's row of W_down (centred, where the final norm is a LayerNorm), times the final
    norm's gain, times the unembedding, less its mean over the vocabulary, which no softmax sees;
    to be divided by `final_scale`. What later layers make of it is left out. Shape [neuron, vocab].
    Source: Geva et al. 2022, arXiv 2203.14680, here with the final norm.
    """
    rows = model.blocks[layer].feed_forward.down_proj.weight[neurons]
    norm = model.final_norm
    if isinstance(norm, LayerNorm):
        rows = rows - rows.mean(-1, keepdim=True)
    if isinstance(norm, LayerNorm | RMSNorm):
        rows = rows * norm.gain
    effects = model.unembed(rows)
    return effects - effects.mean(-1, keepdim=True)


def final_scale(model: Transformer, trace: TransformerTrace) -> Tensor:
    """What the final norm divides each token of the first sequence by, [position]."""
    x, norm = trace.blocks[-1].resid_post[0], model.final_norm
    if isinstance(norm, LayerNorm | RMSNorm):
        return norm_steps(norm, x).spread[:, 0]
    return torch.ones(len(x))


def knocked_out(
    model: Transformer, trace: TransformerTrace, layer: int, neuron: int | None, token: int
) -> Tensor:
    """Logits after `token` if a neuron were silent, or with None the layer's whole network.

    Its share is taken out of the stream at every position up to `token`, then the remaining blocks
    run; the model itself is untouched. Shape [vocab].
    """
    block, steps = model.blocks[layer], trace.blocks[layer]
    kept = torch.zeros_like(steps.feed_forward.output)
    if neuron is not None:
        written = block.feed_forward.down_proj.weight[neuron]
        activation = steps.feed_forward.hidden[..., neuron, None]
        kept = steps.feed_forward.output - activation * written
    x = (steps.resid_mid + kept)[:1, : token + 1]
    if model.config.block == "post_norm":
        x = block.feed_forward_norm(x)
    for later in model.blocks[layer + 1 :]:
        x = later(x)
    return model.unembed(model.final_norm(x[:, -1]))[0]
