"""Head roles: how much of its attention a head gives to the places that a known role would look at.

A role is a rule that names, for each query, the keys to look at; a head's score is the mean weight
on them (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; Olsson et al.
2022, "In-context Learning and Induction Heads").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.masks import causal_mask
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class Role:
    """What a head may do, and where it then looks.

    `target` takes token ids [batch, position] and gives booleans [batch, query, key], not yet cut
    to the past.
    """

    title: str
    meaning: str
    target: Callable[[Tensor, Tokenizer], Tensor]


@dataclass(frozen=True)
class HeadScores:
    """One head's mean weight per role, 0 to 1, on repeated random tokens and on text."""

    layer: int
    head: int
    repeated: dict[str, float]
    text: dict[str, float]


def _offset(token_ids: Tensor, back: int) -> Tensor:
    n = token_ids.shape[1]
    return torch.ones(n, n, dtype=torch.bool).triu_(-back).tril_(-back).expand(len(token_ids), n, n)


def _previous(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    return _offset(token_ids, 1)


def _current(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    return _offset(token_ids, 0)


def _first(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    n = token_ids.shape[1]
    return (torch.arange(n) == 0).expand(len(token_ids), n, n)


def _duplicate(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    same = token_ids[:, :, None] == token_ids[:, None, :]
    return same & ~_offset(token_ids, 0)


def _induction(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    after = _duplicate(token_ids, tokenizer).tril().roll(1, dims=2)
    after[:, :, 0] = False
    return after


def _keys(token_ids: Tensor, tokenizer: Tokenizer, counts: Callable[[bytes], bool]) -> Tensor:
    known = {int(i): counts(tokenizer.token_bytes(int(i))) for i in token_ids.unique()}
    keys = torch.tensor([[known[int(i)] for i in row] for row in token_ids])
    return keys[:, None, :].expand(-1, token_ids.shape[1], -1)


def _punctuation(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    def counts(token: bytes) -> bool:
        return bool(token.strip()) and all(b < 128 and not chr(b).isalnum() for b in token)

    return _keys(token_ids, tokenizer, counts)


def _line_break(token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    return _keys(token_ids, tokenizer, lambda token: b"\n" in token)


ROLES: dict[str, Role] = {
    "induction": Role(
        "Induction",
        "attends to the token that followed an earlier copy of this one (Olsson et al. 2022)",
        _induction,
    ),
    "duplicate_token": Role(
        "Duplicate token",
        "attends to an earlier copy of the same token (Wang et al. 2022, arXiv 2211.00593)",
        _duplicate,
    ),
    "previous_token": Role(
        "Previous token", "attends one token back (Elhage et al. 2021)", _previous
    ),
    "current_token": Role("Current token", "attends to the token itself", _current),
    "first_token": Role(
        "First token",
        "attends to the first token, an attention sink (Xiao et al. 2023, arXiv 2309.17453)",
        _first,
    ),
    "punctuation": Role("Punctuation", "attends to punctuation marks", _punctuation),
    "line_break": Role("Line break", "attends to ends of lines", _line_break),
}
ON_REPEATED = ("induction", "duplicate_token", "previous_token", "current_token", "first_token")
ON_TEXT = tuple(ROLES)


def role_target(role: str, token_ids: Tensor, tokenizer: Tokenizer) -> Tensor:
    """Booleans [batch, query, key]: where a head of this role looks.

    Only the past counts, and no rows of the first query, which has no choice.
    """
    target = ROLES[role].target(token_ids, tokenizer) & causal_mask(token_ids.shape[1])
    target[:, 0] = False
    return target


def mean_weight_on(weights: Tensor, target: Tensor) -> Tensor:
    """Mean over the queries that have a target of the weight on it, [head]; 0 without any.

    Shapes: weights [batch, head, query, key], target [batch, query, key].
    """
    on_target = (weights * target[:, None]).sum(-1)
    counted = target.any(-1)
    return (on_target * counted[:, None]).sum((0, 2)) / counted.sum().clamp(min=1)


def ordinary_ids(tokenizer: Tokenizer) -> Tensor:
    """Ids of tokens that texts are made of, neither special nor unused: int64 [id]."""
    special = set(tokenizer.special_tokens.values())
    ids = (i for i in range(tokenizer.n_vocab) if i not in special)
    return torch.tensor([i for i in ids if tokenizer.token_bytes(i)])


def repeated_sequences(
    n_ids: int, period: int = 64, n_sequences: int = 16, seed: int = 0
) -> Tensor:
    """Random tokens, none twice, and then all of them again: int64 [n_sequences, 2 * period].

    The tokens are drawn evenly from `n_ids` ids, so that only copying predicts the second half.
    """
    generator = torch.Generator().manual_seed(seed)
    rows = [torch.randperm(n_ids, generator=generator)[:period] for _ in range(n_sequences)]
    return torch.stack(rows).repeat(1, 2)


@torch.inference_mode()
def score_heads(
    model: Transformer, tokenizer: Tokenizer, token_ids: Tensor, roles: tuple[str, ...]
) -> dict[str, Tensor]:
    """For each role the scores of all heads, [layer, head], on sequences [batch, position].

    One sequence after another, because the weights of all at once may be gigabytes.
    """
    targets = {role: role_target(role, token_ids, tokenizer) for role in roles}
    totals = {role: torch.zeros(model.config.n_layers, model.config.n_heads) for role in roles}
    for at, sequence in enumerate(token_ids.split(1)):
        weights = [block.attention.weights[0] for block in model.trace(sequence).blocks]
        for role, target in targets.items():
            on_target = [(layer * target[at]).sum((-2, -1)) for layer in weights]
            totals[role] += torch.stack(on_target)
    counted = {role: target.any(-1).sum().clamp(min=1) for role, target in targets.items()}
    return {role: total / counted[role] for role, total in totals.items()}


def chance(tokenizer: Tokenizer, token_ids: Tensor, roles: tuple[str, ...]) -> dict[str, float]:
    """The score of a head that spreads its weight evenly over the past, per role."""
    even = causal_mask(token_ids.shape[1]).float()
    weights = (even / even.sum(-1, keepdim=True)).expand(len(token_ids), 1, -1, -1)
    return {
        role: mean_weight_on(weights, role_target(role, token_ids, tokenizer)).item()
        for role in roles
    }


def measure_head_roles(
    model: Transformer, tokenizer: Tokenizer, repeated: Tensor, text: Tensor
) -> list[HeadScores]:
    """Every head's scores, layer by layer; both inputs are token ids [batch, position]."""
    on_repeated = score_heads(model, tokenizer, repeated, ON_REPEATED)
    on_text = score_heads(model, tokenizer, text, ON_TEXT)
    return [
        HeadScores(
            layer,
            head,
            {role: scores[layer, head].item() for role, scores in on_repeated.items()},
            {role: scores[layer, head].item() for role, scores in on_text.items()},
        )
        for layer in range(model.config.n_layers)
        for head in range(model.config.n_heads)
    ]
