"""What the Mask lesson's boards compute, against the core."""

import base64
from itertools import product
from pathlib import Path

import pytest
import torch

from pages.n1_forward_pass.mask.mask_answers import packed_gradients, packed_layer
from pages.n1_forward_pass.mask.mask_board import pack_board
from pages.n1_forward_pass.mask.mask_choice import Choice, gallery, most, read_choice
from pages.n1_forward_pass.mask.mask_flow import pack_flow
from pages.n1_forward_pass.mask.mask_menu import mask_menu
from tests.js.golden import compare
from transformer_core.attention import masked_softmax
from transformer_core.lens.mask_effects import dependence, reach
from transformer_core.lens.prediction import surprise
from transformer_core.masks import MASKS, causal_mask
from ui.models import LoadedModel, load
from ui.state import read_state

HERE = Path(__file__).parent
MODELS = ("fable-classic", "fable-modern")
CHOICES = (
    "full",
    "causal",
    "chunked.3+causal",
    "sliding_window.2+causal",
    "prefix.2",
    "document.2",
)


def core_mask(kind: str, values: tuple[int, ...], n: int) -> torch.Tensor:
    """By the registry's own function; a setting of several numbers gets one."""
    settings = {
        each.name: value if isinstance(each.default, int) else (value,)
        for each, value in zip(MASKS[kind].parameters, values, strict=True)
    }
    return MASKS[kind].make(n, n, **settings).view(n, n)


def test_every_pattern_of_the_menu_is_the_cores(tmp_path):
    texts = []
    for n in (1, 2, 5, 9):
        bits, starts = gallery(n)
        masks = []
        for kind in MASKS:
            ranges = [range(p.least, most(p, n) + 1) for p in MASKS[kind].parameters]
            for values, causal in product(product(*ranges), (False, True)):
                cells = core_mask(kind, values, n)
                cells = cells & causal_mask(n) if causal else cells
                address = Choice(kind, values, causal).address
                case = {"kind": kind, "values": values, "causal": causal, "address": address}
                masks.append({**case, "cells": cells.flatten().tolist()})
        shape = list(bits.shape)
        texts.append(
            {
                "n": n,
                "kinds": mask_menu(n, starts),
                "gallery": {"shape": shape, "values": bits.ravel().tolist()},
                "masks": masks,
            }
        )
    compare(HERE / "patterns.golden.js", tmp_path, {"texts": texts})


def test_painted_cells_have_the_address_that_python_reads(tmp_path):
    torch.manual_seed(0)
    painted = []
    for n in (1, 2, 3, 7, 8, 20):
        cells = torch.rand(n, n) < 0.5
        address = Choice("painted", (n,), False, bytes(packed_bits(cells))).address
        assert torch.equal(read_choice(address, n)[0].mask(n), cells)
        painted.append({"n": n, "cells": cells.flatten().tolist(), "address": address})
    compare(HERE / "painted.golden.js", tmp_path, {"painted": painted})


def packed_bits(cells: torch.Tensor) -> list[int]:
    bits = "".join("01"[int(may)] for may in cells.flatten())
    bits += "0" * (-len(bits) % 8)
    return [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]


@pytest.mark.parametrize("name", MODELS)
def test_both_passes_are_read_as_the_core_computed_them(tmp_path, folders, name):
    now = read_state({"text": "Tom had a red ball", "model": name})
    text, model = torch.tensor([now.token_ids]), load(name).model
    n = text.shape[1]
    cases = []
    for raw in (*CHOICES, "painted.4.AAA"):
        choice, _ = read_choice(raw, n)
        mask = choice.mask(n)
        traces = [model.trace(text), model.trace(text, mask)]
        used = [causal_mask(n), mask]
        losses = [surprise(trace.logits[0], text[0]) for trace in traces]
        weights = [
            [masked_softmax(b.attention.scores, m)[0].tolist() for b in trace.blocks]
            for trace, m in zip(traces, used, strict=True)
        ]
        heard = reach(mask, model.config.n_layers)[-1]
        cases.append(
            {
                "packed": base64.b64encode(pack_board(now, choice)).decode(),
                "weights": weights,
                "means": [float(each.mean()) for each in losses],
                "perplexities": [float(each.mean().exp()) for each in losses],
                "sees": mask.flatten().tolist(),
                "blind": [i for i in range(n) if not mask[i].any()],
                "inSight": [bool(heard[i, i + 1]) for i in range(n - 1)],
                "isTrained": torch.equal(mask, causal_mask(n)),
            }
        )
    compare(HERE / "mask_pass.golden.js", tmp_path, {"cases": cases})


@pytest.mark.parametrize("name", MODELS)
def test_what_is_asked_for_joins_what_came(tmp_path, folders, monkeypatch, name):
    """A layer and rows of gradients of a model that is taken for a large one."""
    monkeypatch.setattr(LoadedModel, "is_small", False)
    raw = {"text": "Tom had a red ball", "model": name, "layer": "1"}
    now = read_state(raw)
    text, model = torch.tensor([now.token_ids]), load(name).model
    n = text.shape[1]
    choice, _ = read_choice("prefix.2", n)
    traces = [model.trace(text), model.trace(text, choice.mask(n))]
    asked = {**raw, "mask": choice.address}
    rows = [packed_gradients({**asked, "first": str(query)}) for query in range(n)]
    case = {
        "pass": base64.b64encode(pack_board(now, choice)).decode(),
        "layer": base64.b64encode(packed_layer({**asked, "layer": "2"})).decode(),
        "weights": [
            [b.attention.weights[0].tolist() for b in trace.blocks[:2]] for trace in traces
        ],
        "flow": base64.b64encode(pack_flow(now, choice)).decode(),
        "rows": [base64.b64encode(row).decode() for row in rows],
        "gradients": dependence(model, text, choice.mask(n)).tolist(),
    }
    compare(HERE / "asked.golden.js", tmp_path, case)


@pytest.mark.parametrize("name", MODELS)
def test_what_flows_is_counted_as_the_core_computed_it(tmp_path, folders, name):
    now = read_state({"text": "Tom had a red ball", "model": name})
    n, n_layers = len(now.token_ids), load(name).config.n_layers
    cases = []
    for raw in CHOICES:
        choice, _ = read_choice(raw, n)
        heard = reach(choice.mask(n), n_layers)
        cases.append(
            {
                "packed": base64.b64encode(pack_flow(now, choice)).decode(),
                "heard": heard.int().tolist(),
                "counted": heard.sum(-1).tolist(),
                "felt": int(heard[-1].triu(1).sum()),
                "cells": n * (n - 1) // 2,
            }
        )
    compare(HERE / "flow_heard.golden.js", tmp_path, {"cases": cases})
