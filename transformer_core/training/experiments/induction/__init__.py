"""When does a model learn to copy? A run of its own, short enough to repeat, that comes so far."""

from transformer_core.training.experiments.emergence.findings import conclude
from transformer_core.training.experiments.emergence.measurement import (
    PERIOD,
    SOURCES,
    Measurement,
)
from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.induction.measurement import measure
from transformer_core.training.experiments.induction.setting import SHARES, settings
from transformer_core.training.measurements import PROMPT

EXPERIMENT = Experiment(
    name="induction",
    question="When does a model learn to copy what it has read before?",
    varied="the tokens that the model has seen",
    held_equal="one run of one model, one seed; half of its windows repeat a passage of text or of "
    "random tokens; held-out windows, random tokens and prompt of every snapshot",
    measured="held-out loss; the strongest previous-token and induction head on random tokens that "
    "come twice; loss on their first and second coming; greedy continuation of one prompt",
    data={
        "sources": list(SHARES),
        "shares": SHARES,
        "split": "held_out",
        "held_out": list(SOURCES),
        "prompt": PROMPT,
        "period": PERIOD,
    },
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
