"""A model made ready for reading: each weight laid out once, as this machine multiplies fastest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard, TypeVar

import torch
from torch import Tensor, nn

from transformer_core.attention import Attention
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.fast.gelu import gelu_by_sigmoid
from transformer_core.fast.matrix import Matrix, matrix, transposed_matrix
from transformer_core.fast.products import laid_out
from transformer_core.feed_forward import FeedForward, GatedFeedForward, gelu_tanh
from transformer_core.linear import Linear
from transformer_core.transformer import Transformer

MOST_PACKED = 1 << 30  # bytes of a model's weights
Model = TypeVar("Model", bound=nn.Module)


def prepare(model: Model) -> Model:
    """Swap a trained model's weights for ones that are multiplied faster, in place.

    The modules stay what they are, and their formulas run as they are written. From then on the
    model is only read: writing into a matrix is refused with a sentence, `functional_call` with
    other weights works as before, and a deepcopy is an ordinary model. Random weights should be
    drawn before, since a seed gives numbers in the order of memory.
    """
    n_bytes = sum(4 * parameter.numel() for parameter in model.parameters())
    packing = n_bytes <= MOST_PACKED
    for module in model.modules():  # a layer comes before its maps
        if isinstance(module, Attention):
            join((module.q_proj, module.k_proj, module.v_proj), packing)
        elif isinstance(module, Linear) and is_plain(module.weight):
            module.weight = transposed_matrix(laid_out(module.weight.data), packing)
        elif isinstance(module, FeedForward) and module.activation is gelu_tanh:
            module.activation = gelu_by_sigmoid
        if isinstance(module, GatedFeedForward):
            join((module.gate_proj, module.up_proj), packing)
        if is_tied(module) and is_plain(module.embedding):
            module.embedding = matrix(laid_out(module.embedding.data.mT).mT, packing)
    return model


def join(maps: Sequence[Any], packing: bool) -> None:
    """Maps of one input side by side in memory: of one token, one product gives all."""
    if all(isinstance(each, Linear) and is_plain(each.weight) for each in maps):
        weights = [each.weight.data for each in maps]
        joined = laid_out(torch.cat(weights, dim=1))
        parts = joined.split([weight.shape[1] for weight in weights], dim=1)
        for each, part in zip(maps, parts, strict=True):
            each.weight = transposed_matrix(part, packing, joined)


def is_plain(weight: Tensor) -> bool:
    """Not prepared yet, and of the kind that the kernels multiply with."""
    return not isinstance(weight, Matrix) and weight.is_cpu and weight.dtype == torch.float32


def is_tied(module: nn.Module) -> TypeGuard[Transformer | EncoderDecoder]:
    """A model that multiplies with its embedding."""
    return isinstance(module, Transformer | EncoderDecoder) and module.unembedding is None
