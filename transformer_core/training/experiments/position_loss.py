"""Loss by position, within the trained length and at twice that length, on held-out books."""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.longer_context import STRETCHES, loss_by_position
from transformer_core.records.json_file import read_record
from transformer_core.records.result import Series
from transformer_core.training.corpus import held_out
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)

SOURCE = "childrens_books"
FACTOR = 2
BIN = 32  # neighbouring positions whose mean is recorded
LINES = {"learned": "fable-classic"} | dict.fromkeys(STRETCHES, "fable-modern")


def settings(place: Place, quick: bool) -> list[Setting]:
    """A learned table as it ends, and RoPE past its length in every way."""
    tokens = len(held_out(place.tokens, SOURCE).tokens)
    found = []
    for line, model in LINES.items():
        record = read_record(place.models / model / "training.json")
        trained = record["config"]["context_length"]
        found.append(
            {
                "line": line,
                "model": model,
                "trained_length": trained,
                "windows": 1 if quick else (tokens - 1) // (trained * FACTOR),
                "tokens_seen": record["tokens_seen"],
            }
        )
    return found


def measure(setting: Setting, place: Place) -> Measured:
    """Mean loss of `BIN` positions each, over windows that do not overlap."""
    model = load_checkpoint(place.models / setting["model"])
    line, longest = setting["line"], setting["trained_length"] * FACTOR
    tokens = torch.from_numpy(held_out(place.tokens, SOURCE).tokens.astype("int64"))
    windows = tokens.unfold(0, longest + 1, longest)[: setting["windows"]]
    if line in STRETCHES:
        loss = loss_by_position(STRETCHES[line](model, FACTOR), windows)
    else:
        loss = loss_by_position(model, windows[:, : setting["trained_length"] + 1])
    return {"nats": _binned(loss)}


def _binned(loss: Tensor) -> list[float]:
    return [round(float(mean), 4) for mean in loss.view(-1, BIN).mean(-1)]


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """A line for each way; x is the middle of its positions."""
    series = tuple(
        Series(
            setting["line"],
            "position",
            "loss, nats per token",
            tuple(BIN * (i + 0.5) for i in range(len(m["nats"]))),
            tuple(m["nats"]),
        )
        for setting, m in zip(settings, measured, strict=True)
    )
    last = ", ".join(f"{s.name} {s.y[-1]:.2f}" for s in series)
    windows, trained = settings[0]["windows"], settings[0]["trained_length"]
    return Findings(
        series,
        tokens=max(setting["tokens_seen"] for setting in settings),
        remark=f"{windows} windows; trained on {trained} positions. Last {BIN} positions: {last}.",
    )


EXPERIMENT = Experiment(
    name="position_loss",
    question="What does each way of placing positions do where the trained length ends?",
    varied="the way of placing positions",
    held_equal="the windows of text; the four ways of RoPE also the weights",
    measured=f"mean loss of every {BIN} positions, up to {FACTOR} times the trained length",
    data={"sources": [SOURCE], "split": "held_out", "factor": FACTOR, "bin": BIN},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
