"""What follows from the measurements of `recurrence`, in curves and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.power_law import fit_power_law
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings, Measured, Setting

CONTEXT = 256  # trained length
LONGEST = 2 * CONTEXT
# Where bins of neighbouring positions, and of distances, begin and end.
POSITIONS = (0, 1, 2, 4, 8, 16, *range(32, LONGEST + 1, 32))
DISTANCES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, CONTEXT)
EARLY, LATE, BEYOND = (32, 64), (CONTEXT - 32, CONTEXT), (CONTEXT, LONGEST)
LONG = 256  # from so many tokens on, the exponent of a step's time is fitted
SCAN, LOOP = "linear recurrence", "linear recurrence, one by one"

NATS, MS = "loss, nats per token", "forward and backward, milliseconds"
SHARE = "gradient, share of that at 0 steps back"


@dataclass(frozen=True)
class Losses:
    """A model's loss in each bin of `POSITIONS`, [seed][bin]."""

    seeds: list[list[float]]

    def over(self, stretch: tuple[int, int]) -> list[float]:
        """Each seed's mean over the positions from stretch[0] to stretch[1] - 1."""
        bins = [(a, b) for a, b in pairwise(POSITIONS) if stretch[0] <= a and b <= stretch[1]]
        first = POSITIONS.index(stretch[0])
        width = stretch[1] - stretch[0]
        return [
            sum((b - a) * loss for (a, b), loss in zip(bins, seed[first:], strict=False)) / width
            for seed in self.seeds
        ]

    def fall(self, early: tuple[int, int], late: tuple[int, int]) -> list[float]:
        """By how much each seed's loss is lower in `late`."""
        return [a - b for a, b in zip(self.over(early), self.over(late), strict=True)]

    def curves(self, name: str) -> list[Series]:
        """Mean, lowest and highest of the seeds; x is the middle of a bin, counted from 1."""
        x = tuple((a + 1 + b) / 2 for a, b in pairwise(POSITIONS))
        bins = list(zip(*self.seeds, strict=True))
        return [
            Series(name + of, "tokens of context", NATS, x, tuple(round(f(b), 4) for b in bins))
            for of, f in (("", mean), (", lowest seed", min), (", highest seed", max))
        ]


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Loss by position, time by length, gradient by distance, and the learning rates tried."""
    trained = dict(zip((s["model"] for s in settings[:-1]), measured[:-1], strict=True))
    lengths, ms = settings[-1]["lengths"], measured[-1]["ms"]
    losses = {name: Losses(m["losses"]) for name, m in trained.items()}
    away = tuple((a + b - 1) / 2 for a, b in pairwise(DISTANCES))
    curves = [curve for name, of in losses.items() for curve in of.curves(name)]
    for name, taken in ms.items():
        curves.append(Series(f"{name}: time", "length, tokens", MS, tuple(lengths), tuple(taken)))
    for name, m in trained.items():
        for when, share in m["gradient"].items():
            curves.append(Series(f"{name}, {when}", "steps back", SHARE, away, tuple(share)))
    for name, m in trained.items():
        tried = [(float(rate), loss) for rate, loss in m["tried"].items() if loss is not None]
        x, y = zip(*tried, strict=True)
        curves.append(
            Series(f"{name}: tried", "learning rate", f"{NATS}, last fifth of a training", x, y)
        )
    exponents = {name: _exponent(lengths, taken) for name, taken in ms.items()}
    shares = {name: m["gradient"]["trained"] for name, m in trained.items()}
    return Findings(
        tuple(curves),
        tokens=settings[0]["tokens"],
        remark=" ".join(
            (
                _loss_remark(losses),
                _position_remark(losses),
                _time_remark(lengths, ms, exponents),
                _gradient_remark(shares),
            )
        ),
        fitted={f"loss, {name}": _estimate(of.over((0, CONTEXT))) for name, of in losses.items()}
        | {f"exponent of time, {name}": exponent for name, exponent in exponents.items()},
    )


def _estimate(seeds: list[float]) -> Estimate:
    return Estimate(*(round(f(seeds), 4) for f in (mean, min, max)))


def _exponent(lengths: list[int], ms: list[float]) -> Estimate:
    """Of time = c length^exponent, over the long lengths."""
    first = lengths.index(_first_long(lengths))
    alpha = fit_power_law(lengths[first:], ms[first:]).exponent
    return Estimate(*(round(-end, 4) for end in (alpha.value, alpha.high, alpha.low)))


def _first_long(lengths: list[int]) -> int:
    """`LONG`, or the first length where too few are longer."""
    return LONG if LONG in lengths[:-2] else lengths[0]


def _loss_remark(losses: dict[str, Losses]) -> str:
    whole = {name: _estimate(of.over((0, CONTEXT))) for name, of in losses.items()}
    order = sorted(whole, key=lambda name: whole[name].value)
    said = ", ".join(
        f"{n} {whole[n].value:.3f} ({whole[n].low:.3f} to {whole[n].high:.3f})" for n in order
    )
    same = [f"{a} and {b}" for a, b in pairwise(order) if whole[a].high >= whole[b].low]
    apart = f" The seeds of {'; of '.join(same)} overlap." if same else ""
    return f"Loss over the trained {CONTEXT} positions, lowest to highest seed: {said}.{apart}"


def _position_remark(losses: dict[str, Losses]) -> str:
    falls = {name: of.fall(EARLY, LATE) for name, of in losses.items()}
    beyond = {name: mean(of.fall(BEYOND, LATE)) for name, of in losses.items()}
    more = min(falls["Transformer"]) > max(falls["LSTM"])
    less = max(falls["Transformer"]) < min(falls["LSTM"])
    compared = "more than" if more else "less than" if less else "no more, beyond the seeds, than"
    said = (
        f"From positions {_span(EARLY)} to {_span(LATE)} it falls by "
        + _listed({name: mean(fall) for name, fall in falls.items()}, ".3f")
        + f": the Transformer gains {compared} the LSTM with position."
    )
    if not more:
        said += (
            " A Transformer that goes on gaining where an LSTM does not (arXiv 2001.08361, figure "
            "7) has 1,024 tokens of context and far longer trainings; these would have to grow."
        )
    changes = _listed(beyond, "+.3f")
    return f"{said} At {_span(BEYOND)}, beyond the trained length, it changes by {changes}."


def _time_remark(
    lengths: list[int], ms: dict[str, list[float]], exponents: dict[str, Estimate]
) -> str:
    times = {
        n: _listed({name: of[i] for name, of in ms.items()}, ".3g")
        for n, i in ((lengths[0], 0), (lengths[-1], -1))
    }
    said = "; ".join(f"at {n} tokens {of}" for n, of in times.items())
    grows = _listed({name: e.value for name, e in exponents.items()}, ".2f")
    ratio = ms[LOOP][-1] / ms[SCAN][-1]
    return (
        f"Milliseconds of a step of one window: {said}. {_fastest(lengths, ms)} From "
        f"{_first_long(lengths)} tokens on the time grows with length to the power {grows}. "
        f"At {lengths[-1]} tokens the same recurrence takes {ratio:.1f} times as long one position "
        "after the other as by its scan, on a single thread, where nothing runs at the same time; "
        "what parallel hardware adds is not measured."
    )


def _fastest(lengths: list[int], ms: dict[str, list[float]]) -> str:
    first = [min(ms, key=lambda name: ms[name][i]) for i in range(len(lengths))]
    if len(set(first)) == 1:
        return f"The fastest at every length: {first[0]}."
    return (
        "The fastest: "
        + ", ".join(f"at {n} {name}" for n, name in zip(lengths, first, strict=True))
        + "."
    )


def _gradient_remark(shares: dict[str, list[float]]) -> str:
    near = {name: share[0] for name, share in shares.items()}
    far = {name: share[-1] for name, share in shares.items()}
    farthest = max(far, key=lambda name: far[name])
    return (
        f"Gradient of the trained models, as a share of that at 0 steps back: 1 step back "
        f"{_listed(near, '.2g')}; {_span(DISTANCES[-2:], 0)} steps back {_listed(far, '.2g')}: "
        f"most arrives in the {farthest}."
    )


def _span(stretch: tuple[int, ...], first: int = 1) -> str:
    return f"{stretch[0] + first} to {stretch[1] - 1 + first}"


def _listed(values: dict[str, float], form: str) -> str:
    return ", ".join(f"{name} {value:{form}}" for name, value in values.items())
