"""How pretraining came about, year by year with its sources; what runs out and what is open."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from ui.provenance import tag


class Event(NamedTuple):
    """What was new in a year, and who showed it."""

    year: str
    new: str
    source: str


EVENTS = (
    Event(
        "2012",
        "Unlabelled pictures: an **autoencoder**, which only has to give back its input, comes to "
        "tell faces and cats apart. Labels follow later.",
        "Le et al. 2012, arXiv 1112.6209",
    ),
    Event(
        "2014",
        "Labelled pictures: a network that has learnt the 1,000 classes of ImageNet is fine-tuned "
        "on a task with few labels. VGG becomes a usual start.",
        "Girshick et al. 2014, arXiv 1311.2524; Simonyan and Zisserman 2014, arXiv 1409.1556",
    ),
    Event(
        "2018",
        "Unlabelled text: a Transformer learns next-token prediction, then is fine-tuned for each "
        "task (GPT). BERT fills gaps instead.",
        "Radford et al. 2018; Devlin et al. 2018, arXiv 1810.04805",
    ),
    Event(
        "2020",
        "No fine-tuning: GPT-3 takes a task and a few examples as part of its text.",
        "Brown et al. 2020, arXiv 2005.14165",
    ),
    Event(
        "2022",
        "Assistants: human feedback makes language models follow instructions. ChatGPT opens in "
        "November.",
        "Ouyang et al. 2022, arXiv 2203.02155",
    ),
    Event(
        "2020 on",
        "**Diffusion** is another pretraining: remove noise instead of predicting what comes next. "
        "It makes pictures, and has been tried for text with 8 billion parameters.",
        "Ho et al. 2020, arXiv 2006.11239; Nie et al. 2025, arXiv 2502.09992",
    ),
)


def show_history() -> None:
    """A row for each year."""
    for year, new, source in EVENTS:
        when, what = st.columns([1, 11], gap="small", vertical_alignment="top")
        when.markdown(f"**{year}**")
        what.markdown(f"{new}  \n*{source}*")


def show_open() -> None:
    """Data, long texts, attention, optimizers."""
    data, length, attention, optimizers = st.columns(4, border=True)
    data.markdown(
        "**Text runs out.** People have published about 300 trillion tokens of usable text, "
        "somewhere between 100 and 1,000. If the trend goes on, models use all of it between 2026 "
        "and 2032 (arXiv 2211.04325). "
        + tag("published", "Villalobos et al. 2024")
        + " Up to 4 readings of one text are about as good as new text; more gain little (arXiv "
        "2305.16264). " + tag("published", "Muennighoff et al. 2023")
    )
    length.markdown(
        "**Long texts.** Models are offered with contexts of 100,000 tokens and more. Of 17 that "
        "accept at least 32,000, only half still worked well at that length (arXiv 2404.06654). "
        + tag("published", "Hsieh et al. 2024")
    )
    attention.markdown(
        "**Attention by the square.** Layers whose cost grows in proportion to the length exist, "
        "and are mixed in. None has replaced full attention in most large models."
    )
    optimizers.markdown(
        "**Optimizers.** AdamW has been the usual choice for years. Muon, which the Fable models "
        "used, is one of several that claim to learn faster. Which one holds at scale is open."
    )
