"""Questions and right answers by distance, and by whether the pair can arrive at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from transformer_core.lens.mask_effects import reach_through
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.needle.haystacks import (
    FIRST_PAIR,
    MOST_PAIRS,
    N_KEYS,
    N_VALUES,
    Haystacks,
    haystacks,
)
from transformer_core.training.experiments.needle.setting import Setting
from transformer_core.training.experiments.trials import Trials
from transformer_core.training.patterned import pairs_share

TEST_SEED = 0  # no training has it


@dataclass(frozen=True)
class Counts:
    """Questions of each kind, and the right answers of each seed."""

    asked: tuple[int, ...]
    right: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, kinds: Tensor, right: Sequence[Tensor], n_kinds: int) -> Counts:
        """From the kind of each question, and each seed's answers: whether they are right."""
        return cls(
            tuple(kinds.bincount(minlength=n_kinds).tolist()),
            tuple(tuple(kinds[r].bincount(minlength=n_kinds).tolist()) for r in right),
        )


@dataclass(frozen=True)
class Measurement:
    """Of one pattern.

    pairs: share of the causal ones. theory: share of positions that hear what stands so far back.
    distance: entry 0 is of no question. arriving: entry 1 is in reach. values_alone: chance to be
    right in reach by any of the values that have arrived.
    """

    tuned: Tuned
    pairs: float
    theory: tuple[float, ...]
    distance: Counts
    arriving: Counts
    values_alone: float


def measure(setting: Setting, place: Place) -> Measurement:
    """Of every seed, on the same questions."""
    trials = Trials(setting, place, setting.start, setting.batches)
    tuned = trials.tune()
    test = haystacks(
        np.random.default_rng(TEST_SEED),
        setting.test_sequences,
        setting.context_length,
        setting.n_questions,
        least=MOST_PAIRS,
    )
    reach = reach_through(setting.patterns)[-1]
    asked = test.distances > 0
    in_reach = arrives(reach, test)[asked].long()
    right = [answers(run.model, test)[asked] for run in trials.runs(tuned.learning_rate)]
    heard = [float(reach.diagonal(-back).float().mean()) for back in range(len(reach))]
    return Measurement(
        tuned=tuned,
        pairs=pairs_share(setting.patterns),
        theory=tuple(round(share, 4) for share in heard),
        distance=Counts.of(test.distances[asked], right, len(reach)),
        arriving=Counts.of(in_reach, right, 2),
        values_alone=round(float(values_alone(reach, test)[asked][in_reach.bool()].mean()), 4),
    )


def arrives(reach: Tensor, test: Haystacks) -> Tensor:
    """Whether what stands `distances` before each position can have reached it; boolean."""
    query = torch.arange(len(reach)).expand_as(test.distances)
    return reach[query, query - test.distances]


def values_alone(reach: Tensor, test: Haystacks) -> Tensor:
    """Chance to be right by any of the values that can have arrived, [sequence, position].

    So much is recalled without keys: the share of the arrived pairs whose value is the one asked
    for; 0 where nothing is asked or nothing has arrived.
    """
    pair = test.inputs - FIRST_PAIR
    is_pair = (pair >= 0) & (pair < N_KEYS * N_VALUES)
    arrived = is_pair[:, None, :] & reach.tril(-1)
    wanted = arrived & (pair[:, None, :] % N_VALUES == test.targets[:, :, None])
    return wanted.sum(-1) / arrived.sum(-1).clamp(min=1)


@torch.inference_mode()
def answers(trained: nn.Module, test: Haystacks) -> Tensor:
    """Whether the likeliest id is the value asked for, boolean [sequence, position]."""
    best = torch.cat([trained(some).argmax(-1) for some in test.inputs.split(128)])
    return best == test.targets
