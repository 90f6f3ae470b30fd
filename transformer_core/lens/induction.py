"""Induction: both halves of its definition, and the circuit of two heads that does it.

In "... A B ... A" an induction head attends from the second A to B (prefix matching) and raises the
logit of B (copying): Olsson et al. 2022, "In-context Learning and Induction Heads". It finds B
because a previous-token head of an earlier layer has written into B that A stands before it:
Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.lens.ablation import Head, run_without_heads
from transformer_core.lens.head_roles import mean_weight_on, role_target
from transformer_core.lens.residual_stream import output_rows, read_by
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer, TransformerTrace

SWITCHED_OFF = 4  # previous-token heads: where several do the work, one is hardly missed


def copying(model: Transformer, trace: TransformerTrace, target: Tensor) -> Tensor:
    """By how many logits each head raises the target that it attends to most, [layer, head].

    Mean over the queries that have a target of z[t] - mean(z): z are the logits of the head's
    output alone, with the final norm's divisor held at its value in this run, and t is the token at
    the target. 0 where no query has one. A head that copies is above 0.

    Args:
        model: that made the trace.
        trace: of one sequence.
        target: booleans [query, key].
    """
    rows = target.any(-1).nonzero().flatten()
    mean = output_rows(model).mean(0)
    raised = [raises(model, trace, layer, target, mean) for layer in range(len(trace.blocks))]
    return torch.stack(raised).sum(-1) / max(1, len(rows))


def raises(
    model: Transformer, trace: TransformerTrace, layer: int, target: Tensor, mean: Tensor
) -> Tensor:
    """The same for each query of one layer by itself, [head, query]; 0 where it has no target.

    mean [d_model] is that of `output_rows`.
    """
    attention = trace.blocks[layer].attention
    key = (attention.weights[0] * target).argmax(-1)
    above = output_rows(model)[trace.token_ids[0, key]] - mean
    above = read_by(model, above, trace.blocks[-1].resid_post[0])
    rows = model.blocks[layer].attention.out_proj.weight.unflatten(0, (key.shape[0], -1))
    return (attention.mixed_values[0] @ rows * above).sum(-1) * target.any(-1)


@dataclass(frozen=True)
class Circuit:
    """Of one repeating sequence the induction head, and the heads that it is fed by.

    induction: of the heads that may be it, the one with the most weight on what followed an earlier
    copy; previous: of the layers before it those with the most weight one token back, best first;
    others: as many of the same layers with the least. target [query, key]: what followed an earlier
    copy.

    The rest is [..., query]. found: the induction head's weight on its target, as it is, without
    previous[0], without all of `previous`, without `others`; probability: of the target as the next
    token, in the same four passes; before [previous, query]: the weight from the target's own
    position one back; raised: the logits that the induction head adds to its target by itself.
    """

    induction: Head
    previous: tuple[Head, ...]
    others: tuple[Head, ...]
    target: Tensor
    before: Tensor
    found: Tensor
    probability: Tensor
    raised: Tensor


def find_circuit(
    model: Transformer,
    trace: TransformerTrace,
    tokenizer: Tokenizer,
    among: Sequence[Head] | None = None,
) -> Circuit:
    """The circuit at work on one sequence, and what is left without the heads that feed it.

    The weight on a copy is one half of induction alone, so where heads with both halves are known,
    only those `among` them may be the induction head.
    """
    ids = trace.token_ids
    target = role_target("induction", ids, tokenizer)
    weights = torch.stack([block.attention.weights for block in trace.blocks])
    matching = torch.stack([mean_weight_on(layer, target) for layer in weights])
    layer, head = _inducing(matching, among)
    back = role_target("previous_token", ids, tokenizer)
    looking_back = torch.stack([mean_weight_on(each, back) for each in weights[:layer]])
    previous = _best(looking_back, SWITCHED_OFF)
    others = _least(looking_back, previous)
    passes = [(), previous[:1], previous, others]
    runs = [_run_without(model, trace, gone, layer) for gone in passes]
    key = (weights[layer, 0, head] * target[0]).argmax(-1)
    query, has = torch.arange(len(key)), target[0].any(-1)
    one_back = torch.stack([weights[a, 0, b, key, (key - 1).clamp(min=0)] for a, b in previous])
    return Circuit(
        (layer, head),
        previous,
        others,
        target[0],
        one_back * has,
        torch.stack([row[0, head, query, key] * has for row, _ in runs]),
        torch.stack([chances[0, query, ids[0, key]] * has for _, chances in runs]),
        raises(model, trace, layer, target[0], output_rows(model).mean(0))[head],
    )


def _inducing(matching: Tensor, among: Sequence[Head] | None) -> Head:
    """The best match of these heads, or of all behind the first layer, which no head can tell."""
    n_layers, n_heads = matching.shape
    heads = among or [(layer, head) for layer in range(1, n_layers) for head in range(n_heads)]
    return max(heads, key=lambda at: float(matching[at]))


def _best(scores: Tensor, n: int) -> tuple[Head, ...]:
    """The heads with the highest of the scores [layer, head], best first."""
    places = scores.flatten().topk(min(n, scores.numel())).indices.tolist()
    return tuple(divmod(place, scores.shape[1]) for place in places)


def _least(scores: Tensor, heads: Sequence[Head]) -> tuple[Head, ...]:
    """For each of these heads another one of its layer, those with the lowest scores."""
    chosen: list[Head] = []
    for layer, _ in heads:
        order = [(layer, head) for head in scores[layer].argsort().tolist()]
        free = [each for each in order if each not in chosen and each not in heads]
        chosen += free[:1]
    return tuple(chosen)


def _run_without(
    model: Transformer, trace: TransformerTrace, gone: Sequence[Head], layer: int
) -> tuple[Tensor, Tensor]:
    """One layer's weights and the next token's probabilities when some heads are ablated."""
    if not gone:
        return trace.blocks[layer].attention.weights, trace.logits.softmax(-1)
    steps, logits = run_without_heads(model, trace.embedded, gone)
    return steps[layer].attention.weights, logits.softmax(-1)
