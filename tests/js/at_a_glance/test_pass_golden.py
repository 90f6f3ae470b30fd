"""What the first screen works out of a pass against the core: the script reads a real message."""

import base64
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from pages.n1_forward_pass.at_a_glance import passes
from pages.n1_forward_pass.at_a_glance.pass_answers import packed_layer, packed_lens, packed_pass
from tests.js.golden import compare
from transformer_core.attention import masked_softmax
from transformer_core.generation import Sampling, filter_steps
from transformer_core.lens.attention_arithmetic import most_telling_head
from transformer_core.lens.logit_lens import logit_lens
from transformer_core.masks import causal_mask
from ui.known_models import SHIPPED
from ui.models import load
from ui.remembered import Remembered
from ui.state import read_state

HERE = Path(__file__).parent
TEXTS = ("The cat sat down because she was tired", "A dog", "Hi", "naïve 🎈\nb b b")
SETTINGS = [(1.0, 0.7), (2.0, 0.4), (0.5, 1.0), (0.0, 1.0), (1.3, 0.05)]


def as_sent(x: Tensor) -> Tensor:
    """Rounded to the 16 bits that travel."""
    return x.half().double()


def head_case(attention: Any, head: int) -> dict[str, Any]:
    """One head's arithmetic: the core's own, on the numbers as the browser has them."""
    n_heads, n_kv_heads = attention.q.shape[1], attention.k.shape[1]
    kv = head // (n_heads // n_kv_heads)
    q, k, v = (
        as_sent(attention.q[0, head]),
        as_sent(attention.k[0, kv]),
        as_sent(attention.v[0, kv]),
    )
    scores = q @ k.T
    sent = (attention.weights[0, head] * 65_535).round().double() / 65_535
    exact = attention.weights[0, head]
    shift = 2**-10 * float(attention.q[0, head].norm(dim=-1).max() * k.norm(dim=-1).max())
    return {
        "scores": scores.tolist(),
        "weights": masked_softmax(scores / q.shape[-1] ** 0.5, causal_mask(len(q))).tolist(),
        "exact": exact.tolist(),
        "slack": 2 * (2 * shift / q.shape[-1] ** 0.5 + 1 / 65_535),
        "mixed": (sent @ v).tolist(),
        "lengths": [x.norm(dim=-1).tolist() for x in (q, k, v)],
    }


def odds_case(logits: Tensor, temperature: float, top_p: float) -> dict[str, Any]:
    best = logits.topk(8)
    shares = filter_steps(logits, Sampling(temperature=temperature, top_p=top_p))[-1].probabilities
    return {"temperature": temperature, "topP": top_p, "odds": shares[best.indices].tolist()}


def written(packed: bytes) -> str:
    return base64.b64encode(packed).decode()


@cache
def pass_case(name: str, text: str) -> dict[str, Any]:
    loaded, raw = load(name), {"model": name, "text": text}
    ids = read_state(raw).token_ids
    with torch.inference_mode():
        trace = loaded.model.trace(torch.tensor([ids]))
    heads = product(range(loaded.config.n_layers), range(loaded.config.n_heads))
    logits, lens = trace.logits[0], logit_lens(loaded.model, trace)
    layers = range(1, 1 + loaded.config.n_layers)
    hidden = [block.feed_forward.hidden[0] for block in trace.blocks]
    return {
        "packed": written(packed_pass(raw)),
        "layers": [written(packed_layer({**raw, "layer": str(i)})) for i in layers],
        "lenses": [written(packed_lens({**raw, "token": str(i + 1)})) for i in range(len(ids))],
        "lens": [
            list(zip(*each, strict=True))
            for each in zip(lens.token_ids.T.tolist(), lens.probabilities.T.tolist(), strict=True)
        ],
        "words": [loaded.tokenizer.pieces([i])[0] for i in ids],
        "telling": most_telling_head(trace),
        "heads": [
            {"layer": layer, "head": h, **head_case(trace.blocks[layer].attention, h)}
            for layer, h in heads
        ],
        "hidden": [each[:, :48].tolist() for each in hidden],
        "hidden_scale": [(each[:, :48].abs().amax(-1) / 127).tolist() for each in hidden],
        "guesses": logits.softmax(-1).topk(8).values.tolist(),
        "draws": [odds_case(logits[-1], *setting) for setting in SETTINGS],
    }


@pytest.mark.parametrize("script", ["pass.golden.js", "printed.golden.js"])
@pytest.mark.parametrize("name", SHIPPED)
def test_passes(script, name, tmp_path, monkeypatch):
    # A pass that goes on from another test's may differ in the last digits.
    monkeypatch.setattr(passes, "_passes", Remembered(passes.REMEMBERED))
    compare(HERE / script, tmp_path, {"passes": [pass_case(name, text) for text in TEXTS]})
