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


def compared(lines: Lines, settings: list[Setting], measured: list[Measured]) -> str:
    """How it was trained, the order at the farthest mark, and each published finding: here or not.

    `settings` and `measured` are in the same order, one for each scheme.
    """
    far = {line: lines.at(line, FARTHEST) for line in lines.nats if lines.reaches(line, FARTHEST)}
    order = ", ".join(
        f"{line} {far[line].value:.2f} ({far[line].low:.2f} to {far[line].high:.2f})"
        for line in sorted(far, key=lambda line: far[line].value)
    )
    rates = ", ".join(
        f"{setting['position']} {found['learning_rate']:g}"
        for setting, found in zip(settings, measured, strict=True)
    )
    trained, sizes = settings[0]["context_length"], [found["parameters"] for found in measured]
    said = [
        f"L = {trained}; {min(sizes):,} parameters, a learned table {max(sizes) - min(sizes):,} "
        f"more. Learning rates found: {rates}.",
        f"Loss of the {trained // 2} positions before {FARTHEST} L, mean of "
        f"{len(settings[0]['seeds'])} seeds (best to worst), from low to high: {order}.",
        f"The learned table ends at L with {lines.at('learned', 1).value:.2f}, RoPE has "
        f"{lines.at('RoPE', 1).value:.2f} there.",
    ]
    claims = _claims(lines)
    if found := "; ".join(claim for claim, holds in claims if holds):
        said.append(f"As published: {found}.")
    if lacking := "; ".join(claim for claim, holds in claims if not holds):
        said.append(
            f"Published, but not so here, or not by more than seeds differ: {lacking}. To decide "
            f"these, the models, their training ({settings[0]['tokens']:,} tokens) and L would "
            "have to be larger."
        )
    return " ".join(said)


def _claims(lines: Lines) -> list[tuple[str, bool]]:
    """What papers report, with our numbers, and whether these say the same.

    ALiBi: arXiv 2108.12409; none: 2305.19466; interpolation: 2306.15595; NTK and YaRN: 2309.00071.
    """

    def change(line: str) -> float:
        return lines.at(line, FARTHEST).value - lines.at(line, 1).value

    def lower(name: str, line: str, other_name: str, other: str, mark: float) -> tuple[str, bool]:
        ours, theirs = lines.at(line, mark), lines.at(other, mark)
        numbers = f"{ours.value:.2f} against {theirs.value:.2f}"
        text = f"{name} is below {other_name} before {mark} L ({numbers})"
        return text, ours.high < theirs.low

    best = all(
        lines.at("ALiBi", FARTHEST).high < lines.at(other, FARTHEST).low
        for other in ("none", "sinusoidal", "RoPE")
    )
    worse = max(change("sinusoidal"), change("RoPE"))
    by_interpolation = ("interpolation", INTERPOLATED)
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
        lower("RoPE as it is", "RoPE", *by_interpolation, 1),
        lower(*by_interpolation, "RoPE as it is", "RoPE", FARTHEST),
        *(
            lower(name, line, *by_interpolation, mark)
            for name, line in (("NTK-aware", NTK_AWARE), ("YaRN", YARN))
            for mark in (1, FARTHEST)
        ),
        lower("YaRN", YARN, "NTK-aware", NTK_AWARE, FARTHEST),
    ]
