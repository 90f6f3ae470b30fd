"""What an experiment has measured so far, kept beside its result's file until that is there."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from transformer_core.records.json_file import RecordError, read_record, write_record
from transformer_core.training.corpus import read_index
from transformer_core.training.experiments.plain import from_plain, to_plain

log = logging.getLogger(__name__)

M = TypeVar("M")


@dataclass
class Progress(Generic[M]):
    """All measurements, of which settings and text, and the seconds that they took.

    `commit` is of the code that began it.
    """

    path: Path
    wanted: dict[str, Any]
    measured: list[M] = field(default_factory=list)
    seconds: float = 0.0
    commit: str = field(default_factory=lambda: commit())

    @classmethod
    def read(cls, out: Path, wanted: dict[str, Any], measurement: Any) -> Progress[M]:
        """Of an earlier run of the same settings, or none; RecordError if of others.

        `measurement` is the type of each.
        """
        path = out.with_name(out.name + ".progress")
        if not path.exists():
            return cls(path, wanted)
        record = read_record(path)
        if record.get("wanted") != wanted:
            raise RecordError(
                f"{path} holds measurements of other settings or another text; repeat that "
                "command, delete the file, or choose another --out."
            )
        try:
            measured = [from_plain(measurement, each) for each in record["measured"]]
            progress = cls(path, wanted, measured, record["seconds"], record["commit"])
        except (KeyError, TypeError, IndexError) as error:
            raise RecordError(
                f"{path} holds measurements of another version ({error}); delete it and begin anew."
            ) from error
        log.info(f"going on after {len(measured)} measurements")
        return progress

    def add(self, measurement: M, seconds: float) -> None:
        """Keep one more measurement on the disk; RecordError if it cannot be kept."""
        try:
            kept = [to_plain(each) for each in (*self.measured, measurement)]
        except ValueError as error:
            raise RecordError(
                f"Measurement {len(self.measured) + 1} is not a number (NaN or without end). What "
                f"was measured before it is kept in {self.path}."
            ) from error
        self.measured.append(measurement)
        self.seconds += seconds
        write_record(
            self.path,
            {
                "wanted": self.wanted,
                "seconds": self.seconds,
                "commit": self.commit,
                "measured": kept,
            },
        )


def wanted(tokens: Path, settings: Sequence[Any]) -> dict[str, Any]:
    """What two runs must have in common for one to go on where the other stopped."""
    index = json.dumps(read_index(tokens), sort_keys=True)
    text = hashlib.sha256(index.encode()).hexdigest()
    return {"settings": [to_plain(setting) for setting in settings], "text": text}


def commit() -> str:
    """The commit of this code, with a + if files were changed since; "unknown" without git."""
    root = Path(__file__).parents[3]
    try:
        answers = [
            subprocess.run(
                ["git", *arguments], cwd=root, capture_output=True, text=True, check=True
            ).stdout.strip()
            for arguments in (
                ("rev-parse", "--short=12", "HEAD"),
                ("status", "--porcelain", "-uno"),
            )
        ]
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answers[0] + "+" * bool(answers[1])
