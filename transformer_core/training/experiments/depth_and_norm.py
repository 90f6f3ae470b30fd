"""Depth against norm: pre-norm, post-norm and no skips, with and without a warm-up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.training.deep_stacks import DESIGNS, deep_stack, gradient_norms
from transformer_core.training.experiments.depth_findings import conclude
from transformer_core.training.experiments.experiment import (
    Experiment,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.stack_remark import BOTH, SAME
from transformer_core.training.experiments.stack_runs import (
    end,
    frequencies_loss,
    significant,
    train,
)
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
)
from transformer_core.transformer import Transformer

WARM_UPS = {"warm-up": 0.3, "no warm-up": 0.0}  # share of the steps
RATES: dict[int, dict[str, list[float]]] = {
    4: {
        "pre-norm": [8e-3, 1.6e-2, 3.2e-2],
        "post-norm": [2e-3, 4e-3, 8e-3],
        "no skips": [1e-3, 4e-3],
    },
    12: {
        "pre-norm": [8e-3, 1.6e-2],
        "post-norm": [5e-4, 1e-3, 2e-3],
        "no skips": [1e-3, 4e-3],
    },
    24: {"pre-norm": [8e-3, 1.6e-2], "post-norm": [2.5e-4, 5e-4], "no skips": [1e-3]},
    48: {"pre-norm": [4e-3, 8e-3], "post-norm": [5e-4], "no skips": [5e-4]},
}
QUICK_RATES = {n: {design: [3.2e-2, 6.4e-2] for design in DESIGNS} for n in (2, 3)}
SHAPE = {"d_model": 32, "n_heads": 2, "context_length": 64, "batch_size": 16, "windows": 32}
QUICK_SHAPE = {"d_model": 8, "n_heads": 2, "context_length": 16, "batch_size": 4, "windows": 4}


def settings(place: Place, quick: bool) -> list[Setting]:
    """Every design at every depth; two seeds at one depth only, where the spread is measured."""
    shape, rates = (QUICK_SHAPE, QUICK_RATES) if quick else (SHAPE, RATES)
    steps, after = (20, 10) if quick else (300, 100)
    return [
        {
            "design": design,
            "n_layers": n_layers,
            **shape,
            "tokens": steps * shape["batch_size"] * shape["context_length"],
            "decay": 0.3,
            "evaluate_every": steps // 20 if steps > 20 else 10,
            "gradients_after": after,
            "warm_ups": WARM_UPS if design in BOTH else {"warm-up": WARM_UPS["warm-up"]},
            "rates": rates[n_layers][design],
            "seeds": [1, 2] if n_layers == 12 else [1],
        }
        for n_layers in rates
        for design in DESIGNS
    ]


def make(setting: Setting, seed: int) -> Transformer:
    """A GPT-2-like stack as it starts."""
    config = TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=setting["context_length"],
        d_model=setting["d_model"],
        n_layers=setting["n_layers"],
        n_heads=setting["n_heads"],
        n_kv_heads=setting["n_heads"],
        d_ff=4 * setting["d_model"],
    )
    return deep_stack(setting["design"], config, seed)


def measure(setting: Setting, place: Place) -> Measured:
    """The best rate's runs with and without a warm-up, and without at the best rate with one.

    Every rate is tried in a whole run. A line is a run with its rate and the last losses of all
    seeds.
    """
    windows = held_out_windows(place, setting["context_length"], setting["windows"])
    lines: dict[str, Measured] = {}
    rates: dict[str, Measured] = {}
    for name, share in setting["warm_ups"].items():
        trials = Trials(
            setting | {"warmup": share},
            replace(place, work=place.work / name),
            partial(make, setting),
        )
        runs = {
            rate: train(trials, rate, setting["seeds"][0], windows) for rate in setting["rates"]
        }
        lines[name] = _line(trials, windows, runs, min(runs, key=lambda rate: end(runs[rate])))
        if name == "no warm-up":
            lines[SAME] = _line(trials, windows, runs, lines["warm-up"]["rate"])
        rates[name] = {
            f"{rate:.6f}": {"loss": run["loss"][-1], "diverged": run["diverged"]}
            for rate, run in runs.items()
        }
    return {
        "lines": lines,
        "rates": rates,
        "start": significant(gradient_norms(make(setting, setting["seeds"][0]), windows)),
        "frequencies": round(frequencies_loss(setting, place, windows), 4),
    }


def _line(trials: Trials, windows: Tensor, runs: dict[float, Measured], rate: float) -> Measured:
    others = [train(trials, rate, seed, windows) for seed in trials.setting["seeds"][1:]]
    last = [run["loss"][-1] for run in (runs[rate], *others)]
    return {"rate": rate, **runs[rate], "last": last}


EXPERIMENT = Experiment(
    name="depth_and_norm",
    question="How deep can a stack be trained with each norm, without a warm-up, without skips?",
    varied="the norm's place or no skips, the number of layers, a warm-up or none",
    held_equal="width, heads, parameters but for post-norm's missing final norm, tokens, their "
    "order, Xavier's start, AdamW, clipping at 1, the decay; each setting's one to three "
    "learning rates were tried in whole runs and the best is shown",
    measured="held-out loss; Frobenius norm of dL/dW of each layer's down projection on the same "
    "windows, at the start and after 100 steps",
    data=DATA | {"held_out_windows": SHAPE["windows"]},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
