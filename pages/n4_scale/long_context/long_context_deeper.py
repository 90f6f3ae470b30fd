"""Long context for engineers: attention that skips hidden scores, limits, and the code that ran."""

from __future__ import annotations

import streamlit as st
import torch
import torch.nn.functional as F

from figures.numbers import number
from transformer_core.attention import repeat_heads
from transformer_core.lens.layer_masks import layer_masks
from transformer_core.lens.longer_context import (
    interpolated_frequencies,
    larger_base_frequencies,
    yarn_frequencies,
)
from transformer_core.lens.mask_effects import reach_through
from transformer_core.linear_attention import by_pairs, by_state
from transformer_core.near_attention import chunk_attention, window_attention
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import trace
from ui.provenance import tag

WIDTH = 4  # of the window and the chunks that are checked


def show_deeper() -> None:
    """Three explanations, then the functions."""
    near, stretched, beyond = st.columns(3)
    with near.container(border=True, height="stretch"):
        _show_near()
    with stretched.container(border=True, height="stretch"):
        _show_stretched()
    with beyond.container(border=True, height="stretch"):
        _show_beyond()
    show_code(window_attention, "A window without hidden scores")
    show_code(chunk_attention, "Chunks")
    show_code(by_pairs, "Linear attention, pair by pair")
    show_code(by_state, "Linear attention with a state")
    show_code(layer_masks, "The masks of a stack")
    tests = "in the tests; the board repeats it in the browser, and a test compares the two"
    show_code(reach_through, "Who can have heard from whom", when=tests)
    once = "once, for the lower chart of the RoPE board"
    show_code(interpolated_frequencies, "Position interpolation", when=once)
    show_code(larger_base_frequencies, "NTK-aware scaling", when=once)
    show_code(yarn_frequencies, "YaRN", when=once)


def _show_near() -> None:
    apart = differences(reader().model_name, reader().token_ids)
    st.markdown(
        f"**A mask alone saves nothing**  \nA mask hides scores after they were computed. To save "
        f"work, blocks of the window’s size are cut out (Beltagy et al. 2020, arXiv 2004.05150). "
        f"{tag('live')} On the queries, keys and values of layer 1 of your text, with a width of "
        f"{WIDTH}, the blocks differ from dense attention with a mask by at most "
        f"{number(apart['sliding'], smallest=0.01)} for the window and "
        f"{number(apart['chunks'], smallest=0.01)} for chunks. On a GPU, kernels skip whole tiles: "
        "see FlashAttention."
    )


def _show_stretched() -> None:
    st.markdown(
        "**RoPE, stretched by a factor s**  \n"
        "- Interpolation: all frequencies are divided by s. It is meant to be followed by a short "
        "training (Chen et al. 2023).\n"
        "- NTK-aware: the base grows by s^(d / (d − 2)), so that the slowest pair is slowed s "
        "times and the fastest hardly. A user called bloc97 proposed it in 2023; Peng et al. "
        "2023 describe it.\n"
        "- YaRN: pairs that turn at most once within the trained length are divided by s, pairs "
        "that turn 32 times or more stay. Queries and keys also grow by 0.1 ln s + 1, which "
        "sharpens the attention weights.\n\n"
        "Both papers train the stretched models further. The lines above do without."
    )


def _show_beyond() -> None:
    st.markdown(
        "**What is left out here**  \n"
        "- BigBird’s random blocks, Longformer’s chosen global tokens, patterns that are learnt.\n"
        "- The recurrences of Mamba and its relatives, which forget by gates: see Recurrence.\n"
        "- A window that keeps the first tokens (attention sinks): see Decoding.\n"
        "- Linear attention in chunks, as it is trained: within a chunk pair by pair, between "
        "chunks by the state."
    )


def differences(name: str, token_ids: tuple[int, ...]) -> dict[str, float]:
    """The largest differences of the first layer's outputs from dense attention with a mask."""
    first = trace(name, token_ids).blocks[0].attention
    groups = first.q.shape[1] // first.k.shape[1]
    q, k, v = first.q, repeat_heads(first.k, groups), repeat_heads(first.v, groups)
    found = {}
    with torch.inference_mode():
        for pattern, near in (("sliding", window_attention), ("chunks", chunk_attention)):
            mask = layer_masks(pattern, q.shape[2], WIDTH, 1)[0]
            dense = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
            found[pattern] = float((near(q, k, v, WIDTH) - dense).abs().max())
    return found
