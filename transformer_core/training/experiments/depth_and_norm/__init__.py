"""Depth against norm: pre-norm, post-norm and no skips, with and without a warm-up."""

from transformer_core.training.experiments.depth_and_norm.findings import conclude
from transformer_core.training.experiments.depth_and_norm.measurement import Measurement, measure
from transformer_core.training.experiments.depth_and_norm.setting import WINDOWS, settings
from transformer_core.training.experiments.experiment import Experiment
from transformer_core.training.experiments.text import DATA

EXPERIMENT = Experiment(
    name="depth_and_norm",
    question="How deep can a stack be trained with each norm, without a warm-up, without skips?",
    varied="the norm's place or no skips, the number of layers, a warm-up or none",
    held_equal="width, heads, parameters but for post-norm's missing final norm, tokens, their "
    "order, Xavier initialisation, AdamW, clipping at 1, the decay; each setting's one to three "
    "learning rates were tried in whole runs and the best is shown",
    measured="held-out loss; Frobenius norm of dL/dW of each layer's down projection on the same "
    "windows, at initialisation and after 100 steps",
    data=DATA | {"held_out_windows": WINDOWS},
    settings=settings,
    measure=measure,
    measurement=Measurement,
    conclude=conclude,
)
