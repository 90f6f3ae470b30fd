"""Sentences with a label that costs nothing: as written (0), or with their words scrambled (1).

The first word and the full stop stay, so no capital and no stop tells. A sentence and its scrambled
form hold the same words: who only counts words is right half the time. No sentence comes in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.corpus import CorpusError, read_index

FEWEST_WORDS, MOST_WORDS = 6, 16
SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))[A-Z][A-Za-z' ]*\.(?= |$)", re.MULTILINE)


@dataclass(frozen=True)
class Labelled:
    """Sentences and their labels.

    token_ids: int64 [sentence, position], filled up behind the end; last: the position of each
    full stop; labels: 1.0 where scrambled.
    """

    texts: tuple[str, ...]
    token_ids: Tensor
    last: Tensor
    labels: Tensor


def sentences(folder: Path, source: str, split: str) -> list[str]:
    """All different ones of a source's split that have letters and one full stop only."""
    tokenizer = load_shipped()
    entry = read_index(folder)["sources"][source][split]
    text = tokenizer.decode(np.fromfile(folder / entry["file"], dtype="<u2").tolist())
    lines = text.replace("<|endoftext|>", "\n")
    found = dict.fromkeys(SENTENCE.findall(lines))
    return [each for each in found if FEWEST_WORDS <= len(each.split(" ")) <= MOST_WORDS]


def labelled(texts: Sequence[str], random: np.random.Generator) -> Labelled:
    """Every second one scrambled."""
    if not texts:
        raise CorpusError("The corpus has too few sentences for this experiment.")
    tokenizer = load_shipped()
    shown = tuple(scrambled(text, random) if i % 2 else text for i, text in enumerate(texts))
    ids = [tokenizer.encode(text) for text in shown]
    longest = max(map(len, ids))
    padded = [each + each[-1:] * (longest - len(each)) for each in ids]
    last = torch.tensor([len(each) - 1 for each in ids])
    return Labelled(shown, torch.tensor(padded), last, (torch.arange(len(ids)) % 2).float())


def scrambled(sentence: str, random: np.random.Generator) -> str:
    """All words but the first in another order; the same where no other order exists."""
    first, *rest = sentence[:-1].split(" ")
    order = rest
    while order == rest and len(set(rest)) > 1:
        order = [rest[i] for i in random.permutation(len(rest))]
    return " ".join([first, *order]) + "."
