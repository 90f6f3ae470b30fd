"""The reader's sentence and its scrambled twin: which one costs the reader's model less?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F

from transformer_core.turns import Stopwatch, sliced_pass
from ui.models import HEAVY_PASSES, load

FEWEST, MOST = 4, 16  # words


@dataclass(frozen=True)
class Twins:
    """The scrambled text, and what both cost a token, in nats."""

    scrambled: str
    written_loss: float
    scrambled_loss: float


def scramble(text: str) -> str:
    """After the first word every second one, then the others; "" where that changes nothing."""
    words = text.split()[:MOST]
    first, rest = words[:1], words[1:]
    order = rest[1::2] + rest[::2]
    return " ".join(first + order) if len(words) >= FEWEST and order != rest else ""


@lru_cache(maxsize=32)
def twins(name: str, text: str) -> Twins | None:
    """Of the first words of a text; None where they are too few."""
    scrambled = scramble(text)
    if not scrambled:
        return None
    written = " ".join(text.split()[:MOST])
    return Twins(scrambled, mean_loss(name, written), mean_loss(name, scrambled))


def mean_loss(name: str, text: str) -> float:
    """Mean of -ln p over all tokens but the first, read in turns with other visitors."""
    loaded = load(name)
    ids = loaded.tokenizer.encode(text)[: loaded.most_tokens]
    logits = sliced_pass(loaded.model, ids, Stopwatch(lambda: HEAVY_PASSES), n_last=len(ids))
    return F.cross_entropy(logits[:-1].float(), torch.tensor(ids[1:])).item()
