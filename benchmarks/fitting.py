"""Do the intervals of a fitted scaling law hold the truth, and how long does a fit take?

    python -m benchmarks.fitting [--trials 100] [--points FILE]

Each trial draws losses from a known law with 1 % noise, fits it, and asks whether all five true
constants lie within their intervals. `--points` is the CSV of the 2022 paper's runs as Epoch AI
extracted them (columns "Model Size", "Training FLOP", "loss"); it is fitted beside its published
refit. The plain way to fit follows every start of the grid; both ways are timed in turns.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from pathlib import Path
from statistics import median

import numpy as np

from transformer_core.laws import fitting
from transformer_core.laws.fitting import CONSTANTS, ParametricFit, fit_parametric
from transformer_core.laws.points import Point
from transformer_core.laws.scaling import LAWS, ParametricLaw

NOISE = 0.01
DROPPED = 5  # the published refit leaves out the runs with the highest losses, which saw least text
REFIT = LAWS["refit"]
assert isinstance(REFIT, ParametricLaw)
# A known law, and the sizes and token counts at which it is sampled.
DESIGNS = {
    "paper's range": (REFIT, np.geomspace(4e7, 1.6e10, 8), np.geomspace(3e8, 3e11, 5)),
    "small ladder": (
        ParametricLaw("Small", "illustrative", e=2.0, a=20, b=200, alpha=0.3, beta=0.35),
        np.geomspace(1e4, 1e7, 8),
        np.geomspace(1e6, 3e8, 5),
    ),
}


def synthetic(design: str, seed: int) -> list[Point]:
    """Losses of a known law, each off by a factor of exp(noise)."""
    law, sizes, counts = DESIGNS[design]
    random = np.random.default_rng(seed)
    return [
        Point(n, d, law.loss(n, d) * float(np.exp(NOISE * random.standard_normal())))
        for n in map(float, sizes)
        for d in map(float, counts)
    ]


def missed(fit: ParametricFit, law: ParametricLaw) -> list[str]:
    """The constants whose interval does not hold the truth."""
    return [name for name in CONSTANTS if not fit.estimates[name].holds(getattr(law, name))]


def published_points(path: Path) -> list[Point]:
    """The extracted runs, D = C / 6 N, without those that the published refit leaves out."""
    with path.open(encoding="utf-8", newline="") as file:
        runs = [
            (float(row["Model Size"]), float(row["Training FLOP"]), float(row["loss"]))
            for row in csv.DictReader(file)
        ]
    highest = sorted(loss for _, _, loss in runs)[-DROPPED]
    return [Point(n, flop / (6 * n), loss) for n, flop, loss in runs if loss < highest]


def coverage(design: str, trials: int) -> None:
    """Print in how many trials all intervals hold the truth."""
    misses = Counter[str]()
    whole, began = 0, time.process_time()
    for seed in range(trials):
        fit = fit_parametric(synthetic(design, seed))
        wrong = missed(fit, DESIGNS[design][0])
        misses.update(wrong)
        whole += not wrong
    seconds = (time.process_time() - began) / trials
    print(f"{design}: all constants within their intervals in {whole} of {trials} trials", end=" ")
    print(f"(missed: {dict(misses) or 'none'}); {seconds:.2f} s of CPU a fit", flush=True)


def speed(design: str, rounds: int = 3) -> None:
    """Print the time of a fit without intervals as a share of following every start."""
    points = synthetic(design, 0)
    ours, plain = [], []
    for _ in range(rounds):
        began = time.process_time()
        fit = fit_parametric(points, resamples=0)
        ours.append(time.process_time() - began)
        began = time.process_time()
        with_every_start = fit_with_every_start(points)
        plain.append(time.process_time() - began)
    ratio = median(a / b for a, b in zip(ours, plain, strict=True))
    print(f"{design}: {ratio:.3f} x the time of following every start of the grid", end=" ")
    print(
        f"({median(ours):.3f} s), objective {fit.objective / with_every_start:.6f} x its",
        flush=True,
    )


def fit_with_every_start(points: list[Point]) -> float:
    """The least objective from all starts of the grid."""
    least = float("inf")
    kept = fitting._MINIMISED
    try:
        fitting._MINIMISED = 10**6
        least = fit_parametric(points, resamples=0).objective
    finally:
        fitting._MINIMISED = kept
    return least


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--points", type=Path, help="the 2022 paper's runs, not shipped")
    options = parser.parse_args()
    for design in DESIGNS:
        coverage(design, options.trials)
        speed(design)
    if options.points:
        points = published_points(options.points)
        fit = fit_parametric(points)
        print(f"{len(points)} published runs, Huber loss {fit.objective:.7f}")
        for name, fitted in fit.estimates.items():
            print(f"  {name} {fitted.value:.4g} ({fitted.low:.4g} to {fitted.high:.4g}); ", end="")
            print(f"refit of 2024: {getattr(REFIT, name)}")


if __name__ == "__main__":
    main()
