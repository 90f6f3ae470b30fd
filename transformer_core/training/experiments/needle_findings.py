"""What follows from the needles: recall by distance beside what reach allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings, Measured, Setting
from transformer_core.training.experiments.pattern_findings import exactly, spread
from transformer_core.training.needle import MOST_PAIRS, N_VALUES

CHANCE = 1 / N_VALUES
FOUND = "recall, share of right answers"
ALLOWED = "recall if all that can arrive is recalled, share"


@dataclass(frozen=True)
class Line:
    """One pattern: recall by distance, mean of all seeds; what reach allows, from the masks alone.

    within, beyond: recall of pairs that can and that cannot arrive, over seeds; None where fewer
    than a hundredth of the questions are for such. without_keys: what would be right in reach if
    any value that has arrived were as good as another.
    """

    name: str
    distances: list[int]
    recall: list[float]
    allowed: list[float]
    farthest: int
    arriving: float
    within: Estimate
    without_keys: float
    beyond: Estimate | None

    @classmethod
    def of(cls, setting: Setting, m: Measured) -> Line:
        """From counts of questions and of right answers."""
        asked, theory = m["distance"]["asked"], m["theory"]
        distances = [d for d in range(1, len(asked)) if asked[d]]
        out_of_reach, in_reach = m["arriving"]["asked"]
        arriving = in_reach / (in_reach + out_of_reach)
        return cls(
            name=setting["pattern"],
            distances=distances,
            recall=[fmean(r[d] for r in m["distance"]["right"]) / asked[d] for d in distances],
            allowed=[theory[d] + (1 - theory[d]) * CHANCE for d in distances],
            farthest=max(d for d, share in enumerate(theory) if share),
            arriving=arriving,
            within=spread([round(r[1] / in_reach, 4) for r in m["arriving"]["right"]]),
            without_keys=m["values_alone"],
            beyond=spread([round(r[0] / out_of_reach, 4) for r in m["arriving"]["right"]])
            if arriving < 0.99
            else None,
        )


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Recall by distance, what reach allows, and recall in and out of reach."""
    lines = [Line.of(s, m) for s, m in zip(settings, measured, strict=True)]
    found = [_series(each.name, FOUND, each.distances, each.recall) for each in lines]
    allowed = [_series(each.name, ALLOWED, each.distances, each.allowed) for each in lines]
    ends = (lines[0].distances[0], lines[0].distances[-1])
    fitted: dict[str, Estimate] = {}
    for line, m in zip(lines, measured, strict=True):
        fitted[f"{line.name}: share of pairs looked at"] = exactly(m["pairs"])
        fitted[f"{line.name}: share of questions in reach"] = exactly(line.arriving)
        fitted[f"{line.name}: recall in reach"] = line.within
        fitted[f"{line.name}: recall in reach without keys"] = exactly(line.without_keys)
        if line.beyond:
            fitted[f"{line.name}: recall out of reach"] = line.beyond
    return Findings(
        series=(
            *found,
            _series("chance", FOUND, ends, (CHANCE, CHANCE)),
            *allowed,
            _series("chance", ALLOWED, ends, (CHANCE, CHANCE)),
        ),
        tokens=settings[0]["tokens"],
        remark=remark(settings[0], lines, recall_out_of_reach(measured)),
        fitted=fitted,
    )


def _series(name: str, y_label: str, x: Sequence[int], y: Sequence[float]) -> Series:
    values = tuple(round(value, 4) for value in y)
    return Series(name, "tokens back to the pair", y_label, tuple(map(float, x)), values)


def recall_out_of_reach(measured: list[Measured]) -> float:
    """Of all patterns and seeds together."""
    counts = [m["arriving"] for m in measured]
    right = sum(r[0] for each in counts for r in each["right"])
    return float(right / sum(each["asked"][0] * len(each["right"]) for each in counts))


def remark(setting: Setting, lines: list[Line], beyond: float) -> str:
    """What each pattern recalls of what can arrive, and that nothing else is recalled."""
    n_layers, window = setting["n_layers"], setting["window"]
    told = "; ".join(
        f"{line.name} {line.arriving:.0%} in reach (up to {line.farthest} back), "
        f"{line.within.value:.0%} of those right where values without keys give "
        f"{line.without_keys:.0%}"
        for line in lines
    )
    # Questions of one sequence ask for the same pairs, so that only pairs are independent.
    noise = 4 * sqrt(CHANCE * (1 - CHANCE) / (MOST_PAIRS * setting["test_sequences"]))
    kept = "no better than" if abs(beyond - CHANCE) < noise else "which differs from"
    halfway = {line.name: (1 + line.without_keys) / 2 for line in lines}
    blind = [line.name for line in lines if line.within.value < halfway[line.name]]
    keys = (
        f"Less than half of what keys could add is learnt by {', '.join(blind)}: reach is a limit "
        "and no promise"
        if blind
        else "All learn more than half of what keys can add"
    )
    return (
        f"{n_layers} layers of windows of {window} reach {n_layers} x ({window} - 1) = "
        f"{n_layers * (window - 1)} tokens back{_edge(lines, n_layers * (window - 1))}. Of all "
        f"questions: {told}. Of those out of reach {beyond:.1%} are answered, {kept} chance, "
        f"{CHANCE:.1%}. {keys}."
    )


def _edge(lines: list[Line], farthest: int) -> str:
    """What the window's stack recalls at the last distance in reach and one further."""
    for line in lines:
        recall = dict(zip(line.distances, line.recall, strict=True))
        if line.name == "sliding window" and {farthest, farthest + 1} <= recall.keys():
            return (
                f": there {recall[farthest]:.0%} are right, one further {recall[farthest + 1]:.0%}"
            )
    return ""
