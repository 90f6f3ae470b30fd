"""Masked-word prediction: a token is hidden, and a model that reads both ways tells what it was.

Source: Devlin et al. 2018 (BERT), arXiv 1810.04805, 3.1, task 1. Here a hidden token is always
replaced by the mask token; BERT replaces a tenth of them by another one and keeps a tenth.
"""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.kv_cache import KVCache
from transformer_core.masks import full_mask
from transformer_core.transformer import Transformer, TransformerTrace


class MaskedModel(Transformer):
    """A Transformer without a causal mask: every token sees all others.

    The last id of its vocabulary is the mask token. Its logits at a position are for the token
    that stands there, not for the next one.
    """

    @property
    def mask_token(self) -> int:
        """What stands in the place of a hidden token."""
        return self.config.vocab_size - 1

    def forward(
        self,
        token_ids: Tensor,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        last_only: bool = False,
    ) -> Tensor:
        """Ids [batch, position] to logits [batch, position, vocab]."""
        return super().forward(token_ids, _both_ways(token_ids, mask), cache, last_only)

    def trace(
        self, token_ids: Tensor, mask: Tensor | None = None, cache: KVCache | None = None
    ) -> TransformerTrace:
        """The same, every step kept."""
        return super().trace(token_ids, _both_ways(token_ids, mask), cache)

    def hide(self, token_ids: Tensor) -> Tensor:
        """Each token hidden once: ids [position] to [position, position], one row for each."""
        n = len(token_ids)
        rows = token_ids.expand(n, n).clone()
        return rows.fill_diagonal_(self.mask_token)


def _both_ways(token_ids: Tensor, mask: Tensor | None) -> Tensor:
    return full_mask(token_ids.shape[1]).to(token_ids.device) if mask is None else mask


def hidden_logprobs(model: MaskedModel, token_ids: Tensor) -> Tensor:
    """Log-probabilities [position, vocab] at each token, of all others given, none hidden else.

    The mask token is no answer: its probability is set aside.
    """
    logits = model(model.hide(token_ids)).diagonal().T
    logits[:, model.mask_token] = -torch.inf
    return logits.log_softmax(-1)
