"""What a run is and how far it has come, and the file that holds both."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.whole_file import replacing

STATE = "state.safetensors"
OPTIMIZERS = ("muon", "adamw")


Settings = dict[str, Any]


class TrainingError(Exception):
    """A run that cannot start or go on; the text says why and what to do."""


class Diverged(TrainingError):
    """A run whose loss is no number any more."""


@dataclass(frozen=True)
class Recipe:
    """All that decides the outcome of a run, beside the model and the token files.

    `optimizer`, `warmup` and `decay` as in `training.optimizer`.
    """

    weights: dict[str, float]
    tokens: int
    batch_size: int = 32
    micro_batch_size: int = 8
    learning_rate: float = 4e-3
    weight_decay: float = 0.05
    repeated: float = 0.1
    seed: int = 1
    optimizer: str = "muon"
    warmup: float = 0.02
    decay: float = 0.4

    def steps(self, context_length: int) -> int:
        """Number of updates: tokens / (batch_size * context_length), rounded up."""
        return -(-self.tokens // (self.batch_size * context_length))

    def check(self, n_processes: int) -> None:
        """Refuse what cannot be trained: a TrainingError that names the field and its value."""
        for name in ("tokens", "batch_size", "micro_batch_size", "learning_rate"):
            if not getattr(self, name) > 0:
                raise TrainingError(f"{name} is {getattr(self, name)}; it must be above 0.")
        if not self.weight_decay >= 0:
            raise TrainingError(f"weight_decay is {self.weight_decay}; it must be at least 0.")
        for name in ("repeated", "warmup", "decay"):
            if not 0 <= getattr(self, name) <= 1:
                raise TrainingError(f"{name} is {getattr(self, name)}; it is a share, from 0 to 1.")
        if self.optimizer not in OPTIMIZERS:
            raise TrainingError(
                f"optimizer is {self.optimizer!r}; it must be one of {', '.join(OPTIMIZERS)}."
            )
        if self.batch_size % (self.micro_batch_size * n_processes):
            raise TrainingError(
                f"batch_size is {self.batch_size}; it must be a multiple of "
                f"micro_batch_size {self.micro_batch_size} times {n_processes} processes."
            )


@dataclass
class Progress:
    """How far a run has come: the step, seconds spent, and the curve so far."""

    step: int = 0
    seconds: float = 0.0
    curve: list[dict[str, float]] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """One file of a run: its settings, its progress, and tensors `model.*` and `optimizer.*`."""

    settings: Settings
    progress: Progress
    tensors: dict[str, Tensor]

    @property
    def weights(self) -> dict[str, Tensor]:
        """The model's own tensors, by their names in the model."""
        model = "model."
        return {k.removeprefix(model): v for k, v in self.tensors.items() if k.startswith(model)}


def settings_of(config: TransformerConfig, recipe: Recipe) -> Settings:
    """What a run was started with, but for its length."""
    return {"config": config.to_dict(), "recipe": asdict(replace(recipe, tokens=0))}


def fixed(settings: Settings) -> Settings:
    """What may not change between two parts of a run: all but its length and its repeated share.

    A share that is raised for a while makes copying heads form early.
    """
    return settings | {"recipe": settings.get("recipe", {}) | {"repeated": None}}


def read_state(path: Path) -> State:
    """A file that `write_state` wrote; TrainingError if it is missing or damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        progress = Progress(**json.loads(metadata["progress"]))
        return State(json.loads(metadata["settings"]), progress, load_file(path))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        raise TrainingError(
            f"{path} is damaged or no state of a run ({error}); train in another folder."
        ) from error


def write_state(path: Path, state: State) -> None:
    """Replace a file as a whole; on a TrainingError the old one is still there."""
    metadata = {
        "settings": json.dumps(state.settings, sort_keys=True),
        "progress": json.dumps(asdict(state.progress)),
    }
    tensors = {name: tensor.contiguous() for name, tensor in state.tensors.items()}
    try:
        with replacing(path) as partial:
            save_file(tensors, partial, metadata)
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"{path} could not be written ({error}). The last good state is kept; make room "
            "and start the same command again."
        ) from error
