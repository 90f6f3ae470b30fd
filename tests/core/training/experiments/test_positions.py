"""Five ways to place positions: alike but for the scheme, and what is made of their losses."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from transformer_core.records.result import load_result
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.positions.findings import Lines, at, conclude
from transformer_core.training.experiments.positions.measurement import (
    PER_LENGTH,
    STRETCHED,
    Measurement,
    readers,
    stretched,
)
from transformer_core.training.experiments.positions.setting import (
    FACTORS,
    FARTHEST,
    NAMES,
    model,
    settings,
)

RECORD = Path(__file__).parents[4] / "assets" / "experiments" / "positions.json"
QUICK = settings(Place(Path(), Path(), Path()), quick=True)
LENGTH = QUICK[0].context_length
# ------------------------------------------------------------------------------------ the models


def test_all_schemes_start_from_the_same_weights_and_only_a_table_adds_to_them():
    start = dict(model(QUICK[0], seed=1).named_parameters())
    for setting in QUICK:
        own = dict(model(setting, seed=1).named_parameters())
        assert own.keys() - start.keys() == (
            {"position.table"} if setting.position == "learned" else set()
        )
        if setting.position != "learned":
            assert all(torch.equal(own[name], start[name]) for name in start)
        assert sum(own[name].numel() for name in start) == sum(p.numel() for p in start.values())
        assert own["embedding"].std().item() == pytest.approx(setting.d_model**-0.5, rel=0.02)


def test_the_settings_differ_in_nothing_but_the_scheme():
    for setting in settings(Place(Path(), Path(), Path()), quick=False):
        alike = settings(Place(Path(), Path(), Path()), quick=False)[0]
        assert replace(setting, position="none") == alike


@pytest.mark.parametrize("setting", QUICK, ids=lambda setting: setting.position)
def test_each_reader_reads_as_far_as_it_says_and_only_a_table_ends(setting):
    trained = model(setting, seed=1)
    read = list(readers(trained))
    assert len(read) == (1 + 3 * len(FACTORS) if setting.position == "rope" else 1)
    for _, reader, times in read:
        with torch.inference_mode():
            assert reader(torch.arange(times * LENGTH)[None]).isfinite().all()
    if setting.position == "learned":
        with pytest.raises(ValueError, match=f"table ends at {LENGTH}"):
            trained(torch.arange(LENGTH + 1)[None])
    else:
        assert read[0][2] == FARTHEST


# ------------------------------------------------------------------------- what is made of losses


def test_a_mark_is_the_half_length_before_it_with_the_best_and_the_worst_seed():
    two = Lines({"a": tuple(tuple(float(i + seed) for i in range(8)) for seed in (0, 1))})
    assert two.mean("a") == tuple(i + 0.5 for i in range(8))
    assert two.marks("a") == [0.5, 1, 2]
    for mark, value in ((0.5, 1.0), (1, 3.0), (2, 7.0)):
        found = two.at("a", mark)
        assert (found.value, found.low, found.high) == (value, value - 0.5, value + 0.5)


def read(times, seed):
    """A loss in each bin of `times` lengths."""
    return tuple(3 + seed / 100 + i / 10 for i in range(times * PER_LENGTH))


def test_series_go_as_far_as_was_read_and_their_ends_are_the_estimates():
    lengths = {"RoPE": FARTHEST}
    lengths |= {
        stretched(name, factor): factor for name in STRETCHED.values() for factor in FACTORS
    }
    measured = []
    for line in NAMES.values():
        times = lengths if line == "RoPE" else {line: 1 if line == "learned" else FARTHEST}
        nats = {name: tuple(read(n, seed) for seed in (1, 2, 3)) for name, n in times.items()}
        measured.append(Measurement(Tuned(0.01, {}), nats))
    found = conclude(QUICK, measured)
    drawn = {(series.name, series.y_label): series for series in found.series}
    assert len(drawn) == len(found.series) == 8 + 5 + 10
    for series in found.series:
        if series.x_label == "position":
            assert series.x[0] == LENGTH / PER_LENGTH / 2
            assert series.x[-1] < (1 if series.name == "learned" else FARTHEST) * LENGTH
        else:
            assert series.x == (0.5, 1, *FACTORS)[: len(series.x)]
            for mark, value in zip(series.x[1:], series.y[1:], strict=True):
                estimate = found.fitted.get(at(series.name, mark))
                assert estimate is None or estimate.value == value
    assert "learned at 1 L" in found.fitted
    assert "learned at 2 L" not in found.fitted


def test_what_is_recorded_of_a_length_agrees():
    record = load_result(RECORD)
    for series in record.series:
        if series.x_label != "position":
            for mark, value in zip(series.x, series.y, strict=True):
                estimate = record.fitted.get(at(series.name, mark))
                assert estimate is None or estimate.low <= estimate.value == value <= estimate.high
