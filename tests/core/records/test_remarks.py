"""Every figure in a remark is, in its order, a value of its record or follows from such."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.core.records.meant import MEANT, ladder_of
from transformer_core.records.result import load_result
from transformer_core.training.experiments.scaling_ladder.findings import fitted

RECORDS = Path(__file__).parents[3] / "assets" / "experiments"
FIGURE = re.compile(
    r"(?<![\w.])[+-]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]\d+)?(?: thousand| million| ?%)?"
)
UNITS = {"thousand": 1e3, "million": 1e6, "%": 0.01}


@dataclass(frozen=True)
class Figure:
    """A number as it is printed."""

    printed: str

    def rounds(self, value: float) -> bool:
        """Whether a value has these digits."""
        number, unit = re.fullmatch(r"(.*?) ?(thousand|million|%)?", self.printed).groups()
        scale = UNITS.get(unit, 1)
        digits, _, power = number.replace(",", "").partition("e")
        places = len(digits.partition(".")[2])
        last = 10 ** (int(power or 0) - places) * scale
        return abs(float(f"{digits}e{power or 0}") * scale - value) <= last * 0.501


def figures(text: str) -> list[Figure]:
    """In their order."""
    return [Figure(printed) for printed in FIGURE.findall(text)]


each_record = pytest.mark.parametrize(
    "path", sorted(RECORDS.glob("*.json")), ids=lambda path: path.stem
)


@cache
def told(path: Path) -> tuple[list[Figure], list[float | Figure]]:
    """The figures of a remark and, in the same order, what they are.

    The figures of a name are those that are printed in it.
    """
    record = load_result(path)
    meant = []
    for value in MEANT[record.name](record):
        meant += figures(value) if isinstance(value, str) else [value]
    return figures(record.remark), meant


def disagreement(said: list[Figure], meant: list[float | Figure]) -> str:
    """The first figure that is not what is meant; nothing where all are."""
    for i, (figure, value) in enumerate(zip(said, meant, strict=False), 1):
        if not (figure == value if isinstance(value, Figure) else figure.rounds(value)):
            return f"figure {i}, {figure.printed}, is not {value}"
    return "" if len(said) == len(meant) else f"{len(said)} figures, but {len(meant)} values"


@each_record
def test_a_remark_is_a_headline_and_three_paragraphs(path):
    """What it shows, what it does not show, what larger studies find: these are cited."""
    headline, *parts = load_result(path).remark.split("\n\n")
    assert len(headline.split()) <= 25
    assert headline.endswith(".")
    assert "…" not in headline
    assert len(parts) == 3
    assert parts[1].startswith("It does not ")
    assert re.search(r"\(?(19|20)\d\d\)?", parts[2])
    assert max(map(len, parts)) <= 420


@each_record
def test_every_figure_of_a_remark_is_what_was_fitted_or_measured(path):
    assert not disagreement(*told(path))


@each_record
def test_another_digit_or_a_figure_more_or_less_would_be_noticed(path):
    said, meant = told(path)
    assert disagreement([*said, said[0]], meant)
    assert disagreement(said[:-1], meant)
    for i, figure in enumerate(said):
        last = re.search(r"\d(?=\D*$)", figure.printed.partition("e")[0])
        other = str((int(last[0]) + 2) % 10)
        changed = Figure(figure.printed[: last.start()] + other + figure.printed[last.end() :])
        assert disagreement([*said[:i], changed, *said[i + 1 :]], meant), figure


def test_the_recorded_laws_are_those_of_the_recorded_losses():
    record = load_result(RECORDS / "scaling_ladder.json")
    for name, estimate in fitted(ladder_of(record)).items():
        for side in ("value", "low", "high"):
            recorded = getattr(record.fitted[name], side)
            assert getattr(estimate, side) == pytest.approx(recorded, rel=2e-3), name
