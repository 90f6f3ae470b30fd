"""Runs of deep stacks: their losses, their gradients on the way, where they diverged."""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.deep_stacks import gradient_norms
from transformer_core.training.experiments.experiment import Measured, Place, Setting
from transformer_core.training.experiments.trainings import N_VOCAB, Trials, text_batches
from transformer_core.training.state import Diverged, read_state
from transformer_core.transformer import Transformer

HELD_OUT = "held_out.text"


def end(run: Measured) -> float:
    """Held-out loss at the end; inf where the run diverged."""
    return float(run["loss"][-1]) if run["diverged"] is None else inf


def train(trials: Trials, rate: float, seed: int, windows: Tensor) -> Measured:
    """One run: its held-out loss now and then, later gradients, and at which step it diverged."""
    at_start = loss_by_position(trials.make(seed), windows).mean()
    run = trials.start(rate, seed)
    run.evaluate = lambda: {"text": float(loss_by_position(run.model, windows).mean())}
    run.snapshots = {trials.setting["gradients_after"]}
    diverged = None
    try:
        run.train(evaluate_every=trials.setting["evaluate_every"])
    except Diverged:
        diverged = run.progress.step
    curve = {0: round(float(at_start), 4)}
    curve |= {int(p["step"]): p[HELD_OUT] for p in run.progress.curve if HELD_OUT in p}
    curve = {step: loss for step, loss in curve.items() if isfinite(loss)}
    return {
        "steps": list(curve),
        "loss": list(curve.values()),
        "diverged": diverged,
        "after": later_gradients(
            run.out, trials.make(seed), trials.setting["gradients_after"], windows
        ),
    }


def later_gradients(out: Path, model: torch.nn.Module, step: int, windows: Tensor) -> list[float]:
    """Gradient norms of the weights kept after a step; none of a run that did not come so far."""
    kept = out / f"step_{step:06}.safetensors"
    if not kept.exists():
        return []
    model.load_state_dict(read_state(kept).weights)
    assert isinstance(model, Transformer)
    return significant(gradient_norms(model, windows))


def significant(norms: list[float]) -> list[float]:
    """Four significant digits, as gradients span many powers of ten; none if one is no number."""
    return [float(f"{norm:.4g}") for norm in norms] if all(map(isfinite, norms)) else []


def frequencies_loss(setting: Setting, place: Place, windows: Tensor) -> float:
    """Loss of a model that knows only how often each token came in a run's batches, plus once."""
    batches = text_batches(setting, place, setting["seeds"][0])
    steps = setting["tokens"] // (setting["batch_size"] * setting["context_length"])
    seen = torch.cat([batches.batch(step)[1].flatten() for step in range(steps)])
    counts = torch.bincount(seen, minlength=N_VOCAB).float() + 1
    targets = windows[:, 1:].flatten()
    return float(F.nll_loss((counts / counts.sum()).log().expand(len(targets), -1), targets))
