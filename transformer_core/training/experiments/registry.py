"""All experiments by name: one small file and one line here for each."""

from __future__ import annotations

from transformer_core.training.experiments import depth_and_norm, emergence, position_loss
from transformer_core.training.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (depth_and_norm, emergence, position_loss)
}
