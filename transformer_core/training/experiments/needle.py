"""How far back can a stack of each pattern recall, and how far could it at most?"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from transformer_core.lens.mask_effects import reach_through
from transformer_core.training.experiments import attention_patterns
from transformer_core.training.experiments.attention_patterns import patterns_of
from transformer_core.training.experiments.experiment import (
    Experiment,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.needle_findings import conclude
from transformer_core.training.experiments.trainings import Trials
from transformer_core.training.needle import (
    FIRST_PAIR,
    MOST_PAIRS,
    N_FILLERS,
    N_IDS,
    N_KEYS,
    N_VALUES,
    Haystacks,
    NeedleBatches,
    haystacks,
)
from transformer_core.training.patterned import PATTERNS, pairs_share
from transformer_core.transformer import Transformer

TEST_SEED = 0  # no training has it


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each pattern."""
    return [
        {
            "pattern": pattern,
            "window": 3 if quick else 5,
            "d_model": 16 if quick else 64,
            "n_layers": 4,
            "n_heads": 4,
            "context_length": 16 if quick else 64,
            "n_questions": 8 if quick else 24,
            "batch_size": 8 if quick else 16,
            "embedding_std": 0.25 if quick else 0.125,
            "tokens": 10 * 128 if quick else 819_200,
            "tuning_tokens": 10 * 128 if quick else 819_200,
            "optimizer": "muon",
            "learning_rate": 0.1 if quick else 5e-3,
            "seeds": [1] if quick else [1, 2],
            "test_sequences": 64 if quick else 2048,
        }
        for pattern in PATTERNS
    ]


def model(setting: Setting, seed: int) -> Transformer:
    """The text models' start, but for the embedding, which is drawn from wider numbers.

    From the usual deviation of 0.02 hardly any run here learns which value belongs to which key.
    """
    made = attention_patterns.model(setting, N_IDS, seed)
    made.embedding.data.mul_(setting["embedding_std"] / made.embedding.data.std())
    return made


def batches(setting: Setting, place: Place, seed: int) -> NeedleBatches:
    """What a seed learns from, whatever the pattern."""
    return NeedleBatches(
        setting["context_length"], setting["batch_size"], setting["n_questions"], seed
    )


def measure(setting: Setting, place: Place) -> Measured:
    """Questions and right answers of every seed: by distance, and by whether the pair can arrive.

    Entry 0 of what is counted by distance is of no question; of `arriving`, entry 1 is in reach.
    """
    trials = Trials(setting, place, partial(model, setting), batches)
    tuned = trials.tune()
    test = haystacks(
        np.random.default_rng(TEST_SEED),
        setting["test_sequences"],
        setting["context_length"],
        setting["n_questions"],
        least=MOST_PAIRS,
    )
    patterns = patterns_of(setting)
    reach = reach_through(patterns)[-1]
    asked = test.distances > 0
    in_reach = arrives(reach, test)[asked].long()
    right = [answers(run.model, test)[asked] for run in trials.runs(tuned.learning_rate)]

    def counted(of: Tensor, kinds: int) -> dict[str, list[float] | list[list[float]]]:
        return {
            "asked": of.bincount(minlength=kinds).tolist(),
            "right": [of[r].bincount(minlength=kinds).tolist() for r in right],
        }

    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "pairs": pairs_share(patterns),
        "theory": [round(float(reach.diagonal(-d).float().mean()), 4) for d in range(len(reach))],
        "distance": counted(test.distances[asked], len(reach)),
        "arriving": counted(in_reach, 2),
        "values_alone": round(float(values_alone(reach, test)[asked][in_reach.bool()].mean()), 4),
    }


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


EXPERIMENT = Experiment(
    name="needle",
    question="How far back can each pattern of attention recall, and how far could it at most?",
    varied="which earlier tokens each layer may look at",
    held_equal="parameters and their start for each seed, sequences and their order, tokens, the "
    "questions of the test; the learning rate tuned for each pattern in trainings of full length. "
    "Query-key pairs: the window's, the chunks', the dilated ones' and the blocks' within a tenth "
    "of the window's; full and 3 : 1 look at more",
    measured="right answers to questions for a planted pair by their distance, for two seeds; "
    "whether the pair can arrive at all, from the masks alone; what one would get right who knows "
    "the values that have arrived, but not their keys",
    data={
        "sources": [],
        "split": "held_out",
        "test_seed": TEST_SEED,
        "keys": N_KEYS,
        "values": N_VALUES,
        "fillers": N_FILLERS,
        "most_pairs": MOST_PAIRS,
    },
    settings=settings,
    measure=measure,
    conclude=conclude,
)
