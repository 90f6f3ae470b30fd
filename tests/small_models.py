"""Two small untrained models in the place of the shipped ones: what the app does is the same."""

from dataclasses import replace
from pathlib import Path

import pytest

import ui.models
from transformer_core.checkpoints import save_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer
from ui.known_models import SHIPPED
from ui.remembered import Remembered

CONFIGS = {
    "fable-classic": replace(PRESETS["fable-tiny"], context_length=64, n_layers=3),
    "fable-modern": replace(
        PRESETS["fable-modern"], d_model=48, n_heads=3, n_kv_heads=1, n_layers=2, d_ff=96
    ),
}


def save_small(config: TransformerConfig, folder: Path) -> None:
    model = Transformer(config)
    for parameter in model.parameters():
        parameter.data.fill_(1.0)  # norms and biases are left as they are by `initialise`
    model.initialise(seed=7)
    save_checkpoint(model, folder)


def use(monkeypatch: pytest.MonkeyPatch, folders: dict[str, Path]) -> None:
    """Let the app know only these models, none of them loaded yet."""
    for name, folder in folders.items():
        monkeypatch.setitem(SHIPPED, name, folder)
    monkeypatch.setattr(ui.models, "_loaded", {})
    monkeypatch.setattr(ui.models, "_traces", Remembered(ui.models.KEPT_TRACES))
