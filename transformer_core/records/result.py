"""What an experiment leaves behind: one JSON file, written as a whole, read as a dataclass."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from transformer_core.laws.estimate import Estimate
from transformer_core.records.json_file import RecordError, read_record, write_record

SCHEMA = 1

T = TypeVar("T", "Series", "Text", Estimate)


@dataclass(frozen=True)
class Series:
    """One curve: numbers against numbers, both with the quantity and unit on their axis."""

    name: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Text:
    """What a model wrote, and at which x of the series."""

    at: float
    text: str


@dataclass(frozen=True)
class Result:
    """A finished experiment.

    `configuration` holds what was varied, what was held equal, what was measured, all settings and,
    in newer records, the measurements of each; `data` the text and its split; `tokens` what the
    longest training has seen; `remark` what came out, in a person's sentences, also where a
    textbook says otherwise.
    """

    name: str
    question: str
    command: str
    quick: bool
    configuration: dict[str, Any]
    seeds: tuple[int, ...]
    data: dict[str, Any]
    tokens: int
    machine: str
    date: str
    commit: str
    seconds: float
    series: tuple[Series, ...]
    fitted: dict[str, Estimate] = field(default_factory=dict)
    texts: tuple[Text, ...] = ()
    remark: str = ""
    schema: int = SCHEMA

    def curve(self, name: str) -> Series:
        """The series of a name; KeyError without one."""
        return {series.name: series for series in self.series}[name]


_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("name", "question", "command", "machine", "date", "commit", "remark"), str),
    **dict.fromkeys(("configuration", "data", "fitted"), dict),
    **dict.fromkeys(("seeds", "series", "texts"), list),
    **{"quick": bool, "tokens": int, "schema": int, "seconds": (int, float)},
}


def save_result(path: Path, result: Result) -> None:
    """Write a result; on a RecordError what was there before is kept."""
    record = asdict(result)
    for name in ("seeds", "series", "texts"):
        record[name] = list(record[name])
    write_record(path, {"schema": record.pop("schema")} | record)


def load_result(path: Path) -> Result:
    """Read what `save_result` wrote.

    Raises:
        RecordError: a file that is missing, cut short, of another schema or not whole.
    """
    record = read_record(path)
    _check(path, record)
    try:
        series = tuple(_series(entry) for entry in record["series"])
        fitted = {name: _whole(Estimate(**found)) for name, found in record["fitted"].items()}
        texts = tuple(_whole(Text(**entry)) for entry in record["texts"])
    except (TypeError, KeyError, ValueError) as error:
        raise RecordError(
            f"{path} is not whole ({error}); repeat it: {record['command']}"
        ) from error
    changed = {"series": series, "fitted": fitted, "texts": texts, "seeds": tuple(record["seeds"])}
    return Result(**record | changed)


def _check(path: Path, record: dict[str, Any]) -> None:
    schema = record.get("schema")
    if schema != SCHEMA:
        found = "no schema" if schema is None else f"schema {schema}"
        raise RecordError(
            f"{path} has {found}, this version reads schema {SCHEMA}; run its experiment again."
        )
    names = {field.name for field in fields(Result)}
    if names != record.keys():
        wrong = ", ".join(sorted(names ^ record.keys()))
        raise RecordError(f"{path} lacks or adds {wrong}; run its experiment again.")
    for name, kind in _TYPES.items():
        if not isinstance(record[name], kind) or (kind is int and record[name] is True):
            raise RecordError(f"{name} in {path} is {record[name]!r:.60}; run it again.")


def _whole(part: T) -> T:
    """The same part; ValueError unless its words are words and its numbers numbers."""
    for each in fields(part):
        value = getattr(part, each.name)
        if each.type == "str" and not isinstance(value, str):
            raise ValueError(f"{each.name} is {value!r:.60}, no text")
        if each.type == "float" and not isfinite(value):
            raise ValueError(f"{each.name} is no number")
    return part


def _series(entry: dict[str, Any]) -> Series:
    series = _whole(Series(**entry | {"x": tuple(entry["x"]), "y": tuple(entry["y"])}))
    if len(series.x) != len(series.y):
        raise ValueError(f"series {series.name!r} has {len(series.x)} x and {len(series.y)} y")
    if not all(map(isfinite, (*series.x, *series.y))):
        raise ValueError(f"series {series.name!r} holds a value that is no number")
    return series
