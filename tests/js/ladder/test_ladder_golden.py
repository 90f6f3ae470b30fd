"""The ladder's fits in the browser against the core's."""

from math import log
from pathlib import Path

import numpy as np

from pages.n4_scale.scaling.counting_board import VOCABULARIES, describe_counting
from pages.n4_scale.scaling.ladder_board import describe_ladder
from pages.n4_scale.scaling.samples_board import describe_samples
from tests.js.golden import compare
from transformer_core.laws.floored_power_law import fit_floored_power_law
from transformer_core.laws.power_law import fit_power_law
from transformer_core.laws.scaling import REFIT
from transformer_core.laws.uncounted_embeddings import ASPECT, UncountedEmbeddings

DROPPED = ((), (0,), (-1,), (0, 2))  # of each cut


def fits():
    """Every cut with some of its points switched off."""
    for cut in describe_ladder()["cuts"]:
        for dropped in DROPPED:
            x, losses = np.delete(cut["x"], dropped), np.delete(cut["losses"], dropped)
            at = 10 * max(cut["x"])
            line = fit_power_law(x / at, losses)
            floored = fit_floored_power_law(x, losses, at)
            of_line, of_floored = (
                [value for each in estimates for value in (each.value, each.low, each.high)]
                for estimates in (
                    (line.exponent, line.coefficient),
                    (floored.exponent, floored.floor, floored.beyond),
                )
            )
            yield {
                "name": f"{cut['name']} without {dropped}",
                "points": [{"x": a, "loss": b} for a, b in zip(x, losses, strict=True)],
                "at": at,
                "line": of_line,
                "floored": [*of_floored, floored.misfit],
            }


def samples():
    """Tokens of losses within each curve, by NumPy's interpolation."""
    for rung in describe_samples()["rungs"]:
        falling = -np.array(rung["losses"])
        for loss in np.linspace(rung["losses"][-1], rung["losses"][0], 5):
            tokens = np.exp(np.interp(-loss, falling, np.log(rung["tokens"])))
            yield {"rung": rung, "loss": float(loss), "tokens": float(tokens)}


def counts():
    """Sizes and vocabularies, and the exponent of a line between two sizes."""
    law = describe_counting()["law"]
    for vocabulary in VOCABULARIES:
        uncounted = UncountedEmbeddings(REFIT, vocabulary)
        for n in (768.0, 1e6, 1.5e9):
            budgets = [log(each) + log(uncounted.tokens(each)) for each in (n, 10 * n)]
            yield {
                "uncounted": {"law": law, "vocabulary": vocabulary, "aspect": ASPECT},
                "n": n,
                "of": {
                    "total": uncounted.total(n),
                    "tokens": uncounted.tokens(n),
                    "growth": uncounted.growth(n),
                    "between": log(10) / (budgets[1] - budgets[0]),
                },
            }


def test_ladder(tmp_path):
    cases = {"fits": [*fits()], "samples": [*samples()], "counts": [*counts()]}
    compare(
        Path(__file__).parent / "ladder.golden.js",
        tmp_path,
        {"student": describe_ladder()["student"], **cases},
    )
