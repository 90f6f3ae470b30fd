"""The probe sentences: fixed ones, in which a neuron's strongest moments are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ui.models import HEAVY_PASSES, LoadedModel

SENTENCES = Path(__file__).parents[3] / "assets" / "probe_sentences.txt"
MOST_PROBED = 4  # models whose answers are kept


@dataclass(frozen=True)
class _Probes:
    ids: tuple[tuple[int, ...], ...]
    pieces: list[list[str]]


@lru_cache(maxsize=8)
def _probes(loaded: LoadedModel) -> _Probes:
    limit = min(loaded.config.context_length, 32)
    lines = SENTENCES.read_text("utf-8").splitlines()
    ids = tuple(tuple(loaded.tokenizer.encode(line)[:limit]) for line in lines)
    return _Probes(ids, [loaded.tokenizer.pieces(list(each)) for each in ids])


def probe_pieces(loaded: LoadedModel) -> list[list[str]]:
    """The fixed sentences in which a neuron's strongest moments are looked for, as tokens."""
    return _probes(loaded).pieces


_fired: dict[LoadedModel, Tensor] = {}
_probing = Lock()


def is_probed(loaded: LoadedModel) -> bool:
    """Whether the probe sentences have been run already, for this visitor or another."""
    return loaded in _fired


def probe_activations(loaded: LoadedModel) -> Tensor:
    """All neurons over all tokens of the probe sentences, one after the other.

    16-bit floats [layer, token, d_ff]; one pass, the sentences filled up on the right, where a
    causal mask hides the filling from them. Layer by layer, so that others get their turn.
    """
    with _probing:
        if loaded not in _fired:
            if len(_fired) >= MOST_PROBED:
                _fired.pop(next(iter(_fired)))
            _fired[loaded] = _probe(loaded)
        return _fired[loaded]


def _probe(loaded: LoadedModel) -> Tensor:
    ids = _probes(loaded).ids
    longest = max(map(len, ids))
    rows = torch.stack([F.pad(torch.tensor(each), (0, longest - len(each))) for each in ids])
    real = torch.tensor(np.arange(longest) < np.array([[len(each)] for each in ids]))
    fired = []
    with torch.inference_mode():
        x = loaded.model.embed(rows)
        for block in loaded.model.blocks:
            with HEAVY_PASSES:
                steps = block.trace(x)
            fired.append(steps.feed_forward.hidden[real].half())
            x = steps.resid_post
    return torch.stack(fired)
