"""The Mask lesson's picture: the model's pass under any mask beside its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_choice import (
    LOOK_AHEAD,
    SHOWN,
    Choice,
    counted,
    first_value,
    gallery,
    is_picture_only,
    most,
    read_choice,
)
from pages.n1_forward_pass.mask.mask_flow import pack_flow
from transformer_core.lens.mask_effects import (
    answers_in_sight,
    attention_to_answers,
    losses_without_heads,
    token_losses,
)
from transformer_core.masks import MASKS, causal_mask
from transformer_core.transformer import TransformerTrace
from ui.frame import reader
from ui.head_roles import head_roles
from ui.models import HEAVY_PASSES, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

GUESSES = 8  # next tokens per position: the likeliest under either mask
READING = 0.2  # a head that gives the answer this share of attention is said to read it
KEY, FIELD = "mask-board", "mask"

# What each pattern is, who uses it, where it stands in print.
NOTES = {
    "full": ("Everyone reads everyone, as in an encoder such as BERT.", "arXiv 1810.04805"),
    "causal": ("Nobody reads what comes later: key ≤ query. This model’s own mask.", ""),
    "sliding_window": (
        "Only the nearest tokens. Mistral 7B reads the last 4,096, itself included.",
        "arXiv 2310.06825",
    ),
    "dilated": ("A window with gaps: it reaches further with as many cells.", "arXiv 2004.05150"),
    "strided": (
        "The last few tokens, and every so many-th one as a relay station.",
        "arXiv 1904.10509",
    ),
    "chunked": (
        "Chunks that know nothing of each other: nothing crosses a border, however many layers.",
        "",
    ),
    "block_sparse": (
        "Neighbouring blocks, and first blocks that see all and are seen by all.",
        "arXiv 2007.14062",
    ),
    "prefix": (
        "The first tokens, such as a task to be done, read each other both ways.",
        "arXiv 1910.10683",
    ),
    "document": (
        "Two texts packed into one row of a batch: neither may read the other.",
        "arXiv 2107.02027",
    ),
    "padding": (
        "A shorter sentence in a batch is filled up. Nobody reads the filling, and what its rows "
        "compute is thrown away.",
        "",
    ),
    "cross": (
        "A decoder reads another text, the source, all of it but its padding. Your own sentence "
        "stands in for a source here.",
        "arXiv 1706.03762",
    ),
}

# Of the settings of several numbers, the page sets the first.
TITLES = {
    ("document", "lengths"): "Tokens of the first document",
    ("padding", "lengths"): "Tokens before the padding",
    ("cross", "source_lengths"): "Tokens of the source",
}


@dataclass(frozen=True)
class Outcome:
    """What one pass under one mask came to, kept small: a trace of 64 tokens takes 10 MB."""

    mask: Tensor  # [query, key]
    weights: Tensor  # [layer, head, query, key], 16-bit
    logits: Tensor  # [position, vocab]
    losses: Tensor  # [position - 1]
    to_answers: Tensor  # [layer, head]


@st.fragment
def show_mask_board() -> None:
    """The board, and below it what flows; both follow each other mask that is asked for."""
    now = reader()
    choice, notice = chosen(now)
    component(__file__)(key=KEY, data=pack_board(now, choice), on_ask_change=take_choice)
    if notice:
        st.caption(notice)
    if len(now.token_ids) > SHOWN:
        st.caption(
            f"Your text has {len(now.token_ids)} tokens; everything here is run on the first "
            f"{SHOWN} alone, since under most masks later tokens would change earlier ones."
        )
    if not is_picture_only(choice):
        component(__file__, "mask_flow")(key="mask-flow", data=pack_flow(now, choice))


def take_choice() -> None:
    """The browser asks for another mask."""
    asked = st.session_state[KEY].ask
    if isinstance(asked, str):
        st.session_state[FIELD] = asked


def chosen(now: Reader) -> tuple[Choice, str]:
    """The mask in the address for the tokens that are shown, and what to say about it."""
    return read_choice(st.session_state.get(FIELD) or "", len(now.token_ids[:SHOWN]))


@lru_cache(maxsize=12)  # of GPT-2's 50,257 logits, 64 tokens take 13 MB
def run(name: str, token_ids: tuple[int, ...], choice: Choice | None) -> Outcome:
    """The pass under a mask; under the one that the model was trained with where there is none."""
    mask = choice.mask(len(token_ids)) if choice else causal_mask(len(token_ids))
    ids = torch.tensor([token_ids])
    if torch.equal(mask, causal_mask(len(token_ids))):
        return _outcome(trace(name, token_ids), mask, ids)
    with HEAVY_PASSES, torch.inference_mode():
        return _outcome(load(name).model.trace(ids, mask), mask, ids)


def _outcome(traced: TransformerTrace, mask: Tensor, ids: Tensor) -> Outcome:
    weights = torch.stack([block.attention.weights[0] for block in traced.blocks]).half()
    losses = token_losses(traced.logits, ids)
    return Outcome(mask, weights, traced.logits[0], losses, attention_to_answers(traced, mask))


def pack_board(now: Reader, choice: Choice) -> bytes:
    """Both passes: weights as 16-bit floats, losses, next tokens; and every mask of the menu."""
    ids = now.token_ids[:SHOWN]
    trained = run(now.model_name, ids, None)
    other = trained if is_picture_only(choice) else run(now.model_name, ids, choice)
    bits, starts = gallery(len(ids))
    shares = torch.stack((trained.logits, other.logits)).softmax(-1)
    best = shares.amax(0).topk(GUESSES).indices
    config, tokenizer = load(now.model_name).config, load(now.model_name).tokenizer
    named = sorted(set(best.flatten().tolist()))
    header = {
        "pass": f"{now.model_name} {ids}",
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "head": now.head,
        "token": min(now.token, len(ids) - 1),
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "kinds": _menu(len(ids), starts),
        "choice": {"kind": choice.kind, "values": choice.values, "causal": choice.causal},
        "address": choice.address,
        "named": dict(zip(named, tokenizer.pieces(named), strict=True)),
        "counted": counted(choice, len(ids)),
        "reader": None if is_picture_only(choice) else _best_reader(now.model_name, ids, choice),
    }
    return pack(
        header,
        {
            "gallery": bits,
            "mask": choice.mask(len(ids)),
            "weights": torch.stack((trained.weights, other.weights)),
            "losses": torch.stack((trained.losses, other.losses)),
            "in_sight": answers_in_sight(other.mask, config.n_layers),
            "guesses": best,
            "shares": shares.gather(-1, best.expand(2, -1, -1)),
        },
    )


def _menu(n: int, starts: dict[str, int]) -> list[dict[str, Any]]:
    """The kinds of the registry and their settings; the browser finds a mask's bits by these."""
    return [
        {
            "name": name,
            "title": kind.title,
            "note": NOTES[name][0],
            "source": NOTES[name][1],
            "start": starts[name],
            "ahead": name in LOOK_AHEAD,
            "settings": [
                {
                    "title": TITLES.get((name, each.name), each.title),
                    "least": each.least,
                    "most": most(each, n),
                    "first": first_value(each, n),
                }
                for each in kind.parameters
            ],
        }
        for name, kind in MASKS.items()
    ]


