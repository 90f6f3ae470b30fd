"""Positions as the lesson's boards work them out, against the core's own."""

import base64
from pathlib import Path

import torch
from torch.nn.functional import normalize

from pages.n1_forward_pass.positions.position_board import pack_board
from tests.js.golden import compare
from transformer_core.config import Constants, TransformerConfig
from transformer_core.lens.position_scores import rope_by_distance, table_by_distance
from transformer_core.masks import causal_mask
from transformer_core.positions import AlibiPosition, RotaryPosition, sinusoidal_table
from ui.models import trace
from ui.state import read_state

HERE = Path(__file__).parent
BASES = (10_000.0, 500.0)
SCALED = Constants(rope_base=100_000.0, rope_factors=(1.0, 1.5, 4.0, 8.0))


def config(**changes) -> TransformerConfig:
    values = {"vocab_size": 300, "context_length": 64, "d_model": 48, "n_layers": 1, "n_heads": 6}
    return TransformerConfig(**values, n_kv_heads=6, d_ff=8, **changes)


def random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_rotation(tmp_path):
    vectors = random(5, 8)
    rotations, distances = [], []
    for constants in (*(Constants(rope_base=base) for base in BASES), SCALED):
        position = RotaryPosition(config(position="rope", constants=constants))
        frequencies = position.frequencies.tolist()
        for vector in vectors:
            rotated = position.rotate(vector.expand(1, 1, 40, 8))[0, 0]
            rotations.append(
                {
                    "vector": vector.tolist(),
                    "frequencies": frequencies,
                    "rotated": rotated.tolist(),
                }
            )
        q, k = vectors[:2]
        if constants is not SCALED:
            curve = rope_by_distance(q.double(), k.double(), constants.rope_base, 60) / 8**0.5
            distances.append(
                {
                    "q": q.tolist(),
                    "k": k.tolist(),
                    "frequencies": frequencies,
                    "curve": curve.tolist(),
                }
            )
    cases = {"rotations": rotations, "distances": distances}
    compare(HERE / "rotation.golden.js", tmp_path, cases)


def test_scores_of_two_words(tmp_path):
    now = read_state({"text": "Tom had a red ball. Sue had", "model": "fable-modern"})
    blocks = trace(now.model_name, now.token_ids).blocks
    cases = {
        "packed": base64.b64encode(pack_board(now)).decode(),
        "scores": [block.attention.scores[0].tolist() for block in blocks],
    }
    compare(HERE / "rope_choice.golden.js", tmp_path, cases)


def test_tables(tmp_path):
    alibi = AlibiPosition(config(position="alibi"))
    bias = alibi.bias(20, 20)
    unit = normalize(random(30, 12).double(), dim=-1)
    cases = {
        "sinusoidal": sinusoidal_table(0, 40, 48).tolist(),
        "alibi": {
            "slopes": alibi.slopes.tolist(),
            "bias": bias.tolist(),
            "shares": bias.masked_fill(~causal_mask(20), -torch.inf).softmax(-1).tolist(),
        },
        "likeness": {
            "alike": (unit @ unit.mT).tolist(),
            "curve": table_by_distance(unit).tolist(),
        },
    }
    compare(HERE / "tables.golden.js", tmp_path, cases)
