"""Train to the step of a look, and look."""

from __future__ import annotations

from transformer_core.training.experiments.emergence.measurement import Measurement, look
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.induction.setting import Setting
from transformer_core.training.state import TrainingError
from transformer_core.training.text_run import text_run
from transformer_core.transformer import Transformer


def measure(setting: Setting, place: Place) -> Measurement:
    """Going on from where the last look was.

    Raises:
        TrainingError: the run is past that step.
    """
    out = place.work.parent / "run"  # stays until the last setting is measured
    run = text_run(setting.config, setting.recipe, place.tokens, out, compiled=False)
    run.evaluate = None
    if run.progress.step > setting.step:
        raise TrainingError(
            f"{out} is at step {run.progress.step}, past {setting.step}: delete it and start again."
        )
    run.train(until=setting.step)
    assert isinstance(run.model, Transformer)
    return look(run.model, setting, place)
