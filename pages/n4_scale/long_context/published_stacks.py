"""Which published models mix cheap layers with full ones, and how."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from ui.provenance import tag


class Stack(NamedTuple):
    """A model: its cheap layers, its full ones, and where that is said."""

    model: str
    cheap: str
    full: str
    source: str


STACKS = (
    Stack("Mistral 7B", "window of 4,096", "none", "Jiang et al. 2023, arXiv 2310.06825"),
    Stack("Gemma 2", "window of 4,096", "1 of 2", "Gemma Team 2024, arXiv 2408.00118"),
    Stack("Gemma 3", "window of 1,024", "1 of 6", "Gemma Team 2025, arXiv 2503.19786"),
    Stack(
        "Llama 4",
        "chunks of 8,192, with RoPE",
        "1 of 4, without positions",
        "its configuration in Hugging Face’s transformers",
    ),
    Stack("Jamba", "Mamba, a recurrence", "1 of 8", "Lieber et al. 2024, arXiv 2403.19887"),
    Stack("MiniMax-01", "linear attention", "1 of 8", "MiniMax 2025, arXiv 2501.08313"),
)


def show_published_stacks() -> None:
    """A table."""
    lines = "\n".join(
        f"| **{each.model}** ({each.source}) | {each.cheap} | {each.full} |" for each in STACKS
    )
    st.markdown(
        f"**How published models mix their layers** {tag('published')}\n\n"
        f"| model | cheap layers | full layers |\n|---|---|---|\n{lines}"
    )
