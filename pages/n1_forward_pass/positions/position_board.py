"""The Positions lesson's picture: five schemes on the reader's tokens, packed for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NotRequired, TypedDict

import streamlit as st
import torch
from torch import Tensor
from torch.nn.functional import normalize

from pages.n1_forward_pass.positions.word_order import bare
from transformer_core.lens.position_scores import sinusoidal_by_distance, table_by_distance
from transformer_core.lens.word_order import first_attention
from transformer_core.positions import alibi_slopes, rotary_frequencies, sinusoidal_table
from transformer_core.transformer import TransformerTrace
from ui.known_models import SHIPPED, called
from ui.models import HEAVY_PASSES, LoadedModel, ModelUnavailableError, load, trace
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state, setting

SHOWN = 64  # tokens, and at most so many rows of a table
LEAST = 24  # rows of a table shown even for a short text: waves need room
COLUMNS = 192  # numbers of a row that are shown
OUTPUTS = 48  # numbers of a row of attention's output that are shown
DISTANCES = 256
REACH = 256  # positions of the learned table that are compared with one another
ROTATED = 60_000  # numbers of q and k up to which all layers are sent, else the reader's own
POSITIONS = "/app/static/positions"  # below the app's own address
LENT = {"learned": "fable-classic", "rope": "fable-modern"}


class LearnedTable(TypedDict):
    """Whose trained table is shown, and how many numbers its rows have."""

    model: str
    d_model: int


class Rotation(TypedDict):
    """Whose queries and keys are shown; `same`: of the reader's own tokens.

    layers: those that come with it; others of `sentence` are to be had at the address `numbers`.
    """

    model: str
    pieces: list[str]
    same: bool
    layers: list[int]
    n_layers: int
    n_heads: int
    d_head: int
    length: int
    numbers: str
    sentence: dict[str, str]


class LayerHeader(TypedDict):
    """Which layers come with it."""

    layers: list[int]


class LayerArrays(TypedDict):
    """Queries and keys of some layers, [layer, head, position, d_head], as they were rotated."""

    q: Tensor
    k: Tensor


class PositionHeader(TypedDict):
    """The reader's place, and what each scheme's picture says.

    Reversed words' outputs without positions are at most `apart` from those as typed, unmasked and
    under the causal mask; `reach` is the largest number among them.
    """

    run: str
    pieces: list[str]
    token: int
    layer: int
    head: int
    scheme: str
    own: str
    model: str
    d_model: int
    apart: list[float]
    reach: list[float]
    table: NotRequired[LearnedTable]
    rope: NotRequired[Rotation]


class PositionArrays(TypedDict):
    """Tables [position, d_model], curves [distance], slopes [head].

    typed and reversed are [unmasked or causal, position, d_model]; alike is [position, position];
    q and k as they were rotated are [layer, head, position, d_head]; each of their pairs turns by
    as many radians per position as frequencies [pair] say.
    """

    sinusoidal: Tensor
    sinusoidal_curve: Tensor
    slopes: Tensor
    typed: Tensor
    reversed: Tensor
    learned: NotRequired[Tensor]
    alike: NotRequired[Tensor]
    learned_curve: NotRequired[Tensor]
    q: NotRequired[Tensor]
    k: NotRequired[Tensor]
    frequencies: NotRequired[Tensor]


def show_position_board(reader: Reader) -> None:
    """Where each scheme acts, its picture, and what it says about distance."""
    component(__file__)(key="position-board", data=pack_board(reader))
    if len(reader.token_ids) > SHOWN:
        st.caption(f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens.")


def with_scheme(reader: Reader, scheme: str) -> tuple[LoadedModel, tuple[int, ...]] | None:
    """A model that uses the scheme, and the reader's first tokens as it reads them.

    The reader's own where it does, else the shipped one that does; None where that is lost.
    """
    own = load(reader.model_name)
    if own.config.position == scheme:
        return own, reader.token_ids[:SHOWN]
    try:
        lent = load(LENT[scheme])
    except ModelUnavailableError:
        return None
    alike = reader.model_name in SHIPPED  # the shipped models read the same tokens
    ids = reader.token_ids if alike else tuple(lent.tokenizer.encode(reader.text))
    return lent, ids[: min(SHOWN, lent.config.context_length)]


def pack_board(reader: Reader) -> bytes:
    """Everything that the five pictures and four curves show."""
    own = load(reader.model_name)
    ids = reader.token_ids[:SHOWN]
    rows = max(len(ids), LEAST)
    typed, other = both_orders(own, ids)
    header: PositionHeader = {
        "run": f"{reader.model_name} {ids}",
        "pieces": list(reader.pieces[:SHOWN]),
        "token": min(reader.token, len(ids) - 1),
        "layer": reader.layer,
        "head": reader.head,
        "scheme": setting("scheme"),
        "own": own.config.position,
        "model": called(own.name),
        "d_model": own.config.d_model,
        "apart": (other.flip(1) - typed).abs().amax((1, 2)).tolist(),
        "reach": typed.abs().amax((1, 2)).tolist(),
    }
    arrays: PositionArrays = {
        "sinusoidal": sinusoidal_table(0, rows, own.config.d_model)[:, :COLUMNS].half(),
        "sinusoidal_curve": sinusoidal_by_distance(own.config.d_model, DISTANCES),
        "slopes": alibi_slopes(own.config.n_heads),
        "typed": typed[..., :OUTPUTS].half(),
        "reversed": other[..., :OUTPUTS].half(),
    }
    if found := with_scheme(reader, "learned"):
        add_learned(header, arrays, found[0], rows)
    if found := with_scheme(reader, "rope"):
        add_rope(header, arrays, reader, *found)
    return pack(header, arrays)


def add_learned(
    header: PositionHeader, arrays: PositionArrays, lent: LoadedModel, rows: int
) -> None:
    """The trained table's first rows, how alike any two rows are, and their product by distance."""
    table = lent.model.get_parameter("position.table")[:REACH].float()
    unit = normalize(table, dim=-1)
    header["table"] = {"model": called(lent.name), "d_model": lent.config.d_model}
    arrays["learned"] = table[:rows, :COLUMNS].half()
    arrays["alike"] = (unit @ unit.mT).half()
    arrays["learned_curve"] = table_by_distance(table)


