"""Attention as the Attend lesson's board works it out, against the core's own."""

import base64
from pathlib import Path

import torch

from pages.n1_forward_pass.attend.attention_board import pack_board
from tests.js.golden import compare
from transformer_core.attention import AttentionTrace
from transformer_core.lens.attention_arithmetic import entropy, softmax_slope, undivided
from ui.known_models import SHIPPED
from ui.models import trace
from ui.state import read_state

TEXT = "The cat sat down because she was tired. The cat"


def steps(attention: AttentionTrace) -> dict[str, list]:
    """Of one layer, [head, query, ...]; scores as they are before the division by the root."""
    weights = attention.weights[0]
    return {
        "scores": (attention.scores[0] * attention.q.shape[-1] ** 0.5).tolist(),
        "divided": weights.tolist(),
        "undivided": undivided(attention)[0].tolist(),
        "mixed": attention.mixed_values[0].tolist(),
        "entropy": entropy(weights).tolist(),
        "slope": softmax_slope(weights).tolist(),
    }


def case(model: str) -> dict[str, object]:
    now = read_state({"text": TEXT, "model": model})
    run = trace(model, now.token_ids)
    layers = [block.attention for block in run.blocks]
    arrays = {
        name: torch.stack([getattr(layer, name)[0] for layer in layers]) for name in ("q", "k", "v")
    }
    return {
        "model": model,
        "arrays": {
            name: {"shape": list(each.shape), "values": each.flatten().tolist()}
            for name, each in arrays.items()
        },
        "layers": [steps(layer) for layer in layers],
        "packed": base64.b64encode(pack_board(now, run)).decode(),
    }


def test_attention(tmp_path):
    cases = {"cases": [case(model) for model in SHIPPED]}
    compare(Path(__file__).with_name("attention_head.golden.js"), tmp_path, cases)
