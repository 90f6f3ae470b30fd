"""The tasks in words, each with the settings with which it succeeds."""

from __future__ import annotations

from typing import TypedDict

from transformer_core.live_training.order import FIRST_ORDERS, FIRST_TEXT_ORDER, OWN_TEXT, Order


class OrderData(TypedDict):
    """The settings of a training, as `Order` has them; without the text."""

    task: str
    n_layers: int
    n_heads: int
    d_model: int
    learning_rate: float
    steps: int


class TaskData(TypedDict):
    """A task. says: what is learnt; unit: a token that is scored; first: its settings."""

    key: str
    name: str
    says: str
    unit: str
    first: OrderData


SAID = {
    "sorting": (
        "Sorting",
        "Eight digits, then the same digits in ascending order. Only the answer is scored.",
        "digit",
    ),
    "copying": (
        "Copying",
        "Eight letters, then the same letters again. Only the copy is scored.",
        "letter",
    ),
    "addition": (
        "Addition mod 23",
        "The remainder of a + b divided by 23. One in five of all 529 sums is held out: it is "
        "never learnt from.",
        "sum",
    ),
    "induction": (
        "Induction",
        "A passage of different letters, drawn at random, comes again and again. What followed a "
        "letter before follows it again. How long the passage is differs from example to example.",
        "letter",
    ),
    OWN_TEXT: (
        "Your own text",
        "The next character of a text that you paste or choose. Its last tenth is held out.",
        "character",
    ),
}


def describe_tasks() -> list[TaskData]:
    """In the order in which they can be chosen."""
    return [
        {"key": key, "name": name, "says": says, "unit": unit, "first": _first(key)}
        for key, (name, says, unit) in SAID.items()
    ]


def _first(key: str) -> OrderData:
    values = FIRST_ORDERS.get(key, Order()).to_dict() | {"task": key}
    values |= FIRST_TEXT_ORDER if key == OWN_TEXT else {}
    return {
        "task": key,
        "n_layers": values["n_layers"],
        "n_heads": values["n_heads"],
        "d_model": values["d_model"],
        "learning_rate": values["learning_rate"],
        "steps": values["steps"],
    }