def add_rope(
    header: PositionHeader,
    arrays: PositionArrays,
    reader: Reader,
    lent: LoadedModel,
    ids: tuple[int, ...],
) -> None:
    """Queries and keys as they were rotated, of all layers if they are few, else the reader's."""
    config, same = lent.config, ids == reader.token_ids[:SHOWN]
    numbers = config.n_layers * (config.n_heads + config.n_kv_heads) * config.d_head * len(ids)
    layers = list(range(config.n_layers))
    if numbers > ROTATED:
        layers = [min(reader.layer, config.n_layers - 1)]
    rotated = rotated_layers(trace(lent.name, ids), layers)
    arrays["q"], arrays["k"] = rotated["q"], rotated["k"]
    arrays["frequencies"] = rotary_frequencies(config)
    header["rope"] = {
        "model": called(lent.name),
        "pieces": list(reader.pieces[:SHOWN]) if same else lent.tokenizer.pieces(list(ids)),
        "same": same,
        "layers": layers,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_head": config.d_head,
        "length": lent.most_tokens,
        "numbers": f"{base_path()}{POSITIONS}",
        "sentence": reader.sentence,
    }


def rotated_layers(traced: TransformerTrace, layers: list[int]) -> LayerArrays:
    """Of some layers, as 16-bit floats."""
    attention = [traced.blocks[layer].attention for layer in layers]
    return {
        "q": torch.stack([each.q[0] for each in attention]).half(),
        "k": torch.stack([each.k[0] for each in attention]).half(),
    }


def packed_layer(raw: Mapping[str, str]) -> bytes:
    """Another layer's queries and keys of the model that the board takes for RoPE.

    Raises:
        ModelUnavailableError: where no model with RoPE is left.
    """
    now = read_state(raw)
    found = with_scheme(now, "rope")
    if found is None:
        raise ModelUnavailableError("There is no model with RoPE here.")
    lent, ids = found
    # Of the lent model, which may have more layers than the reader's.
    layer = min(whole_number(raw.get("layer", "")) or 1, lent.config.n_layers) - 1
    header: LayerHeader = {"layers": [layer]}
    return pack(header, rotated_layers(trace(lent.name, ids), header["layers"]))


ROUTES = [data_route(POSITIONS, lambda raw: Answer(packed_layer(raw)))]


@lru_cache(maxsize=32)
def both_orders(loaded: LoadedModel, ids: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """What the first attention layer gives each token without any position, typed and reversed.

    Each [unmasked or causal, position, d_model].
    """
    typed = torch.tensor(ids)
    with HEAVY_PASSES, torch.inference_mode():
        first, second = (
            torch.stack([first_attention(bare(loaded), order, causal) for causal in (False, True)])
            for order in (typed, typed.flip(0))
        )
    return first, second
