"""Both halves of induction in words, and how training on repeats favours them."""

from __future__ import annotations

from figures.numbers import percent
from ui.head_roles import Halves, evidence


def trained_on(model_name: str, halves: Halves) -> str:
    """How the two scores differ, and whether the made-up repeats were part of the training."""
    if not halves.heads:
        return "No head of this model attends clearly to the copy, not even on made-up repeats."
    made = _range([each.repeated for each in halves.heads])
    text = _range([each.prefix for each in halves.heads])
    scores = (
        f"There, the heads below give {made} of their attention to the token after the earlier "
        f"copy; on everyday sentences it is {text}. A uniform head would give "
        f"{percent(halves.uniform)}."
    )
    stages = evidence(model_name, "training.json").get("stages", [])
    parts = [stage["repeated"] for stage in stages]
    if not parts or max(parts) == 0:
        return f"Random tokens repeated are an unusual text. {scores}"
    return (
        f"Of this model’s training sequences {_range(parts)} were made-up repeats, half of them of "
        f"random tokens. So a test on random tokens asks for what was trained. {scores}"
    )


def _range(numbers: list[float]) -> str:
    low, high = percent(min(numbers)), percent(max(numbers))
    return low if low == high else f"{low} to {high}"
