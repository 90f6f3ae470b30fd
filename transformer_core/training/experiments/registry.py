"""All experiments by name: one small file and one line here for each."""

from __future__ import annotations

from transformer_core.training.experiments import (
    attention_patterns,
    depth_and_norm,
    emergence,
    heads,
    induction,
    needle,
    position_loss,
    positions,
    recurrence,
    scaling_ladder,
)
from transformer_core.training.experiments.experiment import Experiment

MODULES = (
    attention_patterns,
    depth_and_norm,
    emergence,
    heads,
    induction,
    needle,
    position_loss,
    positions,
    recurrence,
    scaling_ladder,
)
EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT for module in MODULES
}
