"""FlashAttention for engineers: the recurrence, the theorem, training, and the core's own tiles."""

import streamlit as st
import torch
import torch.nn.functional as F

from figures.numbers import count, number
from pages.n4_scale.flash_attention.tiles_board import SHOWN, first_look, shown_trace
from transformer_core.attention import additive_mask, repeat_heads
from transformer_core.laws.memory_traffic import tiled_traffic
from transformer_core.tiled_attention import RunningSoftmax, TileSize, tile_steps, tiled_attention
from ui.code_drawer import show_code
from ui.frame import reader
from ui.provenance import tag

TILE = 4


def show_deeper() -> None:
    """Three explanations, one comparison of this run, then the code."""
    _show_mathematics()
    _show_comparison()
    show_code(RunningSoftmax.after, "One tile more")
    show_code(tile_steps, "The two loops")
    show_code(tiled_traffic, "What is counted")


def _show_mathematics() -> None:
    recurrence, theorem, training = st.columns(3)
    with recurrence.container(border=True, height="stretch"):
        st.markdown(
            "**The recurrence**  \n"
            "For a row and a tile of keys with scores s:\n"
            "- `m' = max(m, max s)`\n"
            "- `c = e^(m − m')`\n"
            "- `l' = c · l + Σ e^(s − m')`\n"
            "- `o' = c · o + Σ e^(s − m') v`\n\n"
            "At the end `o / l` is softmax(s) v, because both sums refer to the same m. No power "
            "is above 1, so large scores do not overflow. Tiles may come in any order, and two "
            "partial results can be joined in the same way. Milakov and Gimelshein (2018, arXiv "
            "1805.02867) gave m and l. FlashAttention-2 divides by l only once, as here."
        )
    with theorem.container(border=True, height="stretch"):
        st.markdown(
            f"**The theorem** {tag('published', 'Dao et al. 2022, theorem 2')}  \n"
            "Let fast memory hold M numbers, with d ≤ M ≤ n·d. Standard attention moves "
            "Θ(n·d + n²) numbers, FlashAttention Θ(n²·d²/M). For d = 64 to 128 and M of about 100 "
            "KB, d² is many times smaller than M.\n\n"
            "The reason is the count above: a tile has about M/d rows, so the keys and values (n·d "
            "numbers) are read about n·d/M times. The paper’s loops stand the other way round: a "
            "tile of keys stays while queries and outputs pass by. The count grows in the same way."
        )
    with training.container(border=True, height="stretch"):
        st.markdown(
            "**Training**  \n"
            "The backward pass needs the attention weights again. Standard attention keeps all n² "
            "of them. FlashAttention-2 keeps m + ln l for each row, n numbers, and computes each "
            "tile of weights a second time from Q and K. This is more arithmetic and still takes "
            "less time.\n\n"
            "A model that writes token by token has one query at a time. Then the keys are divided "
            "among the computing units, and their results are joined by the same recurrence "
            "(Flash-Decoding, Dao et al. 2023)."
        )


def _show_comparison() -> None:
    """The core's tiles against PyTorch's own attention, on the reader's layer."""
    now = reader()
    layer, _ = first_look(now)
    attention = shown_trace(now, layer)
    size = TileSize(TILE, TILE)
    q, k, v, mask, bias = attention.q, attention.k, attention.v, attention.mask, attention.bias
    n_groups = q.shape[1] // k.shape[1]
    k_all, v_all = repeat_heads(k, n_groups), repeat_heads(v, n_groups)
    with torch.inference_mode():
        ours = tiled_attention(q, k, v, mask, size, bias)
        added = additive_mask(mask, bias, q.dtype)
        theirs = F.scaled_dot_product_attention(q, k_all, v_all, attn_mask=added)
    gap, top = float((ours - theirs).abs().max()), float(theirs.abs().max())
    n = min(len(now.token_ids), SHOWN)
    moved = tiled_traffic(n, v.shape[3], TILE, causal=True).total
    st.markdown(
        f"{tag('live')} **Compared just now:** all {q.shape[1]} heads of layer {layer + 1} on "
        f"the first {n} tokens, in tiles of {TILE} × {TILE}, against PyTorch’s "
        f"`scaled_dot_product_attention`. Of {count(ours.numel())} numbers the largest difference "
        f"is {number(gap)}, where the largest number is {number(top)}. A head moves {count(moved)} "
        "numbers by the rules above."
    )
