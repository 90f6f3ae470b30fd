"""Measure how well a model predicts a plain text that it has not read.

``python -m transformer_core.training.unseen_text assets/unseen_text.txt`` writes unseen_text.json
for every model that comes with the app, and the cards of the Fable models anew. The text was
written for this project, after all of them had been trained.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from transformer_core.checkpoints import WEIGHTS_FILE, CheckpointError, load_checkpoint
from transformer_core.downloads import find_packaged
from transformer_core.published.local_models import load_published
from transformer_core.records.json_file import RecordError, read_record, write_record
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.tokenizer import Tokenizer, TokenizerError
from transformer_core.training.card import model_card
from transformer_core.transformer import Transformer

RECORD = "unseen_text.json"
FABLE = ("fable-classic", "fable-modern", "fable-tiny")
OF_THE_CARD = ("training.json", "head_roles.json")
PACKAGED = "smollm2"
WINDOW = 256  # tokens, as many as the app runs of a text


@dataclass(frozen=True)
class TextLoss:
    """Loss on one text: nats per token, their standard error, and of how many tokens and bytes."""

    nats_per_token: float
    standard_error: float
    tokens: int
    bytes: int

    @property
    def perplexity(self) -> float:
        """e to the loss: of so many equally probable tokens a choice is as uncertain."""
        return exp(self.nats_per_token)

    @property
    def bits_per_byte(self) -> float:
        """The same loss in a unit that does not depend on the vocabulary."""
        return self.nats_per_token / log(2) * self.tokens / self.bytes


@torch.inference_mode()
def text_loss(model: Transformer, token_ids: Sequence[int], n_bytes: int) -> TextLoss:
    """Mean of −ln p(next token) over a text, in windows that do not overlap.

    Args:
        model: in float32.
        token_ids: of the whole text, at least three; the first one is not predicted.
        n_bytes: of the text in UTF-8.
    """
    ids, size = torch.tensor(token_ids), min(WINDOW, model.config.context_length)
    losses = torch.cat(
        [
            F.cross_entropy(
                model(ids[None, start : start + size])[0, : len(ids) - start - 1],
                ids[start + 1 : start + size + 1],
                reduction="none",
            )
            for start in range(0, len(ids) - 1, size)
        ]
    )
    error = losses.std() / len(losses) ** 0.5
    return TextLoss(losses.mean().item(), error.item(), len(losses), n_bytes)


def unseen_text_record(
    weights: Path, model: Transformer, tokenizer: Tokenizer, text_file: Path
) -> dict[str, Any]:
    """The loss on a text file, with the hashes of weights and text: it holds for these alone."""
    text = text_file.read_bytes()
    loss = text_loss(model, tokenizer.encode(text.decode()), len(text))
    return {
        "command": f"python -m transformer_core.training.unseen_text {text_file}",
        "weights": weights.name,
        "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "text": text_file.name,
        "text_sha256": hashlib.sha256(text).hexdigest(),
        "words": len(text.split()),
        "bytes": loss.bytes,
        "tokens": loss.tokens,
        "window": WINDOW,
        "nats_per_token": round(loss.nats_per_token, 3),
        "standard_error": round(loss.standard_error, 3),
        "perplexity": round(loss.perplexity, 1),
        "bits_per_byte": round(loss.bits_per_byte, 3),
    }


def main() -> None:
    """Measure all; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text_file", type=Path, help="a text that no model has read")
    parser.add_argument("--models", type=Path, default=Path("assets/models"))
    options = parser.parse_args()
    try:
        for name in FABLE:
            folder = options.models / name
            model = load_checkpoint(folder)
            made = unseen_text_record(
                folder / WEIGHTS_FILE, model, load_shipped(), options.text_file
            )
            write_record(folder / RECORD, made)
            training, roles = (read_record(folder / each) for each in OF_THE_CARD)
            card = model_card(name, training, roles, made)
            (folder / "README.md").write_text(card, encoding="utf-8")
        if path := find_packaged():
            made = unseen_text_record(path, *load_published(path), options.text_file)
            write_record(options.models / PACKAGED / RECORD, made)
    except (CheckpointError, TokenizerError, RecordError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
