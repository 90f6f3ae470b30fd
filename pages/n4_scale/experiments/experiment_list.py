"""The recorded experiments: whatever lies in assets/experiments, read once, one shown at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import streamlit as st

from figures.experiment import are_repeats, curve_groups, outline, styles_of
from pages.n4_scale.experiments.experiment_report import show_report
from pages.n4_scale.experiments.experiment_words import day, duration, title_of
from transformer_core.checkpoints import stamp
from transformer_core.records.json_file import RecordError
from transformer_core.records.result import Result, load_result
from ui.serving.component import component
from ui.state import change_settings, setting

FOLDER = Path(__file__).parents[3] / "assets" / "experiments"
KEY = "experiment-list"
PARAMETER = "experiment"  # the address holds a file's name, without its ending


class Outline(TypedDict):
    """A curve very small: "x,y x,y" within 0 to 1."""

    colour: str
    points: str


class Entry(TypedDict):
    """A record that can be shown, by its file's name."""

    name: str
    title: str
    question: str
    facts: str
    curves: list[Outline]


class DamagedEntry(TypedDict):
    """One that cannot, and why."""

    name: str
    title: str
    damage: str


class ExperimentList(TypedDict):
    """All of them, and the name of the one that is shown; "" for none."""

    chosen: str
    entries: list[DamagedEntry | Entry]


def show_experiments() -> None:
    """All as a list; with one chosen, their names in a row and what it found."""
    found = recorded()
    if not found:
        st.info(
            "No experiment is recorded here yet. Each one writes a file, and every file in "
            "`assets/experiments` is listed here. To run one, see "
            "`python -m transformer_core.training.experiments --help`."
        )
        return
    wanted = setting(PARAMETER)
    chosen = wanted if wanted in found else ""
    if wanted and not chosen:
        st.caption("The address names an experiment that is not on record. Choose one below.")
    data: ExperimentList = {
        "chosen": chosen,
        "entries": [_entry(name, found[name]) for name in found],
    }
    component(__file__)(key=KEY, data=data, on_choose_change=_choose)
    if not chosen:
        return
    result = found[chosen]
    if isinstance(result, Result):
        show_report(chosen, result)
    else:
        st.warning(result, icon=":material/error:")


def _choose() -> None:
    change_settings({PARAMETER: str(st.session_state[KEY].choose or "")})


def recorded() -> dict[str, Result | str]:
    """Each file's result by the file's name, or a sentence that says why it cannot be read."""
    return {path.stem: _read(path, stamp(path)) for path in sorted(FOLDER.glob("*.json"))}


@lru_cache(maxsize=64)
def _read(path: Path, version: tuple[int, int]) -> Result | str:
    try:
        return load_result(path)
    except RecordError as error:
        return str(error).replace(str(path), path.name)


def _entry(name: str, result: Result | str) -> DamagedEntry | Entry:
    if isinstance(result, str):
        return {"name": name, "title": title_of(name), "damage": result}
    groups = curve_groups(result.series)
    styles = styles_of(groups)
    facts = [day(result.date), duration(result.seconds), "a quick run" if result.quick else ""]
    return {
        "name": name,
        "title": title_of(name),
        "question": result.question,
        "facts": " · ".join(filter(None, facts)),
        "curves": [
            {"colour": curve["colour"], "points": curve["points"]}
            for group in sorted(groups, key=lambda group: are_repeats(group[0]))[:1]
            for curve in outline(group, styles)
        ],
    }
