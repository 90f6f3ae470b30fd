"""What the Heads lesson's boards work out in the browser, against the core's own."""

import base64
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from pages.n1_forward_pass.heads.head_parts import causal_weights
from pages.n1_forward_pass.heads.removal_board import pack_removal, removed, unasked
from tests.js.golden import compare
from transformer_core.lens.head_arithmetic import layer_cost
from transformer_core.presets import PRESETS
from ui.known_models import SHIPPED
from ui.models import load, trace
from ui.state import read_state

HERE = Path(__file__).parent
TIRED, WIDE = (
    f"The animal didn't cross the street because it was too {end}" for end in ("tired", "wide")
)
# For five of them fable-classic's first guess is, without some head, none of the likeliest seven.
TEXTS = (
    "Price:\u00a05\u00a0000\u00a0€",
    "a\u2028c",
    "The weather in",
    "Attention is all you need",
    "Hello world",
    "import numpy as np",
    "To be or not to be",
    "I think",
    "My name is",
    "日本語のテキスト",
    "Привет, как дела?",
    "What is the capital of France?",
    "SELECT * FROM users WHERE id = 1;",
    "$E = mc^2$",
    "https://example.org/a?b=c",
    "Lorem ipsum dolor sit amet",
    "1 + 1 =",
    "🙂🙂🙂",
    "def f(x): return x + 1",
    "Deep learning is",
)


def weights_of(model: str, text: str) -> tuple[list[str], Tensor]:
    """The tokens, and the weights [layer, head, query, key] in the 16 bits that are sent."""
    loaded = load(model)
    ids = tuple(loaded.tokenizer.encode(text))
    blocks = trace(model, ids).blocks
    weights = torch.stack([block.attention.weights[0] for block in blocks])
    return loaded.tokenizer.pieces(list(ids)), weights.half().float()


def sentence(model: str, text: str) -> dict[str, object]:
    ids = tuple(load(model).tokenizer.encode(text))
    traced = trace(model, ids)
    packed = causal_weights(traced, list(range(len(traced.blocks)))).float()
    return {
        "pieces": weights_of(model, text)[0],
        "weights": {"shape": list(packed.shape), "values": packed.flatten().tolist()},
    }


def rows_case(model: str) -> dict[str, object]:
    pieces, first = weights_of(model, TIRED)
    others = weights_of(model, WIDE)[0]
    favourites = first.flatten(0, 1).argmax(-1).T.tolist()
    expected = {
        "favourites": [Counter(map(str, row)) for row in favourites],
        "received": first.sum(-2).flatten(0, 1).tolist(),
        "same": next(i for i, (a, b) in enumerate(zip(pieces, others, strict=True)) if a != b),
    }
    sides = {"first": sentence(model, TIRED), "second": sentence(model, WIDE)}
    return {"model": model, **sides, "expected": expected}


def removal_case(model: str, text: str) -> dict[str, object]:
    now = read_state({"text": text, "model": model})
    found = removed(model, now.token_ids, unasked(model, now.token_ids))
    guess = int(found.next_ids[0, 0])
    return {
        "model": model,
        "text": text,
        "packed": base64.b64encode(pack_removal(now)).decode(),
        "guess": load(model).tokenizer.pieces([guess])[0],
        "changes": (found.loss_without - found.loss).tolist(),
    }


def test_rows(tmp_path):
    cases = {"cases": [rows_case(model) for model in SHIPPED]}
    compare(HERE / "head_rows.golden.js", tmp_path, cases)


def test_removal(tmp_path):
    cases = {"cases": [removal_case(model, text) for model in SHIPPED for text in TEXTS]}
    compare(HERE / "removal_rows.golden.js", tmp_path, cases)


def test_cost(tmp_path):
    cases = [
        {
            "shape": {
                **{"n_layers": config.n_layers, "n_heads": config.n_heads},
                **{"n_kv_heads": config.n_kv_heads, "d_head": config.d_head},
                "d_model": config.d_model,
            },
            "cost": asdict(layer_cost(config)),
        }
        for config in PRESETS.values()
    ]
    compare(HERE / "layer_cost.golden.js", tmp_path, {"cases": cases})
