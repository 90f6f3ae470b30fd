"""Linear attention on the reader's own queries, keys and values, in both orders of the sums."""

from __future__ import annotations

import streamlit as st
import torch

from figures.numbers import count, number
from transformer_core.attention import repeat_heads
from transformer_core.linear_attention import by_pairs, by_state
from ui.models import load, trace
from ui.provenance import tag
from ui.state import Reader

LONG = 131_072  # tokens


def show_linear(reader: Reader) -> None:
    """The formula, both orders on this text, and what each keeps of a long one."""
    apart = largest_difference(reader.model_name, reader.token_ids)
    n, d = len(reader.token_ids), load(reader.model_name).config.d_head
    st.markdown(
        "- **pair by pair:** Σⱼ (φ(qₜ) · φ(kⱼ)) vⱼ ÷ Σⱼ φ(qₜ) · φ(kⱼ), all sums over j ≤ t\n"
        "- **with a state:** φ(qₜ) (Σⱼ φ(kⱼ)ᵀ vⱼ) ÷ φ(qₜ) · (Σⱼ φ(kⱼ)), the same product with "
        "its brackets moved"
    )
    st.markdown(
        f"On your {n} tokens, with the queries, keys and values of layer 1, the two orders differ "
        f"by at most {number(apart, smallest=0.01)}, which is rounding. {tag('live')} At "
        f"{count(LONG)} tokens, the first order keeps {count(2 * LONG * d)} numbers for a head, "
        f"its keys and values. The second keeps {count(d * d + d)}, however long the text is: "
        f"{d} × {d} and {d}."
    )


def largest_difference(name: str, token_ids: tuple[int, ...]) -> float:
    """Of the outputs of all heads of the first layer, made pair by pair and with a state."""
    first = trace(name, token_ids).blocks[0].attention
    groups = first.q.shape[1] // first.k.shape[1]
    k, v = (repeat_heads(x, groups).float() for x in (first.k, first.v))
    with torch.inference_mode():
        q = first.q.float()
        return float((by_pairs(q, k, v) - by_state(q, k, v)).abs().max())
