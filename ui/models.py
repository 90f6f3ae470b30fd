"""The models that the app knows: loaded once, shared by all visitors, traced one at a time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock

import torch

from transformer_core.checkpoints import CheckpointError, load_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.downloads import find_cached
from transformer_core.hugging_face import load_hugging_face
from transformer_core.hugging_face_tokenizer import load_hugging_face_tokenizer
from transformer_core.tokenizer import Tokenizer, TokenizerError, load_shipped
from transformer_core.transformer import Transformer, TransformerTrace

ASSETS = Path(__file__).parents[1] / "assets" / "models"
MODELS: dict[str, Path] = {name: ASSETS / name for name in ("fable-classic", "fable-modern")}

KEPT_TRACES = 24  # of 32 tokens about 3 MB each, of 256 tokens about 40 MB
HEAVY_PASSES = BoundedSemaphore(2)  # as many passes at a time as the smallest host has cores

# In a module, not in Streamlit's caches: any visitor can empty those.
_loaded: dict[str, LoadedModel] = {}
_traces: OrderedDict[tuple[str, tuple[int, ...]], TransformerTrace] = OrderedDict()
_loading = Lock()
_tracing = Lock()


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
        return self.name.removeprefix("fable-")

    @property
    def config(self) -> TransformerConfig:
        """The model's shapes and choices."""
        return self.model.config


def load(name: str) -> LoadedModel:
    """A model of `known_models`, read from disk the first time only.

    Raises:
        ModelUnavailableError: unknown name, or weights or vocabulary missing or damaged.
    """
    with _loading:
        if name not in _loaded:
            _loaded[name] = _read(name)
        return _loaded[name]


def known_models() -> dict[str, Path]:
    """The shipped models, and those that Hugging Face's cache on this machine holds."""
    return MODELS | dict(find_cached())


def _read(name: str) -> LoadedModel:
    folders = known_models()
    if name not in folders:
        raise ModelUnavailableError(f"There is no such model here; there are {', '.join(folders)}.")
    torch.set_num_threads(1)
    folder = folders[name]
    try:
        if name in MODELS:
            return LoadedModel(name, load_checkpoint(folder), load_shipped())
        return LoadedModel(name, load_hugging_face(folder), load_hugging_face_tokenizer(folder))
    except (CheckpointError, TokenizerError) as error:
        raise ModelUnavailableError(f"The model {name} cannot be shown. {error}") from error


def trace(name: str, token_ids: tuple[int, ...]) -> TransformerTrace:
    """Every step of one forward pass; the most recent ones are kept, for all visitors."""
    wanted = (name, token_ids)
    with _tracing:
        if wanted in _traces:
            _traces.move_to_end(wanted)
            return _traces[wanted]
    model = load(name).model
    with HEAVY_PASSES, torch.inference_mode():
        traced = model.trace(torch.tensor([token_ids]))
    with _tracing:
        _traces[wanted] = traced
        while len(_traces) > KEPT_TRACES:
            _traces.popitem(last=False)
    return traced
