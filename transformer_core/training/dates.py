"""Train the encoder-decoder that rewrites dates: ``python -m transformer_core.training.dates``.

With ``--out FOLDER`` for the run, which goes on where it stopped, and ``--model FOLDER`` for what
is kept of it: weights, config, what was measured on held-out dates, and a card.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.dates import (
    END,
    LONGEST,
    N_IDS,
    N_TARGET,
    PADDING,
    START,
    any_date,
    ids_of,
    is_held_out,
    written,
)
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.masks import padding_mask
from transformer_core.training.date_card import export
from transformer_core.training.export import this_machine
from transformer_core.training.loop import Run
from transformer_core.training.state import Recipe, TrainingError, settings_of

SHAPES = TransformerConfig(
    vocab_size=N_IDS,
    context_length=LONGEST,
    d_model=64,
    n_layers=2,
    n_heads=4,
    n_kv_heads=4,
    d_ff=256,
    activation="relu",
)
BATCH = 128  # dates


class DateWriter(EncoderDecoder):
    """The encoder-decoder as a run trains it: source and target in one row of ids."""

    def forward(self, ids: Tensor) -> Tensor:  # type: ignore[override]
        """[batch, LONGEST + N_TARGET] to logits [batch, N_TARGET, vocab]."""
        source, target = ids.split([LONGEST, N_TARGET], dim=1)
        lengths = (source != PADDING).sum(1)
        longest = int(lengths.max())
        return super().forward(source[:, :longest], target, padding_mask(lengths, longest))


@dataclass(eq=False)
class Dates:
    """Pairs of a written date and its ISO form, none of them held out."""

    batch_size: int
    seed: int
    context_length: int = N_TARGET

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Source and shifted target in one row; the target. The decoder is told the right past."""
        random = Random(f"{self.seed} {step}")
        days = [any_date(random) for _ in range(2 * self.batch_size)]
        days = [day for day in days if not is_held_out(day)][: self.batch_size]
        sources = [torch.tensor(ids_of(moved(written(day, random), random))) for day in days]
        targets = torch.tensor([[START, *ids_of(day.isoformat()), END] for day in days])
        source = torch.stack([F.pad(ids, (0, LONGEST - len(ids))) for ids in sources])
        return torch.cat([source, targets[:, :-1]], 1), targets[:, 1:].contiguous()


def moved(text: str, random: Random) -> str:
    """Every second text begins later, after blanks: else few would reach the last positions."""
    return " " * random.randint(0, LONGEST - len(text)) * random.randint(0, 1) + text


def date_run(recipe: Recipe, out: Path) -> Run:
    """An encoder-decoder that starts from the recipe's seed and learns to rewrite dates."""
    model = DateWriter(SHAPES)
    model.initialise(recipe.seed)
    dates = Dates(recipe.micro_batch_size, recipe.seed)
    return Run(model, dates, recipe, settings_of(SHAPES, recipe), out, compiled=False)


def main() -> None:
    """Read the command line, train and write the model down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--model", type=Path, required=True, help="folder named as the model")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    parser.add_argument("--hardware", default=this_machine(), help="what the run ran on")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    recipe = Recipe({}, options.steps * BATCH * N_TARGET, BATCH, BATCH, repeated=0.0)
    try:
        run = date_run(recipe, options.out)
        run.train()
    except TrainingError as error:
        raise SystemExit(str(error)) from error
    command = f"python -m transformer_core.training.dates --out RUN_FOLDER --model {options.model}"
    export(run, options.model, command, options.hardware)


if __name__ == "__main__":
    main()
