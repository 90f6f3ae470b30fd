"""The models at work: loaded once, shared by all visitors, traced two at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_hex
from threading import BoundedSemaphore, Lock

import torch

from transformer_core.checkpoints import CheckpointError, load_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.published.local_models import load_published, load_published_tokenizer
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.tokenizer import Tokenizer, TokenizerError
from transformer_core.transformer import Transformer, TransformerTrace
from ui.known_models import (
    ASSETS,
    REAL_MODEL,
    REAL_TITLE,
    SHIPPED,
    KnownModel,
    catalogue,
    keep_private,
)
from ui.remembered import Remembered

HEAVY_PASSES = BoundedSemaphore(2)  # as many passes at a time as the smallest host has cores
KEPT_TRACES = 150 << 20  # bytes
MOST_TOKENS = 256  # that the app runs of a text, however long a model's context is
OWN, OWN_TITLE = "own-", "Your model"
SMALL = 20_000_000  # parameters: a pass takes a few milliseconds


class ModelUnavailableError(Exception):
    """A model cannot be shown; the message is a sentence for the reader."""


@dataclass(frozen=True)
class LoadedModel:
    """A trained model with the tokenizer whose ids it reads."""

    name: str
    model: Transformer
    tokenizer: Tokenizer

    @property
    def title(self) -> str:
        """A short name for captions."""
        if self.name == REAL_MODEL:
            return REAL_TITLE
        if self.name.startswith(OWN):
            return OWN_TITLE
        return self.name.removeprefix("fable-").rsplit("/", 1)[-1]

    @property
    def config(self) -> TransformerConfig:
        """The model's shapes and choices."""
        return self.model.config

    @property
    def most_tokens(self) -> int:
        """How many tokens of a text are run."""
        return min(self.config.context_length, MOST_TOKENS)

    @property
    def n_parameters(self) -> int:
        """All numbers that were learnt, the embedding's among them."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    @property
    def is_small(self) -> bool:
        """Whether a page may run it many times, and send all of its layers, unasked."""
        return self.n_parameters <= SMALL


# In a module, not in Streamlit's caches: any visitor can empty those.
_loaded: dict[str, LoadedModel] = {}
_traces: Remembered[TransformerTrace] = Remembered(KEPT_TRACES)
_loading: defaultdict[str, Lock] = defaultdict(Lock)  # one each: small models do not wait


def load(name: str) -> LoadedModel:
    """A model of the catalogue, read from disk the first time only.

    Raises:
        ModelUnavailableError: unknown name, or weights or vocabulary missing or damaged.
    """
    with _loading[name]:
        if name not in _loaded:
            _loaded[name] = _read(name)
        return _loaded[name]


def keep_own(model: Transformer, tokenizer: Tokenizer) -> str:
    """A model that a visitor has trained: its name, by which alone it can be chosen.

    The oldest of too many is forgotten.
    """
    name = f"{OWN}{token_hex(8)}"
    known = KnownModel(name, OWN_TITLE, ASSETS / name, model.config, private=True)
    _loaded[name] = LoadedModel(name, model, tokenizer)
    for dropped in keep_private(known):
        _loaded.pop(dropped, None)
    return name


def is_loaded(name: str) -> bool:
    """Whether nobody would have to wait for it."""
    return name in _loaded


def _read(name: str) -> LoadedModel:
    known = catalogue()
    if name in known.refused:
        raise ModelUnavailableError(f"The model {name} cannot be shown. {known.refused[name]}")
    if name not in known.offered:
        names = ", ".join(known.public)
        raise ModelUnavailableError(f"There is no such model here; there are {names}.")
    torch.set_num_threads(1)
    try:
        return LoadedModel(name, *_reader(name)(known.offered[name].path))
    except (CheckpointError, TokenizerError) as error:
        raise ModelUnavailableError(f"The model {name} cannot be shown. {error}") from error


def _reader(name: str) -> Callable[[Path], tuple[Transformer, Tokenizer]]:
    return _load_shipped if name in SHIPPED else load_published


def _load_shipped(folder: Path) -> tuple[Transformer, Tokenizer]:
    return load_checkpoint(folder), load_shipped()


def vocabulary_of(name: str) -> Tokenizer:
    """A model's tokenizer alone: its weights are not read for it."""
    if name in _loaded:
        return _loaded[name].tokenizer
    return load_shipped() if name in SHIPPED else _read_vocabulary(catalogue().offered[name].path)


@cache
def _read_vocabulary(path: Path) -> Tokenizer:
    return load_published_tokenizer(path)


def trace(name: str, token_ids: tuple[int, ...]) -> TransformerTrace:
    """Every step of one forward pass; the most recent ones are kept, for all visitors."""
    wanted = (name, token_ids)
    if known := _traces.get(wanted):
        return known
    model = load(name).model
    with HEAVY_PASSES, torch.inference_mode():
        traced = model.trace(torch.tensor([token_ids]))
    _traces.keep(wanted, traced)
    return traced
