"""What is pretraining worth to a task with few labelled examples?"""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.transfer.findings import conclude
from transformer_core.training.experiments.transfer.measurement import Measurement, measure
from transformer_core.training.experiments.transfer.sentences import FEWEST_WORDS, MOST_WORDS
from transformer_core.training.experiments.transfer.setting import SOURCE, settings

EXPERIMENT = Experiment(
    name="transfer",
    question="How many labelled examples does a pretrained model save?",
    varied="how the classifier begins and what of it is trained; the number of labelled examples",
    held_equal="for each seed, the labelled examples; for all, the test sentences, batch size and "
    "steps; the learning rate tuned for each way on sentences that no test holds",
    measured="right answers on held-out sentences: as written, or all words but the first in "
    "random order? Pretrained and fine-tuned, pretrained and frozen, from random weights, and by "
    "counts of neighbouring words; beside them, without labels, by the pretrained model's loss",
    data={"sources": [SOURCE], "split": "held_out", "words": [FEWEST_WORDS, MOST_WORDS]},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
