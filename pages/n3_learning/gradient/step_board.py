"""The step: what each learning rate makes of the reader's text, and the steps that are taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from pages.n3_learning.gradient.descents import (
    MOST_STEPS,
    SHOWN,
    PlaceData,
    clean_steps,
    describe_place,
    tokens_of,
)
from transformer_core.shipped_vocabulary import load_shipped
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, clean_text

STEPS = "/app/static/gradient-steps"  # below the app's own address


class StepHeader(TypedDict):
    """A place on the way down, and where others of this text are to be had.

    most: steps; rate: the place of a learning rate in the address, -1 where it names none.
    """

    place: PlaceData
    numbers: str
    text: str
    note: str
    most: int
    rate: int


def show_step_board(reader: Reader, rate: str) -> None:
    """`rate` is the place of a learning rate in the address, as it stands there."""
    component(__file__)(key="step-board", data=pack_place(reader.text, "", rate))


def pack_place(text: str, steps: str, rate: str = "") -> bytes:
    """The place after some steps, written as they stand in an address."""
    place, arrays = describe_place(tokens_of(text), clean_steps(steps))
    header: StepHeader = {
        "place": place,
        "numbers": f"{base_path()}{STEPS}",
        "text": text,
        "note": _note(text),
        "most": MOST_STEPS,
        "rate": int(rate) if rate.isascii() and rate.isdigit() and len(rate) < 3 else -1,
    }
    return pack(header, arrays)


def _note(text: str) -> str:
    """What was done to a text that is too long or too short."""
    n = len(load_shipped().encode(text))
    if n > SHOWN:
        return f"The first {SHOWN} of the {n} tokens of your text are used."
    return "" if n > 1 else "One token predicts nothing here, so a full stop was added to it."


def packed_steps(raw: Mapping[str, str]) -> bytes:
    """The place after the steps that are asked for."""
    return pack_place(clean_text(raw.get("text", ""), []), raw.get("steps", ""))


ROUTES = [data_route(STEPS, lambda raw: Answer(packed_steps(raw)))]
