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


def compared(lines: Lines, setting: Setting, measured: list[Measured]) -> str:
    """The order at the farthest mark, and each published finding: found here, or not."""
    far = {line: lines.at(line, FARTHEST) for line in lines.nats if lines.reaches(line, FARTHEST)}
    order = ", ".join(
        f"{line} {far[line].value:.2f} ({far[line].low:.2f} to {far[line].high:.2f})"
        for line in sorted(far, key=lambda line: far[line].value)
    )
    claims = _claims(lines)
    found = "; ".join(claim for claim, holds in claims if holds)
    lacking = "; ".join(claim for claim, holds in claims if not holds)
    said = [
        f"L = {setting['context_length']}, {len(setting['seeds'])} seeds. Loss before "
        f"{FARTHEST} L (best seed to worst), from low to high: {order}.",
        f"The learned table ends at L with {lines.at('learned', 1).value:.2f}, RoPE has "
        f"{lines.at('RoPE', 1).value:.2f} there.",
    ]
    if found:
        said.append(f"As published: {found}.")
    if lacking:
        small = min(m["parameters"] for m in measured)
        said.append(
            f"Published, but not found here, or not beyond what seeds differ by: {lacking}. To "
            f"decide these, the model ({small:,} parameters), its training "
            f"({setting['tokens']:,} tokens) and L would have to be larger."
        )
    return " ".join(said)


def _claims(lines: Lines) -> list[tuple[str, bool]]:
    """What papers report, with our numbers, and whether these say the same."""

    def change(line: str) -> float:
        return lines.at(line, FARTHEST).value - lines.at(line, 1).value

    def lower(line: str, other: str, mark: float) -> bool:
        return lines.at(line, mark).high < lines.at(other, mark).low

    def pair(line: str, other: str, mark: float) -> str:
        return f"{lines.at(line, mark).value:.2f} against {lines.at(other, mark).value:.2f}"

    others = ("none", "sinusoidal", "RoPE")
    worst = max(change("sinusoidal"), change("RoPE"))
    return [
        (
            f"of the trained schemes ALiBi has the lowest loss before {FARTHEST} L",
            all(lower("ALiBi", other, FARTHEST) for other in others),
        ),
        (
            f"ALiBi reads {FARTHEST} L as well as L ({change('ALiBi'):+.2f} nats)",
            change("ALiBi") < NOTICED,
        ),
        *(
            (f"{line} gets worse past L ({change(line):+.2f})", change(line) > NOTICED)
            for line in ("sinusoidal", "RoPE")
        ),
        (
            f"none changes by {change('none'):+.2f}, between ALiBi and the worse of these",
            change("ALiBi") < change("none") < worst,
        ),
        (
            f"interpolation costs something within L ({pair(INTERPOLATED, 'RoPE', 1)})",
            lower("RoPE", INTERPOLATED, 1),
        ),
        (
            f"but less than RoPE as it is before {FARTHEST} L "
            f"({pair(INTERPOLATED, 'RoPE', FARTHEST)})",
            lower(INTERPOLATED, "RoPE", FARTHEST),
        ),
        *(
            (
                f"{name} is below interpolation before {mark} L ({pair(line, INTERPOLATED, mark)})",
                lower(line, INTERPOLATED, mark),
            )
            for name, line in (("NTK-aware", NTK_AWARE), ("YaRN", YARN))
            for mark in (1, FARTHEST)
        ),
        (
            f"YaRN is below NTK-aware before {FARTHEST} L ({pair(YARN, NTK_AWARE, FARTHEST)})",
            lower(YARN, NTK_AWARE, FARTHEST),
        ),
    ]
