"""Train the model that tells hidden words: ``python -m transformer_core.training.masked_words``.

``TOKENS_FOLDER --out FOLDER --model FOLDER``: what training.corpus prepared; the run, which goes on
where it stopped; what is kept of it: weights, config, what was measured on held-out text, and a
card.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.masked_words import MaskedModel
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.corpus import CorpusError, Mixture
from transformer_core.training.export import this_machine
from transformer_core.training.loop import Run
from transformer_core.training.masked_card import export
from transformer_core.training.state import Recipe, TrainingError, settings_of

SHAPES = TransformerConfig(
    vocab_size=load_shipped().n_vocab + 1,  # and the mask token
    context_length=64,
    d_model=128,
    n_layers=4,
    n_heads=4,
    n_kv_heads=4,
    d_ff=512,
    position="rope",
)
WEIGHTS = {"tinystories": 0.6, "african_storybook": 0.1, "childrens_books": 0.2, "easy_prose": 0.1}
HIDDEN = 0.3  # share of the tokens
BATCH, MICRO_BATCH = 64, 64  # passages
NOT_ASKED = -100


@dataclass(eq=False)
class HiddenWords:
    """Passages of a mixture with some tokens hidden, which are the targets."""

    passages: Mixture
    mask_token: int

    def __post_init__(self) -> None:
        self.context_length = self.passages.context_length
        self.batch_size = self.passages.batch_size

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Ids with the mask token at hidden places; the hidden ids, `NOT_ASKED` elsewhere."""
        ids, _ = self.passages.batch(step)
        random = torch.Generator().manual_seed(1_000_003 * self.passages.seed + step)
        hidden = torch.rand(ids.shape, generator=random) < HIDDEN
        return ids.masked_fill(hidden, self.mask_token), ids.masked_fill(~hidden, NOT_ASKED)


def masked_run(recipe: Recipe, tokens_folder: Path, out: Path, compiled: bool = True) -> Run:
    """A model that starts from the recipe's seed and learns to tell hidden tokens."""
    model = MaskedModel(SHAPES)
    model.initialise(recipe.seed)
    passages = Mixture(
        tokens_folder,
        recipe.weights,
        SHAPES.context_length,
        recipe.micro_batch_size,
        recipe.seed,
        recipe.repeated,
    )
    hidden = HiddenWords(passages, model.mask_token)
    return Run(model, hidden, recipe, settings_of(SHAPES, recipe), out, compiled=compiled)


def main() -> None:
    """Read the command line, train and write the model down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tokens_folder", type=Path, help="what training.corpus prepared")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--model", type=Path, required=True, help="folder named as the model")
    parser.add_argument("--steps", type=int, default=4500)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    parser.add_argument("--hardware", default=this_machine(), help="what the run ran on")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    tokens = options.steps * BATCH * SHAPES.context_length
    recipe = Recipe(WEIGHTS, tokens, BATCH, MICRO_BATCH, repeated=0.0)
    try:
        run = masked_run(recipe, options.tokens_folder, options.out)
        run.train()
    except (TrainingError, CorpusError) as error:
        raise SystemExit(str(error)) from error
    command = (
        "python -m transformer_core.training.masked_words TOKENS_FOLDER --out RUN_FOLDER "
        f"--model assets/models/{options.model.name}"
    )
    export(run, options.tokens_folder, options.model, command, options.hardware)


if __name__ == "__main__":
    main()