def _best_reader(name: str, token_ids: tuple[int, ...], choice: Choice) -> dict[str, Any] | None:
    """The head that looks most at the next token, the answer; None where nobody may."""
    outcome = run(name, token_ids, choice)
    if outcome.losses.numel() == 0 or not outcome.mask.diagonal(1).any():
        return None
    layer, head = divmod(int(outcome.to_answers.argmax()), outcome.to_answers.shape[1])
    roles = head_roles(name)
    reading = outcome.to_answers >= READING
    return {
        "layer": layer,
        "head": head,
        "share": float(outcome.to_answers.max()),
        "role": roles[layer][head] if roles else None,
        "heads": [f"{a + 1}.{b + 1}" for a, b in reading.nonzero().tolist()],
        "without": loss_without(name, token_ids, choice) if reading.any() else 0.0,
    }


@lru_cache(maxsize=32)
def loss_without(name: str, token_ids: tuple[int, ...], choice: Choice) -> float:
    """The mean loss under a mask once the heads that read the answers are cut off."""
    reading = run(name, token_ids, choice).to_answers >= READING
    heads = [(layer, head) for layer, head in reading.nonzero().tolist()]
    ids, mask = torch.tensor([token_ids]), choice.mask(len(token_ids))
    with HEAVY_PASSES, torch.inference_mode():
        return float(losses_without_heads(load(name).model, ids, mask, heads).mean())
