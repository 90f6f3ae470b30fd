"""Loss by position, within the trained length and at twice that length, on held-out books.

`python -m transformer_core.training.position_loss TOKENS_FOLDER MODELS_FOLDER --out FILE`
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.longer_context import STRETCHES, loss_by_position
from transformer_core.training.corpus import held_out

SOURCE = "childrens_books"
FACTOR = 2
BIN = 32  # neighbouring positions whose mean is recorded


def measure(tokens_folder: Path, models_folder: Path) -> dict[str, Any]:
    """Mean loss per `BIN` positions of fable-classic and of fable-modern, stretched and not."""
    classic = load_checkpoint(models_folder / "fable-classic")
    modern = load_checkpoint(models_folder / "fable-modern")
    trained = classic.config.context_length
    tokens = torch.from_numpy(held_out(tokens_folder, SOURCE).tokens.astype("int64"))
    windows = tokens.unfold(0, trained * FACTOR + 1, trained * FACTOR)
    losses = {"learned": loss_by_position(classic, windows[:, : trained + 1])}
    for name, stretch in STRETCHES.items():
        losses[name] = loss_by_position(stretch(modern, FACTOR), windows)
    return {
        "command": "python -m transformer_core.training.position_loss TOKENS_FOLDER MODELS_FOLDER",
        "source": SOURCE,
        "windows": len(windows),
        "trained_length": trained,
        "bin": BIN,
        "nats": {name: _binned(loss) for name, loss in losses.items()},
    }


def _binned(loss: Tensor) -> list[float]:
    return [round(float(mean), 4) for mean in loss.view(-1, BIN).mean(-1)]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tokens", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    record = measure(asked.tokens, asked.models)
    asked.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
