"""Loss up to and past the trained length, of several seeds, against what has been published."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

from transformer_core.laws.estimate import Estimate
from transformer_core.training.experiments.experiment import Measured, Setting

PER_LENGTH = 4  # bins in one trained length
NOTICED = 0.05  # nats; passages alone make two stretches of positions differ by less
FARTHEST = 8  # times the trained length


def stretched(name: str, factor: int = FARTHEST) -> str:
    """The line of RoPE that was stretched by a factor after training."""
    return f"RoPE, {name}, factor {factor}"


STRETCHED = {"interpolated": "interpolated", "larger_base": "NTK-aware", "yarn": "YaRN"}
INTERPOLATED, NTK_AWARE, YARN = map(stretched, STRETCHED.values())


@dataclass(frozen=True)
class Lines:
    """Loss in nats of every line, [seed][bin], in bins of a quarter of the trained length."""

    nats: dict[str, list[list[float]]]

    def mean(self, line: str) -> list[float]:
        """Over seeds, [bin]."""
        return [round(mean(seeds), 4) for seeds in zip(*self.nats[line], strict=True)]

    def reaches(self, line: str, mark: float) -> bool:
        """Whether a line was read up to `mark` trained lengths."""
        return len(self.nats[line][0]) >= PER_LENGTH * mark

    def at(self, line: str, mark: float) -> Estimate:
        """Mean over the half length before a mark; from the best seed to the worst."""
        end = round(PER_LENGTH * mark)
        seeds = [mean(bins[end - PER_LENGTH // 2 : end]) for bins in self.nats[line]]
        return Estimate(*(round(value, 4) for value in (mean(seeds), min(seeds), max(seeds))))


def at(line: str, mark: float) -> str:
    """The name of an estimate: a line's loss before a mark."""
    return f"{line} at {mark:g} L"


def recipe(settings: list[Setting], measured: list[Measured]) -> str:
    """Sizes and learning rates, in a sentence or two; both lists hold one for each scheme."""
    sizes = [found["parameters"] for found in measured]
    rates = ", ".join(
        f"{setting['position']} {found['learning_rate']:g}"
        for setting, found in zip(settings, measured, strict=True)
    )
    return (
        f"L = {settings[0]['context_length']}; {min(sizes):,} parameters, a learned table "
        f"{max(sizes) - min(sizes):,} more. Learning rates found: {rates}."
    )


def verdict(estimates: dict[str, Estimate], tokens: int) -> str:
    """The order before L and before the farthest mark, and each published finding: here or not.

    `estimates` by the names that `at` gives; `tokens` of one training.
    """
    said = [
        f"Loss of the L/2 positions before L, from low to high, RoPE also as stretched by a factor "
        f"of {FARTHEST}: {_order(estimates, 1)}.",
        f"Before {FARTHEST} L (best seed to worst): {_order(estimates, FARTHEST, spread=True)}.",
    ]
    claims = _claims(estimates)
    if found := "; ".join(claim for claim, holds in claims if holds):
        said.append(f"As published: {found}.")
    if lacking := "; ".join(claim for claim, holds in claims if not holds):
        said.append(
            f"Published, but not so here, or not by more than seeds differ: {lacking}. To decide "
            f"these, the models, their training ({tokens:,} tokens) and L would have to be larger."
        )
    return " ".join(said)


def _order(estimates: dict[str, Estimate], mark: float, spread: bool = False) -> str:
    names = {at(line, mark): short for line, short in _SHORT.items()}
    found = sorted((e.value, names[name], e) for name, e in estimates.items() if name in names)
    return ", ".join(
        f"{short} {value:.2f}" + f" ({e.low:.2f} to {e.high:.2f})" * spread
        for value, short, e in found
    )


def _claims(estimates: dict[str, Estimate]) -> list[tuple[str, bool]]:
    """What papers report, with our numbers, and whether these say the same.

    ALiBi: arXiv 2108.12409; none: 2305.19466; interpolation: 2306.15595; NTK and YaRN: 2309.00071,
    which says in 3.1 that NTK-aware scaling needs a factor above the wanted one.
    """

    def change(line: str, since: float = 1) -> float:
        return estimates[at(line, FARTHEST)].value - estimates[at(line, since)].value

    def lower(line: str, other: str, mark: float) -> tuple[str, bool]:
        ours, theirs = estimates[at(line, mark)], estimates[at(other, mark)]
        numbers = f"{ours.value:.2f} against {theirs.value:.2f}"
        names = f"{_SHORT[line]} is below {_SHORT[other]}"
        return f"{names} before {mark:g} L ({numbers})", ours.high < theirs.low

    best = all(lower("ALiBi", other, FARTHEST)[1] for other in ("none", "sinusoidal", "RoPE"))
    worse, half = max(change("sinusoidal"), change("RoPE")), FARTHEST / 2
    return [
        (f"of the schemes as trained, ALiBi is the lowest before {FARTHEST} L", best),
        (
            f"ALiBi reads as well before {FARTHEST} L as before L ({change('ALiBi'):+.2f})",
            change("ALiBi") < NOTICED,
        ),
        *(
            (f"{line} gets worse past L ({change(line):+.2f})", change(line) > NOTICED)
            for line in ("sinusoidal", "RoPE")
        ),
        (
            f"none loses more than ALiBi, less than the worse of these ({change('none'):+.2f})",
            change("ALiBi") < change("none") < worse,
        ),
        lower("RoPE", INTERPOLATED, 1),
        lower(INTERPOLATED, "RoPE", FARTHEST),
        lower(NTK_AWARE, INTERPOLATED, 1),
        lower(NTK_AWARE, INTERPOLATED, half),
        (
            f"NTK-aware does not reach as far as its factor ({change(NTK_AWARE, half):+.2f} from "
            f"{half:g} L to {FARTHEST} L)",
            change(NTK_AWARE, half) > NOTICED,
        ),
        lower(YARN, INTERPOLATED, 1),
        lower(YARN, INTERPOLATED, FARTHEST),
        lower(YARN, NTK_AWARE, FARTHEST),
    ]


_SHORT = {"RoPE": "plain RoPE", INTERPOLATED: "interpolation", NTK_AWARE: "NTK-aware"}
_SHORT |= {YARN: "YaRN"} | {line: line for line in ("none", "sinusoidal", "learned", "ALiBi")}
