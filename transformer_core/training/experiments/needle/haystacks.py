"""Needles in a haystack: pairs of key and value among random filler, and questions for them.

Associative recall with many questions a sequence (MQAR, Arora et al. 2023, arXiv 2312.04927): a
question may stand anywhere after its pair, so that one sequence asks over many distances. A pair is
one token here, an id for each key with each value: only its way to the question has to be learnt,
not which key belongs to which value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

N_KEYS = 4
N_VALUES = 8
N_FILLERS = 16
MOST_PAIRS = 2  # in one sequence, of different keys
NOT_ASKED = -100  # as a target: F.cross_entropy leaves it out

# Ids in this order: values (the answers), pairs, the question for each key, filler.
FIRST_PAIR = N_VALUES
FIRST_QUESTION = FIRST_PAIR + N_KEYS * N_VALUES
FIRST_FILLER = FIRST_QUESTION + N_KEYS
N_IDS = FIRST_FILLER + N_FILLERS


@dataclass(frozen=True)
class Haystacks:
    """Sequences, int64 [sequence, position] each.

    targets: the value asked for, at a question whose pair stands before it; else `NOT_ASKED`.
    distances: from a question back to its pair; 0 where nothing is asked.
    """

    inputs: Tensor
    targets: Tensor
    distances: Tensor


def haystacks(
    random: np.random.Generator, n_sequences: int, length: int, n_questions: int, least: int = 1
) -> Haystacks:
    """With `least` to `MOST_PAIRS` pairs each; all places are equally likely for all."""
    shape = (n_sequences, length)
    inputs = random.integers(FIRST_FILLER, N_IDS, shape)
    targets, distances = np.full(shape, NOT_ASKED), np.zeros(shape, dtype=np.int64)
    for row in range(n_sequences):
        n_pairs = int(random.integers(least, MOST_PAIRS + 1))
        keys, values = random.permutation(N_KEYS)[:n_pairs], random.integers(0, N_VALUES, n_pairs)
        places = random.permutation(length)
        planted, asking = places[:n_pairs], places[n_pairs : n_pairs + n_questions]
        asked = random.integers(0, n_pairs, len(asking))
        inputs[row, planted] = FIRST_PAIR + N_VALUES * keys + values
        inputs[row, asking] = FIRST_QUESTION + keys[asked]
        back = asking - planted[asked]
        targets[row, asking] = np.where(back > 0, values[asked], NOT_ASKED)
        distances[row, asking] = np.maximum(back, 0)
    return Haystacks(*map(torch.from_numpy, (inputs, targets, distances)))


@dataclass
class NeedleBatches:
    """Haystacks to learn from, a function of seed and step."""

    context_length: int
    batch_size: int
    n_questions: int
    seed: int

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs and targets, int64 [batch_size, context_length]."""
        random = np.random.default_rng((self.seed, step))
        drawn = haystacks(random, self.batch_size, self.context_length, self.n_questions)
        return drawn.inputs, drawn.targets
