"""The training of a shipped model: a Transformer that learns a mixture of text."""

from __future__ import annotations

from pathlib import Path

from transformer_core.config import TransformerConfig
from transformer_core.training.corpus import Mixture
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.loop import Run
from transformer_core.training.state import Recipe, settings_of
from transformer_core.transformer import Transformer


def text_run(
    config: TransformerConfig,
    recipe: Recipe,
    tokens_folder: Path,
    out: Path,
    compiled: bool = True,
    snapshots: tuple[int, ...] = (),
) -> Run:
    """A Transformer that starts from the recipe's seed and learns the recipe's mixture of text."""
    model = Transformer(config)
    model.initialise(recipe.seed)

    def evaluate() -> dict[str, float]:
        return {
            source: held_out_loss(model, tokens_folder, source, 8192).nats_per_token
            for source in recipe.weights
        }

    return Run(
        model,
        Mixture(
            tokens_folder,
            recipe.weights,
            config.context_length,
            recipe.micro_batch_size,
            recipe.seed,
            recipe.repeated,
        ),
        recipe,
        settings_of(config, recipe),
        out,
        evaluate=evaluate,
        compiled=compiled,
        snapshots=snapshots,
    )
