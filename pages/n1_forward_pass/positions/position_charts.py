"""Length: raw position numbers, and what a recorded experiment found of all schemes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
import torch

from figures.numbers import number, percent
from figures.raw_positions import surviving_figure
from pages.n1_forward_pass.positions.position_board import SHOWN
from transformer_core.lens.raw_positions import RAW, raw_position, surviving
from transformer_core.records.result import load_result
from ui.chart import show_chart
from ui.models import load
from ui.navigation.course import link_to
from ui.provenance import tag
from ui.state import Reader

EXPERIMENTS = Path(__file__).parents[3] / "assets" / "experiments"
COMPARED = "positions"  # the recorded experiment that trains all five schemes
LONGEST = 256


def show_raw_positions(reader: Reader) -> None:
    """The chosen token at every position, its position added as a plain number."""
    config = load(reader.model_name).config
    token = min(reader.token, SHOWN - 1)
    shares = raw_shares(reader.model_name, reader.token_ids[token])
    norm = "LayerNorm" if config.norm == "layer_norm" else "RMSNorm"
    word = reader.pieces[token].strip() or "␣"
    far = len(shares["one number"])
    kept = percent(shares["one number"][-1])
    lost = (
        "LayerNorm takes away a p that was added to every number: the token stays, but the "
        "order is lost."
        if config.norm == "layer_norm"
        else f"If p is added to every number, {percent(shares['every number'][-1])} is left there."
    )
    show_chart(
        surviving_figure(shares),
        key="raw-positions",
        finding=[
            f"If position {far} were added as a plain number, {norm} would leave {kept} of ",
            ("query", f"“{word}”"),
        ],
        caption=[
            f"{lost} p divided by the text’s length leaves at least "
            f"{percent(min(shares['share of the length']))}. But then 0.60 is position 3 of 5 and "
            f"about position {round(0.6 * far)} of {far}.",
        ],
        alt=f"Part of the size of {word} that is left after {norm}: at position {far} "
        + ", ".join(f"{kind} {percent(values[-1])}" for kind, values in shares.items()),
    )


def raw_shares(model_name: str, token_id: int) -> dict[str, list[float]]:
    """What the norm leaves of a token for each way of adding its position, [position - 1]."""
    model = load(model_name).model
    config, n = model.config, min(LONGEST, model.config.context_length)
    with torch.inference_mode():
        x = model.embedding[token_id].float().expand(n, -1)
        # The core counts from 0: its position 0, which adds nothing, is left out.
        added = {kind: raw_position(kind, n + 1, config.d_model, n)[1:] for kind in RAW}
        if config.position == "learned":
            added["learned table"] = model.get_parameter("position.table")[:n].float()
        return {kind: surviving(x, each, config.norm).tolist() for kind, each in added.items()}


def show_schemes_compared() -> None:
    """What the recorded experiment found, from its record, and the way to it."""
    found = load_result(EXPERIMENTS / f"{COMPARED}.json")
    loss = {name: number(each.value) for name, each in found.fitted.items()}
    length = found.configuration["settings"][0]["context_length"]
    with st.container(border=True):
        st.markdown(
            f"**All five schemes, trained from scratch** {tag('measured')}\n\n"
            f"A recorded experiment trained one small model per scheme, on {length} positions. "
            f"Within these, plain RoPE has the lowest loss: {loss['RoPE at 1 L']} nats, against "
            f"{loss['ALiBi at 1 L']} for ALiBi, {loss['sinusoidal at 1 L']} for sinusoidal, "
            f"{loss['learned at 1 L']} for learned and {loss['none at 1 L']} for none. At eight "
            f"times the length ALiBi still has {loss['ALiBi at 8 L']}; RoPE has "
            f"{loss['RoPE at 8 L']} and sinusoidal {loss['sinusoidal at 8 L']}. Learned positions "
            "end with the table. The models are tiny, so only the large differences tell something."
        )
        link_to(
            "Experiments", "See the recorded experiment, with all its curves", experiment=COMPARED
        )
