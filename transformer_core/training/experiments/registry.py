"""All experiments by name: one folder and one line here for each."""

from __future__ import annotations

from typing import Any

from transformer_core.training.experiments import (
    attention_patterns,
    depth_and_norm,
    emergence,
    heads,
    induction,
    needle,
    pictures,
    position_loss,
    positions,
    recurrence,
    scaling_ladder,
    stretched_rope,
    transfer,
)
from transformer_core.training.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment[Any, Any]] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (
        attention_patterns,
        depth_and_norm,
        emergence,
        heads,
        induction,
        needle,
        pictures,
        position_loss,
        positions,
        recurrence,
        scaling_ladder,
        stretched_rope,
        transfer,
    )
}
