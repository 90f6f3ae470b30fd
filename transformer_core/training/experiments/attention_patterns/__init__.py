"""Seven patterns of attention, trained alike on text: what a look further back is worth."""

from transformer_core.training.experiments.attention_patterns.findings import conclude
from transformer_core.training.experiments.attention_patterns.measurement import (
    Measurement,
    measure,
)
from transformer_core.training.experiments.attention_patterns.setting import settings
from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="attention_patterns",
    question="What does a language model lose when each token attends to few others?",
    varied="which earlier tokens each layer may attend to",
    held_equal="parameters and their initialisation for each seed, text and its order, tokens; the "
    "learning rate tuned for each pattern in trainings of full length. Query-key pairs: the "
    "window's, the chunks' and the blocks' are exactly as many, the dilated ones' up to 8 % fewer; "
    "full and 3 : 1 attend to more",
    measured="mean loss on held-out windows by the tokens of context, for two seeds; pairs are "
    "counted in the masks, FLOPs as if hidden pairs were skipped (this code computes and hides "
    "them)",
    data=DATA,
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
