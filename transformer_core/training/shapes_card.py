"""What is kept of a shape reader's training: weights, measurements on held-out drawings, a card."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from transformer_core.checkpoints import load_vision_transformer, save_checkpoint
from transformer_core.drawings import CHANNELS, KINDS, SIZE, drawings
from transformer_core.records.json_file import write_record
from transformer_core.training.loop import Run
from transformer_core.vision import VisionTransformer

N_MEASURED = 4_000
HELD_OUT_SEED = 0  # no training has it


def export(
    run: Run, out: Path, learnt_from: tuple[Tensor, Tensor], command: str, hardware: str
) -> None:
    """Write a run's model in float16, and what is measured on exactly these weights.

    `learnt_from`: the pictures of the training and their kinds.
    """
    save_checkpoint(cast(VisionTransformer, run.model), out)
    model = load_vision_transformer(out)
    record: dict[str, Any] = {
        "command": command,
        "hardware": hardware,
        "torch": torch.__version__.split("+")[0],
        "config": model.config.to_dict(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "pictures": len(learnt_from[0]),
        "steps": run.progress.step,
        "batch_size": run.recipe.batch_size,
        "learning_rate": run.recipe.learning_rate,
        "seed": run.recipe.seed,
        "seconds": round(run.progress.seconds),
        "curve": [point for point in run.progress.curve if point["step"] % 50 == 0],
        "held_out": measured(model, *drawings(N_MEASURED, HELD_OUT_SEED)),
        "learnt_from": measured(model, *(each[:N_MEASURED] for each in learnt_from))["all"],
    }
    write_record(out / "training.json", record)
    (out / "README.md").write_text(card(out.name, record), "utf-8")


def measured(model: nn.Module, pictures: Tensor, kinds: Tensor) -> dict[str, dict[str, int]]:
    """How many drawings are named right, in all and of each kind."""
    right = answers(model, pictures) == kinds
    counts = {"all": {"pictures": len(right), "right": int(right.sum())}}
    for i, kind in enumerate(KINDS):
        of_kind = right[kinds == i]
        counts[kind] = {"pictures": len(of_kind), "right": int(of_kind.sum())}
    return counts


@torch.inference_mode()
def answers(model: nn.Module, pictures: Tensor) -> Tensor:
    """The most probable kind of each picture, int64 [n]."""
    return torch.cat([model(some / 255).argmax(-1) for some in pictures.split(250)])


def card(name: str, record: dict[str, Any]) -> str:
    """README.md of the model."""
    return (
        "\n\n".join((_opening(name, record), _training(record), _held_out(record), _limits()))
        + "\n"
    )


def _opening(name: str, record: dict[str, Any]) -> str:
    shapes = "\n".join(f"| {field} | {value} |" for field, value in record["config"].items())
    return (
        f"# {name}\n\n"
        f"A Vision Transformer of {record['parameters'] / 1e6:.2f} million parameters that names "
        f"drawn shapes on pictures of {SIZE} × {SIZE} pixels in {CHANNELS} colours. It was trained "
        "from scratch for this project, so that a reader can draw a shape and watch attention over "
        "its patches. Written by `python -m transformer_core.training.shapes`; every number below "
        "is measured on the weights as they are stored (16-bit).\n\n"
        "## Architecture\n\n`transformer_core/vision.py`, after Dosovitskiy et al. 2021 (arXiv "
        f"2010.11929).\n\n| field | value |\n|---|---|\n{shapes}"
    )


def _training(record: dict[str, Any]) -> str:
    return (
        "## Data and training\n\n"
        f"The pictures are drawn by `transformer_core/drawings.py`: {', '.join(KINDS)}, turned, "
        "stretched, moved and shaken, as a line or filled, in random colours with some noise. No "
        "picture of anybody's was used.\n\n"
        f"{record['pictures']:,} pictures; {record['steps']:,} steps of {record['batch_size']}, "
        f"drawn with replacement; {record['seconds'] / 60:.0f} minutes on {record['hardware']}; "
        f"torch {record['torch']}. Muon for the matrices of the blocks, AdamW for the rest, peak "
        f"learning rate {record['learning_rate']:g}, linear warm-up over 2 % of the run, then "
        f"flat, then linear decay over the last 40 %.\n\n```\n{record['command']}\n```"
    )


def _held_out(record: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| {kind} | {n['pictures']:,} | {n['right']:,} | {n['right'] / n['pictures']:.1%} |"
        for kind, n in record["held_out"].items()
    )
    known = record["learnt_from"]
    return (
        f"## Held-out drawings\n\n| shape | pictures | right | |\n|---|---|---|---|\n{rows}\n\n"
        f"Of {known['pictures']:,} pictures of the training it names "
        f"{known['right'] / known['pictures']:.1%} right: it has learnt some of them by heart."
    )


def _limits() -> str:
    return (
        "## Limits and licence\n\nIt knows these shapes only, and one at a time. To any other "
        "picture it still gives one of their names, often with a high probability. The weights are "
        "under this repository's licence."
    )
