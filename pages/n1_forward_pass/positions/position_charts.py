"""Two charts of the Positions lesson: raw position numbers, and the end of the trained length."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch

from figures.numbers import number, percent
from figures.position_loss import position_loss_figure
from figures.raw_positions import surviving_figure
from pages.n1_forward_pass.positions.position_board import SHOWN
from transformer_core.lens.raw_positions import RAW, raw_position, surviving
from transformer_core.records.result import Result, load_result
from ui.chart import show_chart
from ui.models import load
from ui.state import Reader

RECORD = Path(__file__).parents[3] / "assets" / "experiments" / "position_loss.json"
LONGEST = 256


def show_raw_positions(reader: Reader) -> None:
    """The chosen token at every position, its position added as a plain number."""
    config = load(reader.model_name).config
    token = min(reader.token, SHOWN - 1)
    shares = raw_shares(reader.model_name, reader.token_ids[token])
    norm = "LayerNorm" if config.norm == "layer_norm" else "RMSNorm"
    word = reader.pieces[token].strip() or "␣"
    far = len(shares["one number"]) - 1
    kept = percent(shares["one number"][far])
    lost = (
        "LayerNorm subtracts the mean, and with it a p that was added to every number: the token "
        "stays whole, but the order is lost."
        if config.norm == "layer_norm"
        else f"Added to every number, p leaves {percent(shares['every number'][far])} there."
    )
    show_chart(
        surviving_figure(shares),
        key="raw-positions",
        finding=[
            f"Added to one number as it is, position {far} would leave {kept} of ",
            ("query", f"“{word}”"),
            f" after {norm}",
        ],
        caption=[
            f"The token embedding of “{word}” has length "
            f"{number(_length(reader.model_name, reader.token_ids[token]), 1)}; p alone is up to "
            f"{far}. {lost} Divided by the length, p leaves at least "
            f"{percent(min(shares['share of the length']))}, but means another place in every "
            f"text: position 3 is 0.60 of 5 tokens and {number(3 / (far + 1))} of {far + 1}.",
        ],
        alt=f"Share of the size of {word} that is left after {norm}: at position {far} "
        + ", ".join(f"{kind} {percent(values[far])}" for kind, values in shares.items()),
    )


def raw_shares(model_name: str, token_id: int) -> dict[str, list[float]]:
    """What the norm leaves of a token for each way of adding its position, [position]."""
    model = load(model_name).model
    config, n = model.config, min(LONGEST, model.config.context_length)
    with torch.inference_mode():
        x = model.embedding[token_id].float().expand(n, -1)
        added = {kind: raw_position(kind, n, config.d_model, n) for kind in RAW}
        if config.position == "learned":
            added["learned table"] = model.get_parameter("position.table")[:n].float()
        return {kind: surviving(x, each, config.norm).tolist() for kind, each in added.items()}


def _length(model_name: str, token_id: int) -> float:
    return float(load(model_name).model.embedding[token_id].norm())


@cache
def recorded() -> Result:
    """The recorded loss by position."""
    return load_result(RECORD)


def show_position_loss() -> None:
    """Recorded: what each scheme does where the trained length ends."""
    record = recorded()
    nats = {series.name: series.y for series in record.series}
    setting, bin_size = record.configuration["settings"][0], record.data["bin"]
    trained = setting["trained_length"]
    last = {name: values[-1] for name, values in nats.items()}
    show_chart(
        position_loss_figure(nats, bin_size, trained),
        key="position-loss",
        kind="measured",
        finding=[
            f"Past {trained} tokens RoPE as it is gets worse, with YaRN it does not: ",
            f"{number(last['yarn'])} against {number(last['plain'])} nats in the last "
            f"{bin_size} of {2 * trained}",
        ],
        caption=[
            f"{setting['windows']} passages of held-out children's books, mean of {bin_size} "
            "positions; loss is the surprise at the next token, lower is better. fable-classic has "
            "no row beyond its table. The other lines are "
            "fable-modern, not trained any further: as it is, with p ÷ 2 (position interpolation, "
            "arXiv 2306.15595, which is meant to be followed by some training), with a larger "
            "base, which slows the slow pairs and hardly the fast ones (NTK-aware), and with YaRN, "
            "which halves the angles of slow pairs only and sharpens attention (both described in "
            "arXiv 2309.00071).",
        ],
        alt="Loss by position up to 512. "
        + ", ".join(f"{name} ends at {number(value)} nats" for name, value in last.items()),
    )
