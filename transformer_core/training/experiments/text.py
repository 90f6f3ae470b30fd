"""The text that all small trainings of experiments learn from, and what is held out of it."""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.training.corpus import held_out
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.smaller_vocabulary import with_smaller_vocabulary

N_VOCAB = 512  # short tokens: a small model's arithmetic goes into its layers, not into its ids
SOURCES = {"easy_prose": 0.6, "childrens_books": 0.3, "tinystories": 0.1}
HELD_OUT = ("childrens_books", "easy_prose")
DATA = {
    "sources": list(SOURCES),
    "shares": SOURCES,
    "vocabulary": N_VOCAB,
    "split": "held_out",
    "held_out": list(HELD_OUT),
}


def held_out_windows(place: Place, length: int, n_windows: int) -> Tensor:
    """Windows of text that no batch holds, int64 [window, length + 1]; half of each source."""
    folder = with_smaller_vocabulary(place.tokens, N_VOCAB)
    windows = []
    for source in HELD_OUT:
        tokens = torch.from_numpy(held_out(folder, source).tokens.astype("int64"))
        windows.append(tokens.unfold(0, length + 1, length)[: n_windows // len(HELD_OUT)])
    return torch.cat(windows)
