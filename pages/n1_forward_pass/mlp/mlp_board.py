"""The MLP lesson's picture: every step of the feed-forward networks, packed for the browser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NotRequired, TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.mlp.neuron_portraits import EFFECTS, neuron_portraits
from pages.n1_forward_pass.mlp.probes import is_probed, probe_activations, probe_pieces
from transformer_core.lens.neurons import alone, final_scale
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, change_settings, setting

SHOWN = 64  # tokens; a token's numbers do not depend on the tokens after it, so none is falsified
ALL_LAYERS = 320_000  # bytes of vectors; a longer text gets one layer at a time
KEY, PROBE = "mlp-board", "probe"


class MlpHeader(TypedDict):
    """The text, where the reader looks, the model's shape, and the words that are spoken of.

    `layers` and `tokens`: those whose vectors were sent; `effects`: tokens that a neuron pushes
    up, and as many down; `names`: pieces of these by token id; `probes`: the fixed sentences.
    """

    pass_key: str
    pieces: tuple[str, ...]
    layer: int
    token: int
    neuron: int | None
    layers: tuple[int, ...]
    tokens: tuple[int, ...]
    n_layers: int
    d_model: int
    d_ff: int
    activation: str
    bias: bool
    block: str
    effects: int
    names: dict[str, str]
    probes: list[list[str]]


class MlpSteps(TypedDict):
    """The steps of each network, [layer, token, number]: of all tokens as 16-bit floats, or of one.

    `up`: beside a gate; `stream`: before the output is added; `scale`: what the final norm divides
    by, [position]; `x_size`: the length of each x, [layer, position]; `alone`: what changes if a
    token comes by itself, [layer, token].
    """

    x: Tensor
    pre: Tensor
    up: NotRequired[Tensor]
    output: Tensor
    stream: Tensor
    scale: Tensor
    x_size: Tensor
    alone: Tensor


@st.fragment
def show_mlp_board() -> None:
    """One token's way through the network, the neurons of all tokens, one neuron's portrait."""
    now = reader()
    component(__file__)(key=KEY, data=pack_board(now), on_ask_change=_take_layer)
    d_ff = load(now.model_name).config.d_ff
    if setting("neuron") and chosen_neuron(d_ff) is None:
        st.caption(
            f"The address names no neuron of this model: each layer has neurons 1 to {d_ff}. The "
            "strongest one is shown."
        )
    if len(now.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(now.token_ids)} tokens; their numbers do not "
            "depend on what comes after them."
        )


def _take_layer() -> None:
    """The browser asks for a layer, token or neuron that it was not sent, or for the probes."""
    asked = st.session_state[KEY].ask
    if asked == PROBE:
        probe_activations(load(reader().model_name))
    else:
        change_settings({"layer": str(asked)})


def layers_sent(loaded: LoadedModel, n_tokens: int, layer: int) -> tuple[int, ...]:
    """All layers where they are few numbers, else the one looked at."""
    config = loaded.config
    if not loaded.is_small:
        return (layer,)
    hidden = config.d_ff * (1 + config.is_gated)
    size = 2 * config.n_layers * n_tokens * (hidden + 3 * config.d_model)
    return tuple(range(config.n_layers)) if size <= ALL_LAYERS else (layer,)


def pack_board(now: Reader) -> bytes:
    """All steps of the layers sent, and a portrait of each neuron listed."""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    config, n = loaded.config, len(ids)
    token = min(now.token, n - 1)
    layers = layers_sent(loaded, n, now.layer)
    tokens = tuple(range(n)) if loaded.is_small else (token,)
    neuron = chosen_neuron(config.d_ff)
    also = None if neuron is None else (now.layer, neuron)
    steps = network_steps(loaded, ids, layers, tokens)
    if loaded.is_small:
        probe_activations(loaded)
    portraits = neuron_portraits(loaded, ids, layers, also, is_probed(loaded))
    named = portraits["effect_ids"].unique().tolist()
    header: MlpHeader = {
        "pass_key": f"{now.model_name} {ids}",
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "token": token,
        "neuron": neuron,
        "layers": layers,
        "tokens": tokens,
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "d_ff": config.d_ff,
        "activation": config.activation,
        "bias": config.feed_forward_bias,
        "block": config.block,
        "effects": EFFECTS,
        "names": dict(zip(map(str, named), loaded.tokenizer.pieces(named), strict=True)),
        "probes": probe_pieces(loaded),
    }
    return pack(header, {**steps, **portraits})


def chosen_neuron(d_ff: int) -> int | None:
    """From the address, counted from 1 there; None where it names none of this model's."""
    wanted = whole_number(setting("neuron")) or 0
    return wanted - 1 if 1 <= wanted <= d_ff else None


@lru_cache(maxsize=32)
def network_steps(
    loaded: LoadedModel, ids: tuple[int, ...], layers: tuple[int, ...], tokens: tuple[int, ...]
) -> MlpSteps:
    """What goes into each network, through it and out of it."""
    model, traced, chosen = loaded.model, trace(loaded.name, ids), list(tokens)
    blocks = [traced.blocks[i] for i in layers]
    networks = [model.blocks[i].feed_forward for i in layers]
    x = [mlp_input(model.config.block, block)[0] for block in blocks]

    def stack(vectors: Any) -> Tensor:
        rows = torch.stack([each[0, chosen] for each in vectors])
        return rows.half() if loaded.is_small else rows

    with HEAVY_PASSES, torch.inference_mode():
        by_itself = [
            alone(network, each[chosen]) for network, each in zip(networks, x, strict=True)
        ]
        steps: MlpSteps = {
            "x": stack(each[None] for each in x),
            "pre": stack(block.feed_forward.pre_activation for block in blocks),
            "output": stack(block.feed_forward.output for block in blocks),
            "stream": stack(block.resid_mid for block in blocks),
            "scale": final_scale(model, traced),
            "x_size": torch.stack(x).norm(dim=-1),
            "alone": torch.stack(by_itself),
        }
        if model.config.is_gated:
            steps["up"] = stack(block.feed_forward.up for block in blocks)
    return steps


def mlp_input(block_kind: str, block: Any) -> Tensor:
    """What the network reads: the normed stream before it, or after it in a post-norm block."""
    return block.feed_forward_norm if block_kind == "pre_norm" else block.resid_mid
