"""Optimizers and schedules as the Gradient step lesson works them out, against the core's."""

from pathlib import Path

import pytest
import torch

from pages.n3_learning.gradient.schedule_board import describe_training
from tests.js.golden import compare
from transformer_core.optimizers import SGD, AdamW, Muon, orthogonalise
from transformer_core.training.optimizer import warmup_stable_decay
from transformer_core.training.state import Recipe

SHAPES = [(1, 2), (4, 4), (3, 5), (5, 3), (6, 6)]
STEPS, RATE, DECAY = 10, 0.05, 0.1


def matrix(values):
    return {
        "rows": values.shape[0],
        "columns": values.shape[1],
        "values": values.flatten().tolist(),
    }


def gradients(shape):
    draw = torch.Generator().manual_seed(2)
    sizes = 10 ** torch.linspace(-2, 1, STEPS, dtype=torch.float64)
    return [size * torch.randn(shape, generator=draw, dtype=torch.float64) for size in sizes]


def path(optimizer, given):
    w = torch.linspace(-1, 1, given[0].numel(), dtype=torch.float64).view(given[0].shape)
    state, found = optimizer.start(w), [w]
    for g in given:
        w, state = optimizer.step(w, g, state)
        found.append(w)
    return [matrix(each) for each in found]


def test_every_step_of_every_optimizer(tmp_path):
    cases = []
    for shape in SHAPES:
        given = gradients(shape)
        made = {
            "sgd": SGD(RATE),
            "momentum": SGD(RATE, 0.9),
            "adamw": AdamW(RATE, weight_decay=DECAY),
            "muon": Muon(RATE, weight_decay=DECAY, dtype=torch.float64),
        }
        cases.append(
            {
                "gradients": [matrix(g) for g in given],
                "paths": {name: path(optimizer, given) for name, optimizer in made.items()},
                "orthogonal": [matrix(orthogonalise(g)) for g in given],
                "singular": [torch.linalg.svdvals(g).tolist() for g in given],
            }
        )
    written = {"cases": cases, "rate": RATE, "decay": DECAY}
    compare(Path(__file__).with_name("optimizers.golden.js"), tmp_path, written)


@pytest.mark.parametrize(("warmup", "decay"), [(0.02, 0.4), (0.0, 0.0), (0.5, 1.0), (0.3, 0.01)])
def test_the_schedule(tmp_path, warmup, decay):
    at = [i / 50 for i in range(51)]
    found = [warmup_stable_decay(each, warmup, decay) for each in at]
    cases = {"at": at, "found": found, "warmup": warmup, "decay": decay}
    compare(Path(__file__).with_name("schedule.golden.js"), tmp_path, cases)


def test_fables_own_schedule_is_that_of_its_recipe():
    told, recipe = describe_training(), Recipe(weights={"any": 1.0}, tokens=1)
    assert (told["warmup"], told["decay"]) == (recipe.warmup, recipe.decay)
    assert (told["peak"], told["steps"]) == (0.004, 1343)
    assert len(told["at"]) == len(told["losses"]) == 136
