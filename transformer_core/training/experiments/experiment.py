"""What every experiment is: settings, a measurement of each, and what follows from all of them."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from transformer_core.laws.estimate import Estimate
from transformer_core.records.json_file import RecordError, read_record, write_record
from transformer_core.records.result import Result, Series, Text, save_result
from transformer_core.training.corpus import read_index
from transformer_core.training.export import this_machine

log = logging.getLogger(__name__)

# Both as JSON holds them: what one part is to be, and what was measured on it.
Setting = dict[str, Any]
Measured = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Folders: prepared tokens, shipped models, and where a setting's trainings keep their states.

    What lies in `work` is removed when the setting has been measured, its parent at the end.
    """

    tokens: Path
    models: Path
    work: Path


@dataclass(frozen=True)
class Findings:
    """What follows from all measurements."""

    series: tuple[Series, ...]
    tokens: int
    remark: str
    fitted: dict[str, Estimate] = field(default_factory=dict)
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """One question. `settings` takes the place and whether a quick version is enough.

    Each setting is measured by itself and kept at once, so a killed experiment goes on with the
    next one. A training inside `measure` is a `loop.Run` in a folder of `Place.work`, which keeps
    its own state. A setting's "seeds", where it has them, are recorded.
    """

    name: str
    question: str
    varied: str
    held_equal: str
    measured: str
    data: dict[str, Any]
    settings: Callable[[Place, bool], list[Setting]]
    measure: Callable[[Setting, Place], Measured]
    conclude: Callable[[list[Setting], list[Measured]], Findings]

    @property
    def command(self) -> str:
        """What repeats it."""
        return f"python -m transformer_core.training.experiments {self.name} TOKENS_FOLDER"

    def run(self, place: Place, out: Path, quick: bool = False) -> Result:
        """Measure every setting, going on where an earlier run stopped, and write the result.

        Raises:
            TrainingError: what a training, the corpus, the disk or an earlier run stands in the way
                with.
        """
        settings = self.settings(place, quick)
        progress = Progress.read(out, _wanted(place, settings))
        for i, setting in enumerate(settings[len(progress.measured) :], len(progress.measured)):
            began, work = time.monotonic(), place.work / f"{i:03}"
            measured = self.measure(setting, replace(place, work=work))
            progress.add(measured, time.monotonic() - began)
            shutil.rmtree(work, ignore_errors=True)
            left = progress.seconds / (i + 1) * (len(settings) - i - 1)
            log.info(f"{self.name}: {i + 1} of {len(settings)} done, {_time(left)} left")
        result = self._result(settings, progress, quick)
        save_result(out, result)
        progress.path.unlink(missing_ok=True)
        shutil.rmtree(place.work, ignore_errors=True)
        return result

    def _result(self, settings: list[Setting], progress: Progress, quick: bool) -> Result:
        findings = self.conclude(settings, progress.measured)
        return Result(
            name=self.name,
            question=self.question,
            command=self.command + " --quick" * quick,
            quick=quick,
            configuration={
                "varied": self.varied,
                "held_equal": self.held_equal,
                "measured": self.measured,
                "settings": settings,
            },
            seeds=tuple(sorted({seed for s in settings for seed in s.get("seeds", [])})),
            data=self.data,
            tokens=findings.tokens,
            machine=this_machine(),
            date=datetime.now(UTC).date().isoformat(),
            commit=progress.commit,
            seconds=round(progress.seconds, 1),
            series=findings.series,
            fitted=findings.fitted,
            texts=findings.texts,
            remark=findings.remark,
        )


@dataclass
class Progress:
    """What has been measured so far, beside the result's file until the result is there."""

    path: Path
    wanted: dict[str, Any]
    measured: list[Measured] = field(default_factory=list)
    seconds: float = 0.0
    commit: str = field(default_factory=lambda: commit())  # of the code that began it

    @classmethod
    def read(cls, out: Path, wanted: dict[str, Any]) -> Progress:
        """Of an earlier run of the same settings, or none; RecordError if of others."""
        path = out.with_name(out.name + ".progress")
        if not path.exists():
            return cls(path, wanted)
        record = read_record(path)
        if record.get("wanted") != wanted:
            raise RecordError(
                f"{path} holds measurements of other settings or another text; repeat that "
                "command, delete the file, or choose another --out."
            )
        log.info(f"going on after {len(record['measured'])} measurements")
        return cls(
            path, wanted, record["measured"], record["seconds"], record.get("commit", "unknown")
        )

    def add(self, measured: Measured, seconds: float) -> None:
        """Keep one more measurement on the disk; TrainingError if it cannot be kept."""
        try:
            json.dumps(measured, allow_nan=False)
        except ValueError as error:
            raise RecordError(
                f"Measurement {len(self.measured) + 1} is not a number (NaN or without end). What "
                f"was measured before it is kept in {self.path}."
            ) from error
        self.measured.append(measured)
        self.seconds += seconds
        write_record(
            self.path,
            {
                "wanted": self.wanted,
                "seconds": self.seconds,
                "commit": self.commit,
                "measured": self.measured,
            },
        )


def _wanted(place: Place, settings: list[Setting]) -> dict[str, Any]:
    index = json.dumps(read_index(place.tokens), sort_keys=True)
    return {"settings": settings, "text": hashlib.sha256(index.encode()).hexdigest()}


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


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
