"""Train a model: ``python -m transformer_core.training TOKENS_FOLDER --preset NAME --out FOLDER``.

Prepare the tokens first with ``python -m transformer_core.training.corpus``. Sources that
``WEIGHTS`` in this file names are drawn by these weights and others are left out; if it names none
of them, as with texts of one's own, all are drawn, by their length. The same command started again
goes on from the last saved state, at most a minute old; ``--tokens`` and ``--repeated`` may then
be others. Several GPUs:
``torchrun --nproc-per-node 4 -m transformer_core.training ...``.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from transformer_core.presets import PRESETS
from transformer_core.training.corpus import CorpusError, read_index
from transformer_core.training.state import Recipe, TrainingError
from transformer_core.training.text_run import text_run

# Simple stories weigh most: a small model learns grammar from them and breadth from the novels.
WEIGHTS = {
    "tinystories": 0.45,
    "african_storybook": 0.04,
    "childrens_books": 0.28,
    "easy_prose": 0.20,
    "tinyshakespeare": 0.03,
}


def weights_of(tokens_folder: Path) -> dict[str, float]:
    """WEIGHTS of the sources that the folder has; if it has none of these, all by their tokens."""
    sources = read_index(tokens_folder)["sources"]
    known = {source: weight for source, weight in WEIGHTS.items() if source in sources}
    return known or {source: float(parts["train"]["tokens"]) for source, parts in sources.items()}


def _options() -> argparse.Namespace:
    defaults = Recipe(weights=WEIGHTS, tokens=0)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("tokens_folder", type=Path, help="what training.corpus prepared")
    parser.add_argument("--preset", choices=sorted(PRESETS), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--tokens", type=float, default=24e6, help="length of the run")
    parser.add_argument("--batch-size", type=int, default=defaults.batch_size)
    parser.add_argument("--micro-batch-size", type=int, default=defaults.micro_batch_size)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--weight-decay", type=float, default=defaults.weight_decay)
    parser.add_argument(
        "--repeated", type=float, default=defaults.repeated, help="share of repeated passages"
    )
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="CPU threads")
    parser.add_argument("--no-compile", action="store_true", help="without torch.compile")
    parser.add_argument(
        "--snapshots", type=int, nargs="*", default=[], help="steps to keep; 0 = the start"
    )
    return parser.parse_args()


def _recipe(options: argparse.Namespace) -> Recipe:
    weights = weights_of(options.tokens_folder)
    total = sum(weights.values())
    logging.info("text: %s", ", ".join(f"{of} {w / total:.0%}" for of, w in weights.items()))
    return Recipe(
        weights=weights,
        tokens=int(options.tokens),
        batch_size=options.batch_size,
        micro_batch_size=options.micro_batch_size,
        learning_rate=options.learning_rate,
        weight_decay=options.weight_decay,
        repeated=options.repeated,
        seed=options.seed,
    )


def main() -> None:
    """Read the command line and train; a TrainingError or CorpusError is one line and status 1."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    try:
        text_run(
            PRESETS[options.preset],
            _recipe(options),
            options.tokens_folder,
            options.out,
            compiled=not options.no_compile,
            snapshots=tuple(options.snapshots),
        ).train()
    except (TrainingError, CorpusError) as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
