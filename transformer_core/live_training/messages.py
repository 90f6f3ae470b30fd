"""What a training process writes, one JSON object a line, and the files that it leaves."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

import torch

from transformer_core.checkpoints import CheckpointError, save_checkpoint
from transformer_core.live_training.loop import LiveRun, Record
from transformer_core.live_training.order import Order

SYMBOLS_FILE, ORDER_FILE = "symbols.json", "order.json"


def beginning(run: LiveRun) -> dict[str, Any]:
    """What is known before the first step. `example`: the tokens whose attention is recorded."""
    order, symbols = run.order, run.task.symbols
    return {
        "kind": "beginning",
        "order": order.to_dict() | {"text": ""},
        "symbols": len(symbols),
        "uniform": run.uniform,
        "parameters": sum(parameter.numel() for parameter in run.model.parameters()),
        "example": [symbols[i] for i in run.task.example().tolist()],
    }


def described(record: Record, seconds: float) -> dict[str, Any]:
    """A record; attention weights as bytes, 255 for a weight of 1; null for what is no number."""
    weights = (record.weights.nan_to_num(0) * 255).round().to(torch.uint8)
    return {
        "kind": "record",
        "step": record.step,
        "seconds": round(seconds, 2),
        **{
            name: _number(getattr(record, name))
            for name in ("loss", "gradient", "held_out_loss", "accuracy")
        },
        "shape": list(weights.shape),
        "weights": b64encode(weights.numpy().tobytes()).decode(),
        "samples": [asdict(sample) for sample in record.samples],
    }


def _number(x: float) -> float | None:
    return float(f"{x:.5g}") if isfinite(x) else None


def ending(how: str, says: str = "") -> dict[str, Any]:
    """The last line. how: done, stopped, exploded, limit or failed."""
    return {"kind": "ending", "how": how, "says": says}


def is_ending(said: bytes) -> bool:
    """Whether a line is the last one."""
    return said.startswith(b'{"kind":"ending"')


def line(message: dict[str, Any]) -> bytes:
    """As it is written."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def write_order(order: Order, folder: Path) -> None:
    """For the process that is to train."""
    _write(folder / ORDER_FILE, order.to_dict())


def read_order(folder: Path) -> Order:
    """What `write_order` wrote."""
    return Order.from_dict(json.loads((folder / ORDER_FILE).read_text("utf-8")))


def save_model(run: LiveRun, folder: Path) -> bool:
    """Weights, configuration and vocabulary; False where the weights are no numbers.

    The order is kept beside them without the text, which is the reader's own.
    """
    _write(folder / ORDER_FILE, {**run.order.to_dict(), "text": ""})
    try:
        save_checkpoint(run.model, folder, torch.float32)
    except CheckpointError:
        return False
    _write(folder / SYMBOLS_FILE, list(run.task.symbols))
    return True


def _write(path: Path, values: Any) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
