"""All experiments by name: one small file and one line here for each."""

from __future__ import annotations

from transformer_core.training.experiments import (
    attention_patterns,
    emergence,
    needle,
    position_loss,
)
from transformer_core.training.experiments.experiment import Experiment

MODULES = (
    attention_patterns,
    emergence,
    needle,
    position_loss,
)
EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT for module in MODULES
}
