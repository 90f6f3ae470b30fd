"""What the boards of Watch it learn work out in the browser, against the core's own."""

from pathlib import Path

import numpy as np
import torch

from pages.n3_learning.snapshots.birth_board import FIRST, pack_birth, runs
from pages.n3_learning.snapshots.steps_board import looks, pack_steps, sentence_ids
from tests.js.golden import compare
from tests.ui.unpacking import unpack
from transformer_core.lens.head_roles import mean_weight_on
from transformer_core.lens.two_heads import one_back

CAT = "The cat saw a bird in the tree. It wanted to catch the"


def plain(packed: bytes) -> dict:
    header, arrays = unpack(packed)
    return {
        "header": header,
        "arrays": {
            name: {
                "shape": list(values.shape),
                "values": np.asarray(values, dtype=np.float64).ravel().tolist(),
            }
            for name, values in arrays.items()
        },
    }


def test_steps_and_patterns(tmp_path):
    ids, left_out = sentence_ids(CAT)
    target = one_back(len(ids))[None]
    seen, _ = looks(ids)
    back = [
        torch.stack([mean_weight_on(layer[None], target) for layer in look.weights]).tolist()
        for look in seen
    ]
    cases = {
        "steps": plain(pack_steps(ids, left_out)),
        "one": plain(pack_steps(ids[:1], 0)),
        "back": back,
        "birth": plain(pack_birth(FIRST)),
        "second": [[float(run.second_copy) for run in step] for step in runs(FIRST)],
    }
    compare(Path(__file__).with_name("step_words.golden.js"), tmp_path, cases)
