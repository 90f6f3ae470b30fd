"""What a text costs in each shape, in the browser against the core."""

from pathlib import Path

import pytest

from pages.n4_scale.cost.cost_board import LONGEST, describe_costs
from tests.js.golden import compare
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.costs import forward_flops, kv_cache_bytes, score_bytes
from transformer_core.laws.parameters import count_parameters
from ui.models import load
from ui.state import read_state

LENGTHS = (1, 9, 1024, LONGEST)
GPUS = (24e9, 80e9)


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_costs(tmp_path, model):
    now = read_state({"text": "Tom had a red ball.", "model": model})
    shapes = describe_costs(now, "")["shapes"]
    configs = [load(model).config, *(each.config for each in ARCHITECTURES)]
    cases = []
    for shape, config in zip(shapes, configs, strict=True):
        passes = [forward_flops(config, n) for n in LENGTHS]
        lengths = [
            {
                "n": n,
                "costs": [each.linear, each.attention, each.unembedding],
                "score_bytes": score_bytes(config, n),
            }
            for n, each in zip(LENGTHS, passes, strict=True)
        ]
        caches = [
            {
                "heads": heads,
                "size": size,
                "tokens": tokens,
                "bytes": kv_cache_bytes(config, tokens, 1, size, heads),
            }
            for heads in (1, config.n_kv_heads, config.n_heads)
            for size in (1, 2, 4)
            for tokens in (1, 4096)
        ]
        rooms = []
        for gpu in GPUS:
            room, each = gpu - 2 * count_parameters(config).total, kv_cache_bytes(config, 4096)
            wanted = int(room // each) if room >= 0 else None
            rooms.append({"gpu": gpu, "each": each, "conversations": wanted})
        cases.append({"shape": shape, "lengths": lengths, "caches": caches, "rooms": rooms})
    compare(Path(__file__).with_name("costs.golden.js"), tmp_path, {"shapes": cases})
