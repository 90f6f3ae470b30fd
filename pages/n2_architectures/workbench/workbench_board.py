"""The workbench: two configurations and all that follows from each, worked out in the browser.

Python sends the published configurations and the rules that hold for all.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TypedDict

from transformer_core.laws.blueprint import CHOICES, LIMITS, Blueprint
from transformer_core.laws.blueprints import BLUEPRINTS, Published
from ui.known_models import catalogue
from ui.models import LoadedModel, load
from ui.serving.component import component
from ui.state import Reader

THIS = "this-model"
PLAIN = "gpt2"  # of the others only what differs from it is sent
LONGEST = 1_000  # characters of a configuration in the address


class Preset(TypedDict):
    """A published configuration; `plan` is what differs from the plain one.

    `stated` is what its paper says, `exact` the number of elements in the published weights, 0
    where there are none; `tokens` it was trained on, 0 where that is not known.
    """

    name: str
    title: str
    family: str
    source: str
    stated: str
    exact: int
    tokens: float
    note: str
    plan: dict[str, bool | float | str]


class WorkbenchData(TypedDict):
    """The tokens of the reader's text, both configurations as the address has them, the rules."""

    model: str
    tokens: int
    left: str
    right: str
    plain: dict[str, bool | float | str]
    presets: list[Preset]
    limits: dict[str, tuple[int, int]]
    choices: dict[str, list[str]]


def show_workbench(reader: Reader, left: str, right: str) -> None:
    """`left` and `right` are the configurations in the address, as they stand there."""
    component(__file__)(key="workbench-board", data=describe_workbench(reader, left, right))


def describe_workbench(reader: Reader, left: str, right: str) -> WorkbenchData:
    """Where the address names none, the reader's model stands beside GPT-2 small."""
    loaded = load(reader.model_name)
    return {
        "model": loaded.name,
        "tokens": len(reader.token_ids),
        "left": left[:LONGEST] or THIS,
        "right": right[:LONGEST] or PLAIN,
        "plain": _fields(_plain()),
        "presets": [_this(loaded), *_published()],
        "limits": LIMITS,
        "choices": {name: [*values] for name, values in CHOICES.items()},
    }


def _this(loaded: LoadedModel) -> Preset:
    """The model that runs here; where it is a published one, with what is known of that."""
    plan = Blueprint.of(loaded.config)
    known = next((each for each in BLUEPRINTS if each.plan == plan), None)
    found = _preset(known) if known else None
    return {
        "name": THIS,
        "title": catalogue().offered[loaded.name].title,
        "family": "The model above",
        "source": found["source"] if found else "trained here",
        "stated": found["stated"] if found else "",
        "exact": found["exact"] if found else 0,
        "tokens": found["tokens"] if found else 0,
        "note": "",
        "plan": _difference(plan),
    }


@cache
def _published() -> tuple[Preset, ...]:
    return tuple(_preset(each) for each in BLUEPRINTS)


def _preset(each: Published) -> Preset:
    return {
        "name": each.name,
        "title": each.title,
        "family": each.family,
        "source": each.source,
        "stated": each.stated,
        "exact": each.exact,
        "tokens": each.tokens,
        "note": each.note,
        "plan": _difference(each.plan),
    }


@cache
def _plain() -> Blueprint:
    return next(each.plan for each in BLUEPRINTS if each.name == PLAIN)


def _difference(plan: Blueprint) -> dict[str, bool | float | str]:
    plain = _fields(_plain())
    return {name: value for name, value in _fields(plan).items() if value != plain[name]}


def _fields(plan: Blueprint) -> dict[str, bool | float | str]:
    return asdict(plan)
