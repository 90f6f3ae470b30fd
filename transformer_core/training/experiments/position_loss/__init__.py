"""Loss by position, within the trained length and at twice that length, on held-out books."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.position_loss.findings import conclude
from transformer_core.training.experiments.position_loss.measurement import (
    BIN,
    Measurement,
    measure,
)
from transformer_core.training.experiments.position_loss.setting import FACTOR, SOURCE, settings

EXPERIMENT = Experiment(
    name="position_loss",
    question="What becomes of the loss beyond the trained length under each positional scheme?",
    varied="the way of placing positions",
    held_equal="the windows of text; the four ways of RoPE also the weights",
    measured=f"mean loss of every {BIN} positions, up to {FACTOR} times the trained length",
    data={"sources": [SOURCE], "split": "held_out", "factor": FACTOR, "bin": BIN},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
