"""The kit's arithmetic, formats and transport against Python's."""

import base64
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from figures import numbers
from tests.js.golden import compare
from transformer_core.feed_forward import ACTIVATIONS
from transformer_core.generation import Sampling, filter_steps
from ui.serving.transport import pack

HERE = Path(__file__).parent
SAMPLINGS = [
    Sampling(),
    Sampling(temperature=0),
    Sampling(temperature=0.3, top_k=5),
    Sampling(temperature=1.7, top_p=0.9),
    Sampling(top_k=40, top_p=0.5, min_p=0.2),
    Sampling(temperature=2.5, min_p=0.05),
]


def test_arithmetic(tmp_path):
    torch.manual_seed(0)
    scores = torch.randn(20, 33, dtype=torch.float64) * 8
    x = torch.linspace(-9, 9, 721, dtype=torch.float64)
    cases = {
        "scores": scores.tolist(),
        "softmax": scores.softmax(-1).tolist(),
        "entropy": torch.distributions.Categorical(logits=scores).entropy().tolist(),
        "x": x.tolist(),
        "activations": {name: f(x).tolist() for name, f in ACTIVATIONS.items()},
    }
    compare(HERE / "arithmetic.golden.js", tmp_path, cases)


def test_sampling(tmp_path):
    torch.manual_seed(1)
    cases = []
    for sampling in SAMPLINGS:
        logits = (torch.randn(60, dtype=torch.float64) * 2).sort(descending=True).values
        steps = filter_steps(logits, sampling)
        kept = [(step.name, int(step.kept.sum())) for step in steps]
        shares = steps[-1].probabilities.tolist()
        cases.append(
            {"logits": logits.tolist(), **asdict(sampling), "kept": kept, "shares": shares}
        )
    compare(HERE / "sampling.golden.js", tmp_path, {"cases": cases})


def test_numbers(tmp_path):
    rng = np.random.default_rng(0)
    borders = [0.0, 1.0, 1e-6, 9.9e-7, 0.9995, 0.99949, 0.99, 0.9899, 0.0995, 0.00995, 0.0349]
    ties = [k / 1000 for k in range(1000)]
    shares = borders + ties + rng.random(500).tolist() + (10 ** rng.uniform(-9, 0, 500)).tolist()
    wide = (rng.choice([-1, 1], 500) * 10 ** rng.uniform(-6, 8, 500)).tolist()
    values = [*borders, -0.002, -0.0, 1.005, 99.995, 1e5, *(-t for t in ties), *wide]
    cases = {
        "percent": [(x, numbers.percent(x)) for x in (*shares, *values)],
        "number": [(x, numbers.number(x)) for x in values],
        "three": [(x, numbers.number(x, 3, 0)) for x in values],
        "signed": [(x, numbers.signed(x, 1)) for x in values],
        "count": [(x, numbers.count(x)) for x in values],
        "scientific": [(x, numbers.scientific(x)) for x in values if x],
        "short": [(x, numbers.short(x)) for x in (*values, *(10 ** rng.uniform(3, 17, 300)))],
    }
    compare(HERE / "format.golden.js", tmp_path, cases)


def test_tensors(tmp_path):
    arrays = {
        "half": torch.tensor([[0.5, -2.0], [65504.0, 6e-8]], dtype=torch.float16),
        "single": torch.tensor([1.5, -1e30]),
        "whole": torch.tensor([[-1], [70_000]]),
        "byte": np.array([0, 255], dtype=np.uint8),
        "small": np.array([-127, 127], dtype=np.int8),
        "share": np.array([0, 65535], dtype=np.uint16),
        "truth": torch.tensor([True, False, True]),
        "none": np.zeros((0, 3), dtype=np.float32),
        "cube": torch.arange(24.0).view(2, 3, 4),
    }
    header = {"word": "”é\n\ud800", "n": 3}
    cases = {
        "packed": base64.b64encode(pack(header, arrays)).decode(),
        "header": header,
        "arrays": {
            name: {
                "shape": list(a.shape),
                "values": np.asarray(a).astype(np.float64).ravel().tolist(),
            }
            for name, a in arrays.items()
        },
    }
    compare(HERE / "tensors.golden.js", tmp_path, cases)
