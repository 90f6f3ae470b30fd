"""Overfitting in small: a Transformer of some 31,000 weights learns a few spans of text by heart.

In every run the same spans are held out; what differs is how many there are to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.transformer import Transformer

LENGTH = 32  # letters that are read to predict the next
BATCH = 8  # spans in a step
HELD_OUT = 32  # spans
STEPS, EVERY = 144, 6
LEARNING_RATE = 3e-3


@dataclass(frozen=True)
class Letters:
    """A text in spans of LENGTH + 1 letters, to learn from and held out, [span, letter]."""

    alphabet: str
    train: Tensor
    held_out: Tensor

    @classmethod
    def of(cls, text: str) -> Letters:
        """Lower case, white space as one blank; the last HELD_OUT spans are held out."""
        text = " ".join(text.lower().split())
        alphabet = "".join(sorted(set(text)))
        ids = torch.tensor([alphabet.index(letter) for letter in text])
        spans = ids[: len(ids) // (LENGTH + 1) * (LENGTH + 1)].view(-1, LENGTH + 1)
        return cls(alphabet, spans[:-HELD_OUT], spans[-HELD_OUT:])


@dataclass(frozen=True)
class Course:
    """What a run cost, in nats per letter, after each of `steps`."""

    steps: tuple[int, ...]
    train: tuple[float, ...]
    held_out: tuple[float, ...]

    @property
    def best(self) -> int:
        """The place of the lowest held-out loss: where one would stop (early stopping)."""
        return self.held_out.index(min(self.held_out))


def small_model(n_letters: int, seed: int = 1) -> Transformer:
    """One layer of four heads, d_model 48, at initialisation."""
    config = TransformerConfig(
        vocab_size=n_letters,
        context_length=LENGTH,
        d_model=48,
        n_layers=1,
        n_heads=4,
        n_kv_heads=4,
        d_ff=192,
    )
    model = Transformer(config)
    model.initialise(seed)
    return model


def mean_loss(model: Transformer, spans: Tensor) -> Tensor:
    """Mean of -ln p over all letters but the first of each span."""
    logits = model(spans[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), spans[:, 1:].flatten())


def learn_by_heart(letters: Letters, n_spans: int, seed: int = 0) -> Course:
    """STEPS steps of AdamW on the first `n_spans` spans, every epoch in a new order."""
    model = small_model(len(letters.alphabet))
    optimizer = torch.optim.AdamW(
        model.parameters(), LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.0
    )
    spans = letters.train[:n_spans]
    draw = torch.Generator().manual_seed(seed)
    order: list[Tensor] = []
    told: list[tuple[int, float, float]] = []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            with torch.inference_mode():
                now, held_out = mean_loss(model, spans), mean_loss(model, letters.held_out)
            told.append((step, now.item(), held_out.item()))
        order = order or list(torch.randperm(len(spans), generator=draw).split(BATCH))
        mean_loss(model, spans[order.pop(0)]).backward()
        optimizer.step()
        optimizer.zero_grad()
    return Course(*zip(*told, strict=True))
