"""When do abilities appear? The snapshots of one training, each measured in the same way."""

from transformer_core.training.experiments.emergence.findings import conclude
from transformer_core.training.experiments.emergence.measurement import (
    PERIOD,
    SOURCES,
    Measurement,
    measure,
)
from transformer_core.training.experiments.emergence.setting import settings
from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.measurements import PROMPT

EXPERIMENT = Experiment(
    name="emergence",
    question="When, in the course of a training, do loss, heads and text change?",
    varied="the tokens that the model has seen",
    held_equal="one run of one model, one seed; held-out windows, random tokens and prompt",
    measured="held-out loss; the strongest previous-token and induction head on random tokens that "
    "come twice; loss on their first and second coming; greedy continuation of one prompt",
    data={"sources": list(SOURCES), "split": "held_out", "prompt": PROMPT, "period": PERIOD},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
