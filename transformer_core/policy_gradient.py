"""Reinforcement learning on a language model: write, check, make what earned more likelier.

REINFORCE with a baseline (Williams 1992), on the reward less beta times the log-ratio to the model
at the start, whose mean is the KL divergence (Ouyang et al. 2022, arXiv 2203.02155). The baseline
is the mean of a group written after one prompt (Shao et al. 2024, arXiv 2402.03300), leave-one-out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class Update:
    """One step, each [group]. log_ratios: ln p of a text minus ln p under the start, in nats."""

    rewards: Tensor
    log_ratios: Tensor
    advantages: Tensor

    @property
    def kl(self) -> float:
        """Estimate of KL(model || start), in nats for a whole text: the mean log-ratio."""
        return self.log_ratios.mean().item()


def advantages(rewards: Tensor) -> Tensor:
    """r_i minus the mean of the other rewards of the group, [group]; 0 for a group of one."""
    n = len(rewards)
    return (rewards - rewards.mean()) * n / max(1, n - 1)


def log_probabilities(model: Transformer, prompt: Sequence[int], texts: Tensor) -> Tensor:
    """ln p of each text after the prompt: the sum over its tokens, [group]."""
    given = torch.tensor([list(prompt)]).expand(len(texts), -1)
    logits = model(torch.cat((given, texts), dim=1)[:, :-1])[:, len(prompt) - 1 :]
    return logits.log_softmax(-1).gather(-1, texts[..., None])[..., 0].sum(-1)


@torch.no_grad()
def write(
    model: Transformer, prompt: Sequence[int], n: int, length: int, generator: torch.Generator
) -> Tensor:
    """n texts of so many tokens, drawn at temperature 1, [n, length]."""
    ids = torch.tensor([list(prompt)]).expand(n, -1)
    for _ in range(length):
        p = model(ids, last_only=True)[:, -1].softmax(-1)
        ids = torch.cat((ids, torch.multinomial(p, 1, generator=generator)), dim=1)
    return ids[:, len(prompt) :]


@dataclass(frozen=True)
class Learner:
    """A model that changes, one that stays as both were at the start, and the penalty between."""

    model: Transformer
    start: Transformer
    optimizer: torch.optim.Optimizer
    beta: float

    def update(self, prompt: Sequence[int], texts: Tensor, rewards: Tensor) -> Update:
        """One step on texts that the model has just written; rewards [group].

        The gradient of -mean(advantage * ln p) is on average minus that of E[r] - beta KL.
        """
        log_p = log_probabilities(self.model, prompt, texts)
        with torch.no_grad():
            log_ratios = log_p.detach() - log_probabilities(self.start, prompt, texts)
        better = advantages(rewards - self.beta * log_ratios)
        (-(better * log_p).mean()).backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return Update(rewards, log_ratios, better)
