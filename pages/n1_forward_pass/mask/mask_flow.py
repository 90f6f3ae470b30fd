"""Below the Mask lesson's board: who hears from whom, and the gradients that show it."""

from __future__ import annotations

from functools import lru_cache
from typing import NotRequired, TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice, counted
from transformer_core.lens.mask_effects import dependence, reach
from transformer_core.masks import causal_mask
from ui.models import HEAVY_PASSES, load
from ui.serving.address import base_path
from ui.serving.transport import pack
from ui.state import Reader

FOLLOWED = 32  # tokens whose gradients are taken: the work grows with the square
AT_ONCE = 1  # rows of gradients in one answer, so that nobody waits long for a turn
GRADIENTS = "/app/static/masks/gradients"  # below the app's own address


class FlowHeader(TypedDict):
    """The text and the token looked at, at most the `last` that is no padding.

    `cut`: whether the text has more tokens; `window_size`: of a causal sliding window, else 0.
    `gradients`: where their rows are asked for, `at_once` so many, of this sentence and mask.
    """

    pieces: tuple[str, ...]
    token: int
    last: int
    n_layers: int
    cut: bool
    window_size: int
    gradients: str
    at_once: int
    sentence: dict[str, str]
    mask: str


class Gradients(TypedDict):
    """Rows of gradients as trained and under the other mask, [query, key]."""

    trained: Tensor
    other: Tensor


class FlowArrays(TypedDict):
    """Who has heard from whom; the gradients too, where the model is small."""

    reach: Tensor  # [layer, query, key]
    itself: Tensor  # [query]: whether it may look at itself
    trained: NotRequired[Tensor]  # [query, key]
    other: NotRequired[Tensor]


class GradientHeader(TypedDict):
    """The query of the first row."""

    first: int


def pack_flow(now: Reader, choice: Choice) -> bytes:
    """Who can hear from whom after each layer, and the gradients that show it."""
    loaded, shown = load(now.model_name), len(now.token_ids[:SHOWN])
    n, n_layers = len(now.token_ids[:FOLLOWED]), loaded.config.n_layers
    mask = choice.mask(shown)[:n, :n]
    last, size = min(n - 1, counted(choice, shown)), next(iter(choice.values), 0)
    header: FlowHeader = {
        "pieces": now.pieces[:FOLLOWED],
        "token": min(now.token, last),
        "last": last,
        "n_layers": n_layers,
        "cut": len(now.token_ids) > FOLLOWED,
        "window_size": size if choice.kind == "sliding_window" and choice.causal else 0,
        "gradients": f"{base_path()}{GRADIENTS}",
        "at_once": AT_ONCE,
        "sentence": now.sentence,
        "mask": choice.address,
    }
    arrays: FlowArrays = {"reach": reach(mask, n_layers), "itself": mask.diagonal()}
    if loaded.is_small:
        arrays = {**arrays, **gradients(now, choice, 0, n)}
    return pack(header, arrays)


def pack_gradients(now: Reader, choice: Choice, first: int) -> bytes:
    """The next rows, from the query `first` on."""
    header: GradientHeader = {"first": first}
    return pack(header, gradients(now, choice, first, first + AT_ONCE))


def gradients(now: Reader, choice: Choice, first: int, end: int) -> Gradients:
    """Of the queries from `first` to before `end`, under both masks."""
    ids = now.token_ids[:FOLLOWED]
    n, shown = len(ids), len(now.token_ids[:SHOWN])
    mask = choice.mask(shown)[:n, :n]
    both = (each.numpy().tobytes() for each in (causal_mask(n), mask))
    trained, other = (followed(now.model_name, ids, cells, first, min(end, n)) for cells in both)
    return {"trained": trained, "other": other}


@lru_cache(maxsize=512)  # of at most AT_ONCE rows each, or a small model's all
def followed(name: str, token_ids: tuple[int, ...], mask: bytes, first: int, end: int) -> Tensor:
    """Gradients of each token's best logit; the mask comes as bytes so that results can be kept."""
    n = len(token_ids)
    cells = torch.frombuffer(bytearray(mask), dtype=torch.uint8).bool().view(n, n)
    with HEAVY_PASSES:
        rows = torch.arange(first, end)
        return dependence(load(name).model, torch.tensor([token_ids]), cells, rows)
