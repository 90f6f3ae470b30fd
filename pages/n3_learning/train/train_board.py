"""The board: settings, a training as it goes on, and what to do with the model afterwards."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypedDict
from zipfile import ZIP_DEFLATED, ZipFile

import streamlit as st

from pages.n3_learning.train.train_tasks import TaskData, describe_tasks
from pages.n3_learning.train.training_process import TrainingProcess
from pages.n3_learning.train.training_queue import GONE, Refused, TrainingQueue
from transformer_core.checkpoints import (
    CONFIG_FILE,
    WEIGHTS_FILE,
    CheckpointError,
    load_checkpoint,
)
from transformer_core.live_training.characters import read_characters
from transformer_core.live_training.messages import ORDER_FILE, SYMBOLS_FILE
from transformer_core.live_training.order import (
    HEADS,
    LAYERS,
    LONGEST_TEXT,
    MOST_STEPS,
    OWN_TEXT,
    SHORTEST_TEXT,
    WIDTHS,
    Order,
    OrderError,
)
from ui.model_menu import choose_own
from ui.models import keep_own
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route, message_route

KEY, REFUSED = "train-board", "training-refused"
TRAIN = "/app/static/train"  # below the app's own address
ASSETS = Path(__file__).parents[3] / "assets"
RECORDED = ASSETS / "training" / "sorting.json"
SETTING = "FORWARD_PASS_TRAININGS"  # how many at a time on this server; 0 for none
MOST_BYTES = 1 << 20  # of an order
TOO_LARGE = (
    f"What was sent is too large. A text may have at most {LONGEST_TEXT:,} characters. "
    "Choose a shorter one."
)
NO_JSON = "The order could not be read. Reload the page and try again."
UNUSABLE = "The trained model cannot be opened: its weights are not finite, or its files are gone."
README = """The files of a small Transformer, trained on the page "Train one" of Forward Pass.

- model.safetensors: the weights, 32 bits a number; read them with the safetensors library
- config.json: sizes and choices, as transformer_core.config.TransformerConfig has them
- symbols.json: the vocabulary in the order of its ids
- order.json: the settings of the training

In Python: transformer_core.checkpoints.load_checkpoint(folder)
"""


class TrainData(TypedDict):
    """Where to ask; the tasks and sizes that can be chosen; limits; a text to begin with.

    off: whether this server trains nothing; refused: why a model could not be opened.
    """

    numbers: str
    tasks: list[TaskData]
    layers: list[int]
    heads: list[int]
    widths: list[int]
    most_steps: int
    shortest: int
    longest: int
    text: str
    off: bool
    refused: str


def show_train_board() -> None:
    """The recorded run at first, then the reader's own."""
    component(__file__)(key=KEY, data=describe_board(), on_open_change=open_trained)


def describe_board() -> TrainData:
    """All that the board begins with."""
    return {
        "numbers": f"{base_path()}{TRAIN}",
        "tasks": describe_tasks(),
        "layers": list(LAYERS),
        "heads": list(HEADS),
        "widths": list(WIDTHS),
        "most_steps": MOST_STEPS,
        "shortest": SHORTEST_TEXT,
        "longest": LONGEST_TEXT,
        "text": (ASSETS / "unseen_text.txt").read_text("utf-8").strip(),
        "off": the_queue().at_a_time == 0,
        "refused": st.session_state.pop(REFUSED, ""),
    }


@cache
def the_queue() -> TrainingQueue:
    """Of the whole server."""
    wanted = whole_number(os.environ.get(SETTING, "1"))
    return TrainingQueue(TrainingProcess, at_a_time=1 if wanted is None else wanted)


def open_trained() -> None:
    """The reader's text model becomes the model of all pages; for the board's trigger."""
    asked = st.session_state[KEY].open
    try:
        name = open_model(str(asked))
    except Refused as error:
        st.session_state[REFUSED] = str(error)
    else:
        choose_own(name)


def open_model(training: str) -> str:
    """Under which name a trained model of characters can be chosen from now on.

    Raises:
        Refused: where it is no such model, or not here any more.
    """
    folder = trained_folder(training)
    order, _ = the_queue().trainer_of(training)
    if order.task != OWN_TEXT:
        raise Refused("Only a model of characters can read a sentence.")
    try:
        model = load_checkpoint(folder)
        tokenizer = read_characters((folder / SYMBOLS_FILE).read_text("utf-8"))
    except (CheckpointError, OSError) as error:
        raise Refused(UNUSABLE) from error
    return keep_own(model, tokenizer)


def trained_folder(training: str) -> Path:
    """Where the model of a training lies.

    Raises:
        Refused: where it has not ended, or is not here any more.
    """
    _, trainer = the_queue().trainer_of(training)
    if not isinstance(trainer, TrainingProcess):
        raise Refused(GONE)
    return trainer.folder


# ------------------------------------------------------------------ what the board asks by itself


def told(**values: object) -> Answer:
    """A short answer as JSON."""
    return Answer(json.dumps(values).encode())


def take_order(body: bytes | None) -> Answer:
    """A new training's name, or why there is none."""
    if body is None:
        return told(refused=TOO_LARGE)
    try:
        asked = json.loads(body)
        visitor, order = str(asked["visitor"])[:100], Order.from_dict(asked["order"])
        return told(training=the_queue().enter(visitor, order))
    except (OrderError, Refused) as error:
        return told(refused=str(error))
    except (ValueError, KeyError, TypeError):
        return told(refused=NO_JSON)


def take_act(body: bytes | None) -> Answer:
    """Pause, resume, stop or leave."""
    try:
        asked = json.loads(body or b"")
        the_queue().act(str(asked["training"]), str(asked["act"]))
    except Refused as error:
        return told(refused=str(error))
    except (ValueError, KeyError, TypeError):
        return told(refused=NO_JSON)
    return told()


def packed_look(raw: Mapping[str, str]) -> Answer:
    """How a training stands, and its lines, as they are, from number `seen` on."""
    try:
        seen = the_queue().look(raw.get("training", ""), whole_number(raw.get("seen", "")) or 0)
    except Refused as error:
        return told(refused=str(error))
    head = {"state": seen.state, "place": seen.place}
    return Answer(b"\n".join([json.dumps(head).encode(), *(each.strip() for each in seen.lines)]))


def packed_recorded(_: Mapping[str, str]) -> Answer:
    """The recorded run, in lines as a training writes them."""
    return Answer(RECORDED.read_bytes())


def packed_model(raw: Mapping[str, str]) -> Answer:
    """A ZIP file of weights, configuration, vocabulary and settings, or nothing."""
    packed = io.BytesIO()
    try:
        folder = trained_folder(raw.get("training", ""))
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for name in (WEIGHTS_FILE, CONFIG_FILE, SYMBOLS_FILE, ORDER_FILE):
                archive.write(folder / name, name)
            archive.writestr("README.txt", README)
    except (Refused, OSError):
        return Answer(b"")
    return Answer(packed.getvalue())


ROUTES = [
    message_route(f"{TRAIN}/order", take_order, MOST_BYTES),
    message_route(f"{TRAIN}/act", take_act, 1_000),
    data_route(f"{TRAIN}/look", packed_look),
    data_route(f"{TRAIN}/recorded", packed_recorded),
    data_route(f"{TRAIN}/model", packed_model),
]
