"""The MLP lesson's picture: every step of the feed-forward networks, packed for the browser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import numpy as np
import streamlit as st
import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.lens.neurons import (
    alone,
    final_scale,
    neuron_weights,
    strongest_neurons,
    token_effects,
)
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens; a token's numbers do not depend on the tokens after it, so none is falsified
EFFECTS = 5  # tokens that a neuron pushes up most, and as many that it pushes down
CONTEXTS = 3  # places in the probe sentences where it answers most
ALL_LAYERS = 320_000  # bytes of vectors; a longer text gets one layer at a time
KEY = "mlp-board"
PROBES = Path(__file__).parents[3] / "assets" / "probe_sentences.txt"


class MlpHeader(TypedDict):
    """The text, where the reader looks, the model's shape, and the words that are spoken of.

    `layers`: those that were sent; `effects`: tokens that a neuron pushes up, and as many down;
    `names`: pieces of these by token id; `probes`: the fixed sentences as pieces.
    """

    pass_key: str
    pieces: tuple[str, ...]
    layer: int
    token: int
    neuron: int | None
    layers: tuple[int, ...]
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
    """The steps of each network, [layer, position, number] as 16-bit floats.

    `up`: beside a gate; `stream`: before the output is added; `scale`: what the final norm divides
    by, [position]; `alone`: what changes if a token comes by itself, [layer, position].
    """

    x: Tensor
    pre: Tensor
    up: NotRequired[Tensor]
    output: Tensor
    stream: Tensor
    scale: Tensor
    alone: Tensor


class NeuronPortraits(TypedDict):
    """One row for each neuron `listed`, which is a layer and a neuron.

    `weights`: the fields of `NeuronWeights`; `effects`: on the logits of `effect_ids`; `context`:
    the strongest activations in the probe sentences, at the tokens `context_at` counted through.
    """

    listed: Tensor
    weights: Tensor
    effect_ids: Tensor
    effects: Tensor
    context_at: Tensor
    context: Tensor


@st.fragment
def show_mlp_board() -> None:
    """One token's way through the network, the neurons of all tokens, one neuron's portrait."""
    now = reader()
    component(__file__)(key=KEY, data=pack_board(now), on_ask_change=_take_layer)
    d_ff = load(now.model_name).config.d_ff
    if st.session_state.get("neuron") and chosen_neuron(d_ff) is None:
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
    """The browser asks for a layer or a neuron that it was not sent."""
    st.session_state["layer"] = str(st.session_state[KEY].ask)


def layers_sent(loaded: LoadedModel, n_tokens: int, layer: int) -> tuple[int, ...]:
    """All layers where they are few numbers, else the one looked at."""
    config = loaded.config
    hidden = config.d_ff * (2 if config.activation == "swiglu" else 1)
    size = 2 * config.n_layers * n_tokens * (hidden + 3 * config.d_model)
    return tuple(range(config.n_layers)) if size <= ALL_LAYERS else (layer,)


def pack_board(now: Reader) -> bytes:
    """All steps of the layers sent, and a portrait of each neuron listed."""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    layers = layers_sent(loaded, len(ids), now.layer)
    config = loaded.config
    neuron = chosen_neuron(config.d_ff)
    also = None if neuron is None else (now.layer, neuron)
    steps = network_steps(loaded, ids, layers)
    portraits = neuron_portraits(loaded, ids, layers, also)
    named = portraits["effect_ids"].unique().tolist()
    header: MlpHeader = {
        "pass_key": f"{now.model_name} {ids}",
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "token": min(now.token, len(ids) - 1),
        "neuron": neuron,
        "layers": layers,
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
    wanted = str(st.session_state.get("neuron") or "")
    valid = wanted.isascii() and wanted.isdigit() and len(wanted) < 8
    return int(wanted) - 1 if valid and 1 <= int(wanted) <= d_ff else None


@lru_cache(maxsize=32)
def network_steps(loaded: LoadedModel, ids: tuple[int, ...], layers: tuple[int, ...]) -> MlpSteps:
    """What goes into each network, through it and out of it."""
    model, traced = loaded.model, trace(loaded.name, ids)
    blocks = [traced.blocks[i] for i in layers]
    networks = [model.blocks[i].feed_forward for i in layers]
    x = [mlp_input(model.config.block, block)[0] for block in blocks]
    with HEAVY_PASSES, torch.inference_mode():
        steps: MlpSteps = {
            "x": torch.stack(x).half(),
            "pre": _stack(block.feed_forward.pre_activation for block in blocks),
            "output": _stack(block.feed_forward.output for block in blocks),
            "stream": _stack(block.resid_mid for block in blocks),
            "scale": final_scale(model, traced),
            "alone": torch.stack([alone(*each) for each in zip(networks, x, strict=True)]),
        }
        if model.config.activation == "swiglu":
            steps["up"] = _stack(block.feed_forward.up for block in blocks)
    return steps


@lru_cache(maxsize=32)
def neuron_portraits(
    loaded: LoadedModel,
    ids: tuple[int, ...],
    layers: tuple[int, ...],
    also: tuple[int, int] | None,
) -> NeuronPortraits:
    """The strongest neurons of each token, and `also` one (layer, neuron) asked for."""
    blocks = trace(loaded.name, ids).blocks
    with HEAVY_PASSES, torch.inference_mode():
        listed = [
            _portraits(loaded, i, _listed(blocks[i].feed_forward.hidden[0], i, also))
            for i in layers
        ]
    return {
        "listed": torch.cat([each["listed"] for each in listed]),
        "weights": torch.cat([each["weights"] for each in listed]),
        "effect_ids": torch.cat([each["effect_ids"] for each in listed]),
        "effects": torch.cat([each["effects"] for each in listed]),
        "context_at": torch.cat([each["context_at"] for each in listed]),
        "context": torch.cat([each["context"] for each in listed]),
    }


def _listed(hidden: Tensor, layer: int, also: tuple[int, int] | None) -> Tensor:
    strongest = strongest_neurons(hidden, neurons_per_token(len(hidden)))
    if also is None or also[0] != layer:
        return strongest
    return torch.cat((strongest, torch.tensor([also[1]]))).unique()


def neurons_per_token(n_tokens: int) -> int:
    """So many that a short text fills the picture too and a long one does not swell it."""
    return min(24, max(4, -(-64 // n_tokens)))


def mlp_input(block_kind: str, block: Any) -> Tensor:
    """What the network reads: the normed stream before it, or after it in a post-norm block."""
    return block.feed_forward_norm if block_kind == "pre_norm" else block.resid_mid


def _stack(vectors: Any) -> Tensor:
    return torch.stack([each[0] for each in vectors]).half()


def _portraits(loaded: LoadedModel, layer: int, neurons: Tensor) -> NeuronPortraits:
    """For each neuron its weights' lengths, the tokens it writes and where it answers most."""
    network = loaded.model.blocks[layer].feed_forward
    weights = neuron_weights(network)
    effects = token_effects(loaded.model, layer, neurons)
    up, down = effects.topk(EFFECTS), effects.topk(EFFECTS, largest=False)
    fired = probe_activations(loaded)[layer][:, neurons].float()
    gated = loaded.config.activation == "swiglu"  # only then is a large negative value an answer
    most = (fired.abs() if gated else fired).topk(CONTEXTS, dim=0).indices.T
    return {
        "listed": torch.stack((torch.full_like(neurons, layer), neurons), dim=1),
        "weights": torch.stack([each[neurons] for each in vars(weights).values()], dim=1),
        "effect_ids": torch.cat((up.indices, down.indices), dim=1),
        "effects": torch.cat((up.values, down.values), dim=1),
        "context_at": most,
        "context": fired.T.gather(1, most),
    }


