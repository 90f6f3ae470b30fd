"""SmolLM2 reads past its trained length, with plain RoPE and three ways of stretching it."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.stretched_rope.findings import conclude
from transformer_core.training.experiments.stretched_rope.measurement import Measurement, measure
from transformer_core.training.experiments.stretched_rope.setting import (
    BIN,
    FACTOR,
    SOURCE,
    settings,
)

EXPERIMENT = Experiment(
    name="stretched_rope",
    question="What becomes of SmolLM2 beyond its trained length, and which stretch of RoPE helps?",
    varied="the way of placing positions",
    held_equal="the weights and the book, read from its beginning",
    measured=f"mean loss of every {BIN} positions, beyond the trained length too",
    data={"sources": [SOURCE], "split": "held_out", "factor": FACTOR, "bin": BIN},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
