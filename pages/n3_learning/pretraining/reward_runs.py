"""fable-tiny rewarded for a word: each run is computed once, for all visitors, as far as asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock

import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.policy_gradient import Learner, Update, write
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.transformer import Transformer
from ui.known_models import ASSETS
from ui.models import HEAVY_PASSES

MODEL = "fable-tiny"
PROMPT = "One day, a little girl named Lily"
WORD = " happy"  # one token
BETAS = (0.0, 0.05, 0.2)
GROUP, LENGTH, UPDATES = 24, 14, 24
RATE, SEED = 1e-3, 1


@dataclass(frozen=True)
class Look:
    """The model after so many updates: what it writes, [group, position], and what that earns.

    next: probabilities of the token after the prompt, [vocab].
    """

    texts: Tensor
    earned: Update
    next: Tensor

    @property
    def different(self) -> float:
        """Different tokens among all that the group wrote, as a share."""
        return len(self.texts.unique()) / self.texts.numel()


def happy() -> int:
    """The token that is rewarded."""
    (token,) = load_shipped().encode(WORD)
    return token


def occurs(texts: Tensor) -> Tensor:
    """1 where the word is in a text, else 0."""
    return (texts == happy()).any(dim=1).float()


def each(texts: Tensor) -> Tensor:
    """How often the word is in a text."""
    return (texts == happy()).sum(dim=1).float()


REWARDS: dict[str, Callable[[Tensor], Tensor]] = {"occurs": occurs, "each": each}


@cache
def start() -> Transformer:
    """The model that every run begins with; it stays as it is."""
    return load_checkpoint(ASSETS / MODEL)


class RewardRun:
    """One reward and one weight of the KL penalty."""

    def __init__(self, reward: str, beta: float) -> None:
        self.reward = REWARDS[reward]
        self.model = Transformer(start().config)
        self.model.load_state_dict(start().state_dict())
        optimizer = torch.optim.Adam(self.model.parameters(), RATE)
        self.learner = Learner(self.model, start(), optimizer, beta)
        self.generator = torch.Generator().manual_seed(SEED)
        self.prompt = load_shipped().encode(PROMPT)
        self.looks: list[Look] = []
        self.lock = Lock()

    def until(self, n: int) -> list[Look]:
        """The first n looks; those that nobody has asked for before are computed now."""
        with self.lock:
            while len(self.looks) < min(n, UPDATES + 1):
                self.looks.append(self._next_look())
        return self.looks[:n]

    def _next_look(self) -> Look:
        """Two turns among the server's heavy passes: to write, and to learn from it."""
        with HEAVY_PASSES, torch.no_grad():
            after = self.model(torch.tensor([self.prompt]), last_only=True)[0, -1].softmax(-1)
            texts = write(self.model, self.prompt, GROUP, LENGTH, self.generator)
        with HEAVY_PASSES:
            earned = self.learner.update(self.prompt, texts, self.reward(texts))
        return Look(texts, earned, after)


@cache
def run_of(reward: str, beta: float) -> RewardRun:
    """The one run of these settings."""
    return RewardRun(reward, beta)
