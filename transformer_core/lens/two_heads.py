"""The birth of a circuit: how far a previous-token head and an induction head have formed.

A pattern stands twice: a b c d a b c d. From the second a on, a model can only know what comes if
it reads the first copy. Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits",
show how two heads do that; Olsson et al. 2022, "In-context Learning and Induction Heads", when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.attention import attention_scores, masked_softmax
from transformer_core.lens.ablation import Head, run_without_heads, without_heads
from transformer_core.lens.head_roles import mean_weight_on
from transformer_core.masks import causal_mask
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class TwiceRead:
    """What a model makes of patterns that stand twice, with some heads ablated or with all.

    weights [layer, batch, head, query, key]; losses [batch, position - 1], nats of each token but
    the first; looks_back and matches [layer, head], the mean attention weight on the token before
    and, in the second copy, on the token after the earlier copy.
    """

    weights: Tensor
    losses: Tensor
    looks_back: Tensor
    matches: Tensor

    @property
    def second_copy(self) -> Tensor:
        """Mean nats of the tokens that the first copy tells: all of the second but its first."""
        period = (self.losses.shape[1] + 1) // 2
        return self.losses[:, period:].mean()

    @property
    def first_copy(self) -> Tensor:
        """Mean nats of the first copy, the very first token apart."""
        period = (self.losses.shape[1] + 1) // 2
        return self.losses[:, : period - 1].mean()


def one_back(n: int) -> Tensor:
    """Where a previous-token head looks, booleans [query, key]."""
    return torch.ones(n, n, dtype=torch.bool).triu(-1).tril(-1)


def after_the_copy(period: int) -> Tensor:
    """Where an induction head looks in a pattern that stands twice, booleans [query, key]."""
    n, back = 2 * period, period - 1
    second = torch.arange(n)[:, None] >= period
    return torch.ones(n, n, dtype=torch.bool).triu(-back).tril(-back) & second


def read_twice(model: Transformer, token_ids: Tensor, without: Sequence[Head] = ()) -> TwiceRead:
    """Run a model on patterns that stand twice.

    Args:
        model: of any depth.
        token_ids: int64 [batch, 2 * period], a period of at least 2.
        without: heads that hand W_O zeros.
    """
    steps, logits = run_without_heads(model, model.embed(token_ids), without)
    weights = torch.stack([step.attention.weights for step in steps])
    n_sequences, n = token_ids.shape
    back, copy = (t.expand(n_sequences, n, n) for t in (one_back(n), after_the_copy(n // 2)))
    return TwiceRead(
        weights,
        F.cross_entropy(logits[:, :-1].mT, token_ids[:, 1:], reduction="none"),
        torch.stack([mean_weight_on(layer, back) for layer in weights]),
        torch.stack([mean_weight_on(layer, copy) for layer in weights]),
    )


def matches_if_unread(model: Transformer, token_ids: Tensor, gone: Head, unread: str) -> Tensor:
    """What the next layer's heads find if only their queries, or only their keys, lack a head.

    If the score falls with the keys alone, the two heads are K-composed; with the queries alone,
    Q-composed (Elhage et al. 2021).

    Args:
        model: with a layer after the head's own.
        token_ids: int64 [batch, 2 * period].
        gone: the head that is ablated.
        unread: "q", "k" or "qk", what is computed from the stream without it.

    Returns:
        matches [head], as in TwiceRead.
    """
    layer, head = gone
    steps, _ = run_without_heads(model, model.embed(token_ids), ())
    less = without_heads(model, steps[layer], layer, (head,))
    block = model.blocks[layer + 1]
    parts = {side: less if side in unread else steps[layer].resid_post for side in "qk"}
    q, _, _ = block.attention.project(block.attention_norm(parts["q"]))
    _, k, _ = block.attention.project(block.attention_norm(parts["k"]))
    n_sequences, n = token_ids.shape
    bias = block.attention.position.bias(n, n)
    weights = masked_softmax(attention_scores(q, k, bias), causal_mask(n))
    return mean_weight_on(weights, after_the_copy(n // 2).expand(n_sequences, n, n))