@dataclass(frozen=True)
class _Probes:
    ids: tuple[tuple[int, ...], ...]
    pieces: list[list[str]]


@lru_cache(maxsize=8)
def _probes(loaded: LoadedModel) -> _Probes:
    limit = min(loaded.config.context_length, 32)
    lines = PROBES.read_text("utf-8").splitlines()
    ids = tuple(tuple(loaded.tokenizer.encode(line)[:limit]) for line in lines)
    return _Probes(ids, [loaded.tokenizer.pieces(list(each)) for each in ids])


def probe_pieces(loaded: LoadedModel) -> list[list[str]]:
    """The fixed sentences in which a neuron's strongest moments are looked for, as tokens."""
    return _probes(loaded).pieces


@lru_cache(maxsize=4)
def probe_activations(loaded: LoadedModel) -> Tensor:
    """All neurons over all tokens of the probe sentences, one after the other.

    16-bit floats [layer, token, d_ff]; one pass, the sentences filled up on the right, where a
    causal mask hides the filling from them.
    """
    ids = _probes(loaded).ids
    longest = max(map(len, ids))
    rows = torch.stack([F.pad(torch.tensor(each), (0, longest - len(each))) for each in ids])
    real = torch.tensor(np.arange(longest) < np.array([[len(each)] for each in ids]))
    fired = []
    with torch.inference_mode():
        x = loaded.model.embed(rows)
        for block in loaded.model.blocks:
            steps = block.trace(x)
            fired.append(steps.feed_forward.hidden[real].half())
            x = steps.resid_post
    return torch.stack(fired)
