"""A Transformer, an LSTM and a linear recurrence: loss by position, time of a step, gradient."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.recurrence.findings import conclude
from transformer_core.training.experiments.recurrence.measurement import Timed, Trained, measure
from transformer_core.training.experiments.recurrence.setting import CONTEXT, LONGEST, settings
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="recurrence",
    question="What does attention gain over reading one token after the other?",
    varied="what carries information from token to token: attention with RoPE, a gated linear "
    "recurrence in its place, or an LSTM of one layer",
    held_equal="parameters within 2 %, counted in the settings without the embedding, which has "
    "the same shape in all and unembeds too; token vectors of length 1 on average at "
    "initialisation; text and its order; the optimiser; the learning rate tuned for each model in "
    "trainings of full length",
    measured="held-out loss by position, up to twice the trained length, with the lowest and the "
    "highest seed; norm of the gradient of the last loss at the embedding k steps back, mean over "
    "windows; forward and backward of one window in float32 on one thread, median of repeats",
    data=DATA | {"context": CONTEXT, "evaluated": LONGEST},
    settings=settings,
    measure=measure,
    measurement=Trained | Timed,
    conclude=conclude,
)
