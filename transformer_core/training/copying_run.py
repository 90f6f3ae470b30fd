"""Train the small model in which a circuit is born: two layers that learn to copy.

``python -m transformer_core.training.copying_run TEXT_FILE --out FOLDER`` trains on one CPU thread,
on characters of a text and on made-up patterns that repeat, and writes to FOLDER the weights at
STEPS, training.json with the scores on the way, and the model card.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.characters import CHARACTERS, WITH_INK, encode
from transformer_core.checkpoints import save_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.lens.two_heads import read_twice
from transformer_core.records.json_file import write_record
from transformer_core.training.copying_card import copying_card
from transformer_core.training.documents import CorpusError, read_source
from transformer_core.training.experiments.small_transformer import with_unit_tokens
from transformer_core.training.loop import Run
from transformer_core.training.state import Recipe, settings_of
from transformer_core.transformer import Transformer

CONFIG = TransformerConfig(
    vocab_size=len(CHARACTERS),
    context_length=64,
    d_model=64,
    n_layers=2,
    n_heads=4,
    n_kv_heads=4,
    d_ff=64,
    position="rope",
    norm="rms_norm",
    bias=False,
)
RECIPE = Recipe(
    weights={},
    tokens=1200 * 32 * CONFIG.context_length,
    micro_batch_size=32,
    learning_rate=1e-2,
    weight_decay=0.0,
    repeated=0.75,
)
STEPS = (0, 50, 100, 200, 250, 300, 320, 330, 340, 350, 360, 370, 380, 400, 450, 600, 800, 1200)
LOOK_EVERY = 25
PERIOD, N_PATTERNS, N_WINDOWS = 16, 64, 64  # of what the scores are measured on
SHORTEST = 4  # of a pattern


@dataclass
class CopyingBatches:
    """Windows of a text; a share of them goes over into a pattern of random characters, repeated.

    A pattern has no character twice, and its length is drawn evenly on a logarithmic scale.
    """

    text: np.ndarray
    recipe: Recipe
    context_length: int = CONFIG.context_length
    batch_size: int = RECIPE.micro_batch_size

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs and next characters, int64 [batch_size, context_length]."""
        random = np.random.default_rng((self.recipe.seed, step))
        rows = torch.from_numpy(np.stack([self._row(random) for _ in range(self.batch_size)]))
        return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()

    def _row(self, random: np.random.Generator) -> np.ndarray:
        length = self.context_length + 1
        row = window(self.text, length, random)
        if random.random() >= self.recipe.repeated:
            return row
        period = round(np.exp(random.uniform(np.log(SHORTEST), np.log(length // 2))))
        start = int(random.integers(0, length - 2 * period + 1))
        return np.concatenate([row[:start], np.resize(pattern(period, random), length - start)])


def window(text: np.ndarray, length: int, random: np.random.Generator) -> np.ndarray:
    """So many characters from a random place."""
    start = int(random.integers(0, len(text) - length))
    return text[start : start + length]


def pattern(period: int, random: np.random.Generator) -> np.ndarray:
    """Characters with ink, none twice."""
    return random.choice(np.array(WITH_INK), period, replace=False)


@dataclass(frozen=True)
class Exam:
    """What every look asks: patterns that stand twice, and held-out text; one character a token."""

    twice: Tensor
    text: Tensor

    @classmethod
    def drawn(cls, held_out: np.ndarray) -> Exam:
        """From a seed that no batch has."""
        random = np.random.default_rng(0)
        patterns = [np.tile(pattern(PERIOD, random), 2) for _ in range(N_PATTERNS)]
        length = CONFIG.context_length + 1
        windows = [window(held_out, length, random) for _ in range(N_WINDOWS)]
        return cls(torch.from_numpy(np.stack(patterns)), torch.from_numpy(np.stack(windows)))

    @torch.inference_mode()
    def look(self, model: Transformer, step: int) -> dict[str, Any]:
        """Losses in nats per character and both scores of every head [layer][head]."""
        read = read_twice(model, self.twice)
        logits = model(self.text[:, :-1])
        return {
            "step": step,
            "first_copy": round(float(read.first_copy), 4),
            "second_copy": round(float(read.second_copy), 4),
            "text": round(float(F.cross_entropy(logits.mT, self.text[:, 1:])), 4),
            "looks_back": _rounded(read.looks_back),
            "matches": _rounded(read.matches),
        }


def _rounded(scores: Tensor) -> list[list[float]]:
    return [[round(score, 4) for score in layer] for layer in scores.tolist()]


def characters_of(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """A text's characters to train on and those held out; others than the vocabulary's left out."""
    split = read_source(path)
    texts = ("\n".join(part) for part in (split.train, split.held_out))
    kept = ("".join(c for c in text if c in CHARACTERS) for text in texts)
    train, held_out = (np.array(encode(text), dtype=np.int64) for text in kept)
    return train, held_out


def train(text: np.ndarray, exam: Exam, folder: Path, out: Path) -> dict[str, Any]:
    """The run in `folder`, its snapshots in `out`; the record of both."""
    model = Transformer(CONFIG)
    model.initialise(RECIPE.seed)
    with_unit_tokens(model, RECIPE.seed)
    batches = CopyingBatches(text, RECIPE)
    run = Run(model, batches, RECIPE, settings_of(CONFIG, RECIPE), folder, compiled=False)
    looks = []
    for step in sorted({*range(0, run.steps + 1, LOOK_EVERY), *STEPS}):
        run.train(until=step)
        looks.append(exam.look(model, step))
        if step in STEPS:
            save_checkpoint(model, out / f"step_{step:06}")
    return {
        "config": CONFIG.to_dict(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "steps": run.steps,
        "snapshots": list(STEPS),
        "tokens_seen": run.steps * RECIPE.batch_size * CONFIG.context_length,
        "repeated": RECIPE.repeated,
        "seconds": round(run.progress.seconds),
        "torch": torch.__version__.split("+")[0],
        "period": PERIOD,
        "patterns": N_PATTERNS,
        "looks": looks,
    }


def main() -> None:
    """Read the command line and train; a text that cannot be read is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text_file", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(1)
    try:
        text, held_out = characters_of(options.text_file)
    except CorpusError as error:
        parser.exit(1, f"{error}\n")
    with TemporaryDirectory() as folder:
        record = train(text, Exam.drawn(held_out), Path(folder), options.out)
    write_record(options.out / "training.json", record)
    (options.out / "README.md").write_text(copying_card(record, options.text_file.stem), "utf-8")


if __name__ == "__main__":
    main()
