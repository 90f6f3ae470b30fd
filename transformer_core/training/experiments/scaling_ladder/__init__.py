"""How does the loss fall with parameters, tokens and compute? A ladder of sizes and budgets."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.scaling_ladder.findings import conclude
from transformer_core.training.experiments.scaling_ladder.measurement import Measurement, measure
from transformer_core.training.experiments.scaling_ladder.setting import settings
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="scaling_ladder",
    question="How does held-out loss fall with parameters, tokens and compute?",
    varied="the size (width and depth together) and the tokens trained on",
    held_equal="text, its order and split, vocabulary, context, batch, warm-up in steps, share of "
    "decay, kind of layers, d_ff = 4 d_model; the learning rate is tuned for each size, at one "
    "of its small budgets, and kept for all of them",
    measured="mean loss on held-out windows, at the end of a decay to each budget",
    data=DATA,
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
