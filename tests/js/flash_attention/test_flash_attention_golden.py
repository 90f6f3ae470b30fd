"""Tiles and bytes as the FlashAttention lesson's boards work them out, against the core's own."""

from pathlib import Path
from typing import Any

import pytest
import torch

from pages.n4_scale.flash_attention.tiles_board import head_arrays, shown_trace
from pages.n4_scale.flash_attention.traffic_board import traffic_data
from tests.js.golden import compare
from transformer_core.laws.memory_traffic import (
    A100,
    attention_flops,
    largest_tile,
    standard_traffic,
    tiled_traffic,
)
from transformer_core.tiled_attention import TileSize, tile_steps
from ui.state import read_state

TEXT = "The cat sat down because she was tired. The cat"
SIZES = (1, 2, 4, 5, 16)
LENGTHS = (1, 7, 12, 64, 200)


def tensor(values: torch.Tensor) -> dict[str, Any]:
    return {"shape": list(values.shape), "values": values.flatten().tolist()}


def rows(attention, head: int, size: int) -> list[dict[str, Any]]:
    """What each row of a head keeps after each tile, in the order of the tiles."""
    parts = (attention.q, attention.k, attention.v, attention.mask, TileSize(size, size))
    return [
        {
            "rows": [step.queries.start, step.queries.stop],
            "keys": [step.keys.start, step.keys.stop],
            "m": step.state.m[0, head, :, 0].tolist(),
            "l": step.state.l[0, head, :, 0].tolist(),
            "o": step.state.o[0, head].tolist(),
            "correction": step.state.correction[0, head, :, 0].tolist(),
            "output": step.state.output[0, head].tolist(),
        }
        for step in tile_steps(*parts, attention.bias)
    ]


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_every_row_after_every_tile(tmp_path, model):
    now = read_state({"text": TEXT, "model": model})
    heads = []
    for layer, head in ((0, 0), (3, 4)):
        attention = shown_trace(now, layer)
        arrays = {name: tensor(each) for name, each in head_arrays(attention, head).items()}
        tiles = {str(size): rows(attention, head, size) for size in SIZES}
        heads.append({"name": f"{model} {layer}.{head}", "arrays": arrays, "tiles": tiles})
    compare(Path(__file__).with_name("online_softmax.golden.js"), tmp_path, {"heads": heads})


def test_every_byte(tmp_path):
    causal = [
        {"n": n, "d": d, "tile": tile, "tiled": vars(tiled_traffic(n, d, tile, causal=True))}
        | {"standard": vars(standard_traffic(n, d))}
        for n in LENGTHS
        for d in (8, 64)
        for tile in SIZES
    ]
    fast = [
        {
            "fast": kib * 1024,
            "d": d,
            "n": n,
            "tile": largest_tile(kib * 1024, d),
            "tiled": tiled_traffic(n, d, largest_tile(kib * 1024, d)).bytes,
            "standard": standard_traffic(n, d).bytes,
            "flops": attention_flops(n, d),
        }
        for kib in (48, 96, 192)
        for d in (64, 128)
        for n in (128, 8192, 131072)
    ]
    roof = [{"at": at, "reached": A100.reached(at)} for at in (1, 32, 156, 180, 208, 512)]
    cases = {"causal": causal, "fast": fast, "roof": roof, **traffic_data(A100)}
    compare(Path(__file__).with_name("traffic.golden.js"), tmp_path, cases)
