"""Train the Vision Transformer that names shapes: ``python -m transformer_core.training.shapes``.

With ``--out FOLDER`` for the run, which goes on where it stopped, and ``--model FOLDER`` for what
is kept of it: weights, config, what was measured on held-out drawings, and a card.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core.drawings import CHANNELS, KINDS, SIZE, drawings
from transformer_core.training.export import this_machine
from transformer_core.training.loop import Run
from transformer_core.training.shapes_card import export
from transformer_core.training.state import Recipe, TrainingError
from transformer_core.vision import VisionConfig, VisionTransformer

SHAPES = VisionConfig(
    picture_size=SIZE,
    patch_size=4,
    n_channels=CHANNELS,
    n_classes=len(KINDS),
    d_model=64,
    n_layers=3,
    n_heads=4,
    d_ff=128,
)
BATCH = 64  # pictures
TRAINING_SEED = 1  # of the drawings; held-out ones have another


@dataclass(eq=False)
class Drawings:
    """Batches of `n_pictures` drawings, each drawn from all of them."""

    n_pictures: int
    batch_size: int
    seed: int
    context_length: int = field(default=1, init=False)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Pictures [batch_size, H, W, C] from 0 to 1, and their kinds [batch_size]."""
        pictures, kinds = all_drawings(self.n_pictures)
        random = torch.Generator().manual_seed(1_000_003 * self.seed + step)
        chosen = torch.randint(self.n_pictures, (self.batch_size,), generator=random)
        return pictures[chosen] / 255, kinds[chosen]


@cache
def all_drawings(n: int) -> tuple[Tensor, Tensor]:
    """What is trained on, drawn once."""
    return drawings(n, TRAINING_SEED)


def shapes_run(recipe: Recipe, n_pictures: int, out: Path) -> Run:
    """A Vision Transformer that starts from the recipe's seed and learns to name shapes."""
    model = VisionTransformer(SHAPES)
    model.initialise(recipe.seed)
    seen = Drawings(n_pictures, recipe.micro_batch_size, recipe.seed)
    settings: dict[str, Any] = {
        "config": SHAPES.to_dict(),
        "recipe": asdict(replace(recipe, tokens=0)),
        "pictures": n_pictures,
    }
    return Run(model, seen, recipe, settings, out, compiled=False)


def main() -> None:
    """Read the command line, train and write the model down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--model", type=Path, required=True, help="folder named as the model")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--pictures", type=int, default=60_000)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    parser.add_argument("--hardware", default=this_machine(), help="what the run ran on")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    recipe = Recipe({}, options.steps * BATCH, BATCH, BATCH, repeated=0.0)
    try:
        run = shapes_run(recipe, options.pictures, options.out)
        run.train()
    except TrainingError as error:
        raise SystemExit(str(error)) from error
    kept = f"assets/models/{options.model.name}"
    command = f"python -m transformer_core.training.shapes --out RUN_FOLDER --model {kept}"
    export(run, options.model, all_drawings(options.pictures), command, options.hardware)


if __name__ == "__main__":
    main()
