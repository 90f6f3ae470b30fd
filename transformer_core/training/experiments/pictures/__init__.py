"""When does a Vision Transformer need more pictures than a convolutional net of its size?"""

from transformer_core.drawings import KINDS, SIZE
from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.pictures.findings import conclude
from transformer_core.training.experiments.pictures.measurement import Measurement, measure
from transformer_core.training.experiments.pictures.setting import settings
from transformer_core.training.shapes import TRAINING_SEED
from transformer_core.training.shapes_card import HELD_OUT_SEED

EXPERIMENT = Experiment(
    name="pictures",
    question="How many pictures does a Vision Transformer need, beside a convolutional net?",
    varied="the network, and how many different pictures it is trained on",
    held_equal="parameters within 3 %, steps, pictures in a step, the pictures and their order for "
    "each seed, the optimiser (AdamW); the learning rate tuned for each network on the most "
    "pictures in trainings of half the length",
    measured="share of held-out pictures named right, with the lowest and the highest seed",
    data={
        "sources": [],
        "split": "held_out",
        "drawn_by": "transformer_core/drawings.py",
        "kinds": list(KINDS),
        "pixels": SIZE,
        "training_seed": TRAINING_SEED,
        "test_seed": HELD_OUT_SEED,
    },
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
