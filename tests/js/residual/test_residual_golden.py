"""The residual stream and its norms as the boards work them out, against the core's own."""

from dataclasses import replace
from pathlib import Path

import torch

from tests.core.variants import config as variant
from tests.core.variants import filled, random, token_ids
from tests.js.golden import compare
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.residual_stream import summands
from transformer_core.norms import NORMS
from transformer_core.transformer import Transformer

HERE = Path(__file__).parent
MODELS = {
    "gpt2": variant(n_layers=3),
    "llama": variant(n_layers=3, position="rope", norm="rms_norm", activation="swiglu", bias=False),
}


def test_norms(tmp_path):
    cases = []
    vectors = torch.cat([scale * random(4, 16) + 1 for scale in (1e-3, 1, 300)]).double()
    for kind in NORMS:
        for bias in (True, False):
            config = replace(variant(), bias=bias)
            norm = filled(NORMS[kind](config)).double()
            steps = norm_steps(norm, vectors)
            own = {"centres": kind == "layer_norm", "eps": norm.eps, "gain": norm.gain.tolist()}
            if norm.bias is not None:
                own["bias"] = norm.bias.tolist()
            cases.append(
                {
                    "name": f"{kind}, bias {bias}",
                    "norm": own,
                    "vectors": vectors.tolist(),
                    "mean": steps.mean[:, 0].tolist(),
                    "spread": steps.spread[:, 0].tolist(),
                    "standardised": steps.standardised.tolist(),
                    "output": steps.output.tolist(),
                }
            )
    compare(HERE / "norm_steps.golden.js", tmp_path, {"cases": cases})


def word(added: torch.Tensor) -> dict[str, list]:
    """One word's stream, of what is added [summand, d_model]."""
    stream = added.cumsum(0)
    return {
        "added": added.tolist(),
        "halves": added.half().tolist(),
        "stream": stream.tolist(),
        "lengths": stream.norm(dim=-1).tolist(),
        "sizes": added.norm(dim=-1).tolist(),
        "cosines": torch.cosine_similarity(added[1:], stream[:-1], dim=-1).tolist(),
    }


def test_streams(tmp_path):
    cases = []
    for config in MODELS.values():
        traced = filled(Transformer(config)).trace(token_ids(1, 7))
        parts = summands(traced).detach().double()
        cases += [word(parts[:, token]) for token in range(7)]
    compare(HERE / "residual_stream.golden.js", tmp_path, {"cases": cases})
