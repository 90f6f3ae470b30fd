"""Patterns as the board of Long context works them out, against the core's own."""

from pathlib import Path

from tests.js.golden import compare
from transformer_core.lens.layer_masks import LAYER_PATTERNS, layer_masks, stack_pairs
from transformer_core.lens.mask_effects import reach_through


def test_patterns(tmp_path):
    masks, pairs = [], []
    for name in LAYER_PATTERNS:
        for n, width, layers in ((1, 2, 1), (9, 2, 3), (17, 5, 4), (14, 3, 9)):
            made = layer_masks(name, n, width, layers)
            case = {"name": name, "n": n, "width": width, "layers": layers}
            heard = reach_through(made)[-1].int().flatten().tolist()
            masks.append(case | {"look": made[-1].int().flatten().tolist(), "heard": heard})
        for n, width, layers in ((7, 3, 4), (1024, 4096, 4), (2**20, 4096, 5)):
            case = {"name": name, "n": n, "width": width, "layers": layers}
            pairs.append(case | {"pairs": stack_pairs(name, n, width, layers)})
    cases = {"masks": masks, "pairs": pairs}
    compare(Path(__file__).with_name("patterns.golden.js"), tmp_path, cases)
