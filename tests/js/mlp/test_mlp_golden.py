"""What the MLP lesson's boards compute, against the core."""

import base64
from pathlib import Path

import pytest
import torch

from pages.n1_forward_pass.mlp.mlp_board import pack_board
from tests.js.golden import compare
from transformer_core.feed_forward import ACTIVATIONS
from transformer_core.lens.neurons import QUIET, final_scale, neuron_weights, token_effects
from ui.models import LoadedModel, load, trace
from ui.state import read_state

HERE = Path(__file__).parent
DRAWN = ("relu", "gelu_tanh", "swiglu")  # the curves with a slope
each_shipped = pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])


def test_activations_and_slopes(tmp_path):
    torch.manual_seed(0)
    pre, up = (torch.randn(2, 400, dtype=torch.float64) * 4).half().double()
    x = (torch.arange(-500, 501, dtype=torch.float64) / 100).requires_grad_()
    slopes = {}
    for name in DRAWN:
        (slopes[name],) = torch.autograd.grad(ACTIVATIONS[name](x).sum(), x)
        slopes[name][500] = 0.5 if name == "relu" else slopes[name][500]  # at 0: from both sides
    cases = {
        "pre": pre.tolist(),
        "up": up.tolist(),
        "plain": {name: f(pre).tolist() for name, f in ACTIVATIONS.items()},
        "gated": (ACTIVATIONS["swiglu"](pre) * up).tolist(),
        "x": x.tolist(),
        "slopes": {name: slope.tolist() for name, slope in slopes.items()},
    }
    compare(HERE / "activations.golden.js", tmp_path, cases)


@each_shipped
def test_neurons_of_the_readers_run(tmp_path, name):
    now = read_state({"text": "The cat sat down because she was tired", "model": name})
    run, loaded = trace(name, now.token_ids), load(name)
    hidden = torch.stack([block.feed_forward.hidden[0] for block in run.blocks])
    size = hidden.abs()
    cases = {
        "packed": base64.b64encode(pack_board(now)).decode(),
        "hidden": hidden.tolist(),
        "loud": (size >= QUIET * size.amax(-1, keepdim=True)).sum(-1).tolist(),
        "writing": [writing(loaded, run, *each) for each in ((0, 3, 1), (2, 40, 4), (5, 7, 6))],
        "reading": [reading(loaded, run, *each) for each in ((0, 3, 1), (3, 99, 0), (5, 7, 6))],
    }
    compare(HERE / "neurons.golden.js", tmp_path, cases)


@each_shipped
def test_neurons_with_a_portrait_over_all_tokens(tmp_path, monkeypatch, name):
    """Of a model taken for a large one, whose vectors come for one token alone."""
    monkeypatch.setattr(LoadedModel, "is_small", False)
    raw = {"text": "The cat sat down because she was tired", "model": name, "layer": "3"}
    now = read_state(raw)
    run = trace(name, now.token_ids).blocks[2]
    cases = {
        "packed": base64.b64encode(pack_board(now)).decode(),
        "hidden": run.feed_forward.hidden[0].tolist(),
        "sizes": run.feed_forward_norm[0].norm(dim=-1).tolist(),
    }
    compare(HERE / "listed.golden.js", tmp_path, cases)


def writing(loaded, run, layer: int, neuron: int, token: int) -> dict[str, object]:
    """What a neuron adds to each of the first logits after a token."""
    effects = token_effects(loaded.model, layer, torch.tensor([neuron]))[0, :50]
    activation = run.blocks[layer].feed_forward.hidden[0, token, neuron]
    scale = final_scale(loaded.model, run)[token]
    return {
        "effects": effects.tolist(),
        "activation": float(activation),
        "scale": float(scale),
        "logits": (activation * effects / scale).tolist(),
    }


def reading(loaded, run, layer: int, neuron: int, token: int) -> dict[str, float]:
    """The cosine between a token's vector and the weights that a neuron reads it with."""
    network, block = loaded.model.blocks[layer].feed_forward, run.blocks[layer]
    first = network.up_proj if block.feed_forward.up is None else network.gate_proj
    x, weights = block.feed_forward_norm[0, token], neuron_weights(network)
    return {
        "value": float(block.feed_forward.pre_activation[0, token, neuron]),
        "bias": float(weights.reading_bias[neuron]),
        "x": float(x.norm()),
        "w": float(weights.reading[neuron]),
        "cosine": float(torch.cosine_similarity(x, first.weight[:, neuron], dim=0)),
    }
