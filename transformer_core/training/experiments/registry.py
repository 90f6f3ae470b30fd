"""All experiments by name: one small file and one line here for each."""

from __future__ import annotations

from transformer_core.training.experiments import emergence, position_loss, scaling_ladder
from transformer_core.training.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (emergence, position_loss, scaling_ladder)
}
