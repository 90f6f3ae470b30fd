"""What the board of patches works out in the browser, against the core's own."""

from pathlib import Path

import torch

from pages.n2_architectures.patches.picture_pass import drawing, examples
from tests.js.golden import compare
from transformer_core.drawings import inked
from transformer_core.vision import patches

HERE = Path(__file__).parent
LINES = (((3.0, 4.0), (20.5, 17.0)), ((10.0, 10.0), (10.0, 10.0)))


def test_the_browser_cuts_and_draws_as_the_core_does(tmp_path):
    pictures = examples()[:2]
    cut = [
        {
            "shape": list(picture.shape),
            "values": picture.flatten().tolist(),
            "size": size,
            "rows": patches(picture[None], size)[0].tolist(),
        }
        for picture in pictures
        for size in (2, 4, 7, 14)
    ]
    drawn = []
    for line in LINES:
        ends = torch.tensor([[line]])
        ink = inked(ends, torch.ones(1, 1).bool(), torch.tensor([[2.0]]))[0]
        digits = "".join(f"{round(float(share) * 15):x}" for share in ink)
        grey = drawing(digits).flatten().tolist()
        drawn.append({"line": line, "ink": ink.tolist(), "digits": digits, "grey": grey})
    compare(HERE / "patches.golden.js", tmp_path, {"cut": cut, "drawn": drawn})
