"""Memory against length: the model's own cache beside the states of layers of its shape."""

from __future__ import annotations

from typing import TypedDict

from transformer_core.laws.costs import kv_cache_bytes
from transformer_core.laws.recurrent_state import (
    attention_layers,
    lstm_numbers,
    mamba_numbers,
)
from ui.known_models import catalogue
from ui.models import load
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.state import Reader, setting

LONGEST = 1 << 20  # tokens


class StateData(TypedDict):
    """Numbers that are kept, not bytes.

    per_token: of the cache, all layers; lstm, mamba: of the state, all layers; hybrid_layers: with
    attention, of n_layers.
    """

    title: str
    tokens: int
    n: int
    n_layers: int
    d_model: int
    per_token: float
    lstm: int
    mamba: int
    hybrid_layers: int


def show_state_board(reader: Reader) -> None:
    """A slider for the length, and what is kept at it."""
    component(__file__)(key="state-board", data=describe_states(reader))


def describe_states(reader: Reader) -> StateData:
    """Of the reader's model; the length is the address's, or 2,048."""
    loaded = load(reader.model_name)
    config = loaded.config
    return {
        "title": catalogue().offered[reader.model_name].title,
        "tokens": len(reader.token_ids),
        "n": min(whole_number(setting("length")) or 0, LONGEST) or 2048,
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "per_token": kv_cache_bytes(config, 1, bytes_per_number=1),
        "lstm": lstm_numbers(config.d_model, config.n_layers),
        "mamba": mamba_numbers(config.d_model, config.n_layers),
        "hybrid_layers": attention_layers(config.n_layers),
    }
