"""RoPE beyond the trained length: the loss by position in four ways, recorded and measured now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

import torch

from transformer_core.config import Constants, TransformerConfig
from transformer_core.lens.longer_context import FREQUENCIES, STRETCHES, loss_by_position
from transformer_core.records.result import load_result
from ui.known_models import REAL_TITLE
from ui.models import HEAVY_PASSES, load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

LOSSES = "/app/static/stretched-losses"  # below the app's own address
EXPERIMENTS = Path(__file__).parents[3] / "assets" / "experiments"
TEXT = Path(__file__).parents[3] / "assets" / "unseen_text.txt"
SMALL = "fable-modern"
FACTOR = 2
BIN = 64  # positions of a live measurement that share a dot
APART = 96  # tokens between the beginnings of its windows
SMOLLM2 = TransformerConfig(  # as in the model's file
    vocab_size=49_152,
    context_length=8192,
    d_model=576,
    n_layers=30,
    n_heads=9,
    n_kv_heads=3,
    d_ff=1536,
    position="rope",
    constants=Constants(rope_base=100_000.0),
)


class StretchSource(TypedDict):
    """A model's loss in nats by way and bin of `bin` positions; `slower`: by way and pair of
    coordinates, how many times more slowly it turns.
    """

    title: str
    note: str
    file: str
    trained: int
    bin: int
    nats: dict[str, list[float]]
    slower: dict[str, list[float]]


class StretchData(TypedDict):
    """What is recorded, and where a measurement of the small model is asked for."""

    sources: list[StretchSource]
    small: str
    numbers: str


class LiveLosses(TypedDict):
    """Measured now: windows read, and the loss by way and bin."""

    windows: int
    bin: int
    nats: dict[str, list[float]]


def show_stretch_board() -> None:
    """Two recorded models, and the small one measured on a press."""
    component(__file__)(key="stretch-board", data=describe_stretches())


@cache
def describe_stretches() -> StretchData:
    """The records as the board draws them."""
    return {
        "sources": [
            _source(
                REAL_TITLE,
                "stretched_rope",
                SMOLLM2,
                "The text is the beginning of one old book, The Happy Prince and Other Tales "
                "(Oscar Wilde), which the model may have read in training. Compare the lines "
                "with one another: their common ups and downs are the book’s.",
            ),
            _source(
                SMALL,
                "position_loss",
                load(SMALL).config,
                "Means over 144 passages of held-out children’s books. With only 256 trained "
                "positions, no pair of this model turns 32 times, so YaRN leaves only the fastest "
                "pair as it is.",
            ),
        ],
        "small": SMALL,
        "numbers": f"{base_path()}{LOSSES}",
    }


def _source(title: str, file: str, config: TransformerConfig, note: str) -> StretchSource:
    record = load_result(EXPERIMENTS / f"{file}.json")
    return {
        "title": title,
        "note": note,
        "file": f"assets/experiments/{file}.json",
        "trained": config.context_length,
        "bin": record.data["bin"],
        "nats": {name: list(record.curve(name).y) for name in STRETCHES},
        "slower": {name: slower(config, name) for name in STRETCHES},
    }


def slower(config: TransformerConfig, way: str) -> list[float]:
    """How many times more slowly each pair of coordinates turns, [pair]."""
    now = FREQUENCIES[way](config, FACTOR)
    slowed: list[float] = (FREQUENCIES["plain"](config, FACTOR) / now).tolist()
    return slowed


@lru_cache(maxsize=1)
def measured_now() -> LiveLosses:
    """Every way on overlapping windows of a text that the model has not read."""
    loaded = load(SMALL)
    ids = torch.tensor(loaded.tokenizer.encode(TEXT.read_text("utf-8")))
    windows = ids.unfold(0, FACTOR * loaded.config.context_length + 1, APART)
    nats = {}
    for name, stretch in STRETCHES.items():
        with HEAVY_PASSES:
            loss = loss_by_position(stretch(loaded.model, FACTOR), windows)
        nats[name] = loss.view(-1, BIN).mean(-1).tolist()
    return {"windows": len(windows), "bin": BIN, "nats": nats}


def packed_losses(_: Mapping[str, str]) -> bytes:
    """Measured at the first press, then kept."""
    return pack(measured_now(), {})


ROUTES = [data_route(LOSSES, lambda raw: Answer(packed_losses(raw)))]
