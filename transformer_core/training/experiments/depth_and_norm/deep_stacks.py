"""Stacks of any depth to be trained: pre-norm, post-norm, and without skip connections."""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.block import BlockTrace, PreNormBlock
from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import LayerCache
from transformer_core.lens.depth import initialise_xavier
from transformer_core.transformer import Transformer


class NoSkipBlock(PreNormBlock):
    """sublayer(norm(x)), twice: nothing of x goes on but what the sublayers make of it."""

    def forward(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> Tensor:
        """[batch, position, d_model] to the same; mask and cache as in `Attention.forward`."""
        x = self.attention(self.attention_norm(x), mask, cache=cache)
        return self.feed_forward(self.feed_forward_norm(x))

    def trace(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> BlockTrace:
        """The same, every step kept."""
        attention_norm = self.attention_norm(x)
        attention = self.attention.trace(attention_norm, mask, cache=cache)
        feed_forward_norm = self.feed_forward_norm(attention.output)
        feed_forward = self.feed_forward.trace(feed_forward_norm)
        return BlockTrace(
            x,
            attention_norm,
            attention,
            attention.output,
            feed_forward_norm,
            feed_forward,
            feed_forward.output,
        )


def pre_norm(config: TransformerConfig) -> Transformer:
    """x + sublayer(norm(x)) in every layer, and a final norm."""
    return Transformer(replace(config, block="pre_norm"))


def post_norm(config: TransformerConfig) -> Transformer:
    """norm(x + sublayer(x)) in every layer."""
    return Transformer(replace(config, block="post_norm"))


def no_skips(config: TransformerConfig) -> Transformer:
    """sublayer(norm(x)) in every layer, and a final norm: as many parameters as pre-norm."""
    model = pre_norm(config)
    model.blocks = nn.ModuleList(NoSkipBlock(config, model.position) for _ in model.blocks)
    return model


DESIGNS = {"pre-norm": pre_norm, "post-norm": post_norm, "no skips": no_skips}


def deep_stack(design: str, config: TransformerConfig, seed: int) -> Transformer:
    """A stack as the Residual lesson draws it, untrained: Xavier initialisation in every design."""
    model = DESIGNS[design](config)
    initialise_xavier(model, seed)
    return model


def gradient_norms(model: Transformer, windows: Tensor) -> list[float]:
    """Frobenius norm of dL/dW of each layer's down projection (arXiv 2002.04745, figure 3).

    L is the mean loss in nats of windows [window, position + 1]; the model stays as it is.
    """
    weights = [block.feed_forward.down_proj.weight for block in model.blocks]
    logits = model(windows[:, :-1])
    loss = F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
    return [float(gradient.norm()) for gradient in torch.autograd.grad(loss, weights)]
