"""Many heads, shared keys and values, or one head: loss, cache and speed at equal parameters."""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.heads.findings import conclude
from transformer_core.training.experiments.heads.measurement import Measurement, measure
from transformer_core.training.experiments.heads.setting import WIDE, settings
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="heads",
    question="What do many heads bring, and what does sharing their keys and values cost?",
    varied="how many query heads there are, and how many keys and values they share",
    held_equal="the number of parameters (a wider feed-forward network takes up what narrower keys "
    "and values save), text and its order; the learning rate tuned for each variant",
    measured="held-out loss of three seeds; bytes of KV cache per token; time of one new token on "
    f"one thread in a model of the same kind, {WIDE.d_model} wide with {WIDE.n_layers} "
    "layers and random weights",
    data=DATA,
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
