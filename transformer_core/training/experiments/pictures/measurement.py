"""Held-out pictures named right, by how many were learnt from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from transformer_core.drawings import drawings
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.pictures.setting import Setting, make
from transformer_core.training.experiments.trials import Trials
from transformer_core.training.shapes import Drawings
from transformer_core.training.shapes_card import HELD_OUT_SEED, answers


@dataclass(frozen=True)
class Measurement:
    """Of one network: right answers of each seed, for each number of pictures."""

    tuned: Tuned
    right: tuple[tuple[int, ...], ...]


def measure(setting: Setting, place: Place) -> Measurement:
    """Tune on the most pictures, then train on each number of them."""
    tuned = trials(setting, place, max(setting.pictures)).tune()
    pictures, kinds = drawings(setting.test_pictures, HELD_OUT_SEED)
    right = [
        tuple(
            int((answers(run.model.eval(), pictures) == kinds).sum())
            for run in trials(setting, place, n).runs(tuned.learning_rate)
        )
        for n in setting.pictures
    ]
    return Measurement(tuned, tuple(right))


def trials(setting: Setting, place: Place, n_pictures: int) -> Trials:
    """All trainings on so many pictures."""
    return Trials(
        setting,
        replace(place, work=place.work / str(n_pictures)),
        partial(make, setting.network),
        lambda seed: Drawings(n_pictures, setting.batch_size, seed),
    )
