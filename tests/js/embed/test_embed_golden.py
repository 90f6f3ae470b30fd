"""The geometry of the Embed lesson's scripts against the core's, on both models' own matrices."""

import base64
from pathlib import Path

import pytest
import torch.nn.functional as F
from torch import Tensor

from pages.n1_forward_pass.embed.embedding_table import components, packed_table
from pages.n1_forward_pass.embed.vocabulary_map import analogies_of
from tests.js.golden import compare
from transformer_core.lens.embedding_map import analogy, cosines, nearest, project
from ui.models import load

SCRIPT = Path(__file__).with_name("embedding_space.golden.js")
LOOKED_AT = (0, 300, 1_139, 4_095)


def verdict(rows: Tensor, ids: tuple[int, int, int, int]) -> dict[str, bool]:
    """Whether d comes out: a, b and c barred; with them allowed; without the subtraction."""
    a, b, c, d = ids
    similar = analogy(rows, a, b, c)
    unit = F.normalize(rows, dim=1)
    alone = cosines(rows, unit[a] + unit[c])
    return {
        "barred": int(nearest(similar, 1, (a, b, c))) == d,
        "free": int(nearest(similar, 1)) == d,
        "none": int(nearest(alone, 1, (a, b, c))) == d,
    }


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_geometry_is_the_cores(model, tmp_path):
    loaded = load(model)
    rows = loaded.model.embedding.detach()
    mean, n = rows.mean(0), len(rows)
    unit = F.normalize(rows.double(), dim=1)
    looked_at = [
        {
            "id": i,
            "cosines": cosines(rows, rows[i]).tolist(),
            "centred": cosines(rows - mean, rows[i] - mean).tolist(),
            "nearest": nearest(cosines(rows, rows[i]), 8, (i,)).tolist(),
            "place": project(rows[i][None], components(loaded))[0].tolist(),
        }
        for i in LOOKED_AT
    ]
    examples = analogies_of(model)["examples"]
    a, b, c, _ = examples[0]
    cases = {
        "packed": base64.b64encode(packed_table(loaded)).decode(),
        "looked_at": looked_at,
        "mean_cosine": (float(unit.sum(0).square().sum()) - n) / (n * (n - 1)),
        "sum": {"ids": [a, b, c], "cosines": analogy(rows, a, b, c).tolist()},
        "examples": [{"ids": ids, "verdict": verdict(rows, ids)} for ids in examples],
    }
    compare(SCRIPT, tmp_path, cases)
