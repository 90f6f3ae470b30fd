"""What every experiment is: settings, a measurement of each, and what follows from all of them."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from transformer_core.laws.estimate import Estimate
from transformer_core.records.json_file import RecordError
from transformer_core.records.result import Result, Series, Text, load_result, save_result
from transformer_core.training.experiments.plain import to_plain
from transformer_core.training.experiments.progress import Progress, wanted
from transformer_core.training.export import this_machine

log = logging.getLogger(__name__)

S = TypeVar("S")
M = TypeVar("M")


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
    """What follows from all measurements, in numbers; a person says it in words."""

    series: tuple[Series, ...]
    tokens: int
    fitted: dict[str, Estimate] = field(default_factory=dict)
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Experiment(Generic[S, M]):
    """One question. `settings` takes the place and whether a quick version is enough.

    Settings and measurements are frozen dataclasses; `measurement` is the type of the latter. Each
    setting is measured by itself and kept at once, so a killed experiment goes on with the next
    one. A training inside `measure` is a `loop.Run` in a folder of `Place.work`, which keeps its
    own state. A setting's `seeds`, where it has them, are recorded.
    """

    name: str
    question: str
    varied: str
    held_equal: str
    measured: str
    data: dict[str, Any]
    settings: Callable[[Place, bool], list[S]]
    measure: Callable[[S, Place], M]
    measurement: Any
    conclude: Callable[[list[S], list[M]], Findings]

    @property
    def command(self) -> str:
        """What repeats it."""
        return f"python -m transformer_core.training.experiments {self.name} TOKENS_FOLDER"

    def run(self, place: Place, out: Path, quick: bool = False) -> Result:
        """Measure every setting, going on where an earlier run stopped, and write the result.

        The result has the remark of the file that it replaces, or an empty one.

        Raises:
            TrainingError, RecordError: what a training, the corpus, the disk or an earlier run
                stands in the way with.
        """
        settings = self.settings(place, quick)
        progress: Progress[M] = Progress.read(out, wanted(place.tokens, settings), self.measurement)
        for i, setting in enumerate(settings[len(progress.measured) :], len(progress.measured)):
            began, work = time.monotonic(), place.work / f"{i:03}"
            measured = self.measure(setting, replace(place, work=work))
            progress.add(measured, time.monotonic() - began)
            shutil.rmtree(work, ignore_errors=True)
            left = progress.seconds / (i + 1) * (len(settings) - i - 1)
            log.info(f"{self.name}: {i + 1} of {len(settings)} done, {_time(left)} left")
        result = replace(self._result(settings, progress, quick), remark=_remark(out))
        save_result(out, result)
        progress.path.unlink(missing_ok=True)
        shutil.rmtree(place.work, ignore_errors=True)
        return result

    def _result(self, settings: list[S], progress: Progress[M], quick: bool) -> Result:
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
                "settings": [to_plain(setting) for setting in settings],
                "measurements": [to_plain(each) for each in progress.measured],
            },
            seeds=tuple(sorted({seed for s in settings for seed in getattr(s, "seeds", ())})),
            data=self.data,
            tokens=findings.tokens,
            machine=this_machine(),
            date=datetime.now(UTC).date().isoformat(),
            commit=progress.commit,
            seconds=round(progress.seconds, 1),
            series=findings.series,
            fitted=findings.fitted,
            texts=findings.texts,
        )


def _remark(out: Path) -> str:
    """What a person wrote into the file that is to be replaced; nothing where there is none."""
    try:
        return load_result(out).remark
    except RecordError:
        return ""


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
