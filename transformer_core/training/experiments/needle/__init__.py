"""How far back can a stack of each pattern recall, and how far could it at most?"""

from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.needle.findings import conclude
from transformer_core.training.experiments.needle.haystacks import (
    MOST_PAIRS,
    N_FILLERS,
    N_KEYS,
    N_VALUES,
)
from transformer_core.training.experiments.needle.measurement import (
    TEST_SEED,
    Measurement,
    measure,
)
from transformer_core.training.experiments.needle.setting import settings

EXPERIMENT = Experiment(
    name="needle",
    question="How far back does each pattern of attention recall a fact, and what is the limit?",
    varied="which earlier tokens each layer may attend to",
    held_equal="parameters and their initialisation for each seed, sequences and their order, "
    "tokens, the questions of the test; the learning rate tuned for each pattern in trainings of "
    "full length. Query-key pairs: the window's, the chunks', the dilated ones' and the blocks' "
    "within a tenth of the window's; full and 3 : 1 attend to more",
    measured="right answers to questions for a planted pair by their distance, for two seeds; "
    "whether the pair can arrive at all, from the masks alone; what one would get right who knows "
    "the values that have arrived, but not their keys",
    data={
        "sources": [],
        "split": "held_out",
        "test_seed": TEST_SEED,
        "keys": N_KEYS,
        "values": N_VALUES,
        "fillers": N_FILLERS,
        "most_pairs": MOST_PAIRS,
    },
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
