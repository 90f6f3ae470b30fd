"""Five ways to place positions, trained alike at one length and read at eight times that length."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.positions.findings import conclude
from transformer_core.training.experiments.positions.measurement import Measurement, measure
from transformer_core.training.experiments.positions.setting import FACTORS, FARTHEST, settings
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="positions",
    question="Which positional scheme still predicts well beyond the trained length?",
    varied="the way of placing positions; for RoPE also how it is stretched after training",
    held_equal="the sizes of blocks and embedding and their initialisation for each seed (tokens "
    "with deviation d_model^-0.5), text and its order, the windows that are read; the learning "
    "rate tuned for each scheme. A learned table has L d_model parameters more, which no other has",
    measured="mean loss of every L/4 positions up to 8 L, of three seeds; a learned table ends at "
    "L; RoPE stretched by a factor without training is read up to that factor times L",
    data=DATA | {"farthest": FARTHEST, "factors": list(FACTORS)},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
