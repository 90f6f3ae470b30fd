"""Runs of deep stacks: their losses, their gradients on the way, where they diverged."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.depth_and_norm.deep_stacks import gradient_norms
from transformer_core.training.experiments.depth_and_norm.setting import Setting
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.text import N_VOCAB
from transformer_core.training.experiments.trials import Trainings, text_batches
from transformer_core.training.state import Diverged, read_state
from transformer_core.transformer import Transformer

HELD_OUT = "held_out.text"


@dataclass(frozen=True)
class Curve:
    """One run: its held-out loss at these steps, its later gradients by layer, where it diverged.

    `after` is empty for a run that did not come so far; `diverged` None for one that ended well.
    """

    steps: tuple[int, ...]
    loss: tuple[float, ...]
    diverged: int | None
    after: tuple[float, ...]

    @property
    def end(self) -> float:
        """Held-out loss at the end; inf where the run diverged."""
        return self.loss[-1] if self.diverged is None else inf


@dataclass(frozen=True)
class StackTrainings(Trainings):
    """Trainings of one design at one depth, looked at on their way."""

    course: Setting

    def train(self, rate: float, seed: int, windows: Tensor) -> Curve:
        """One run, to its end or to where it diverges."""
        at_start = loss_by_position(self.make(seed), windows).mean()
        run = self.start(rate, seed)
        run.evaluate = lambda: {"text": float(loss_by_position(run.model, windows).mean())}
        run.snapshots = (self.course.gradients_after,)
        diverged = None
        try:
            run.train(evaluate_every=self.course.evaluate_every)
        except Diverged:
            diverged = run.progress.step
        curve = {0: round(float(at_start), 4)}
        curve |= {int(p["step"]): p[HELD_OUT] for p in run.progress.curve if HELD_OUT in p}
        curve = {step: loss for step, loss in curve.items() if isfinite(loss)}
        after = later_gradients(run.out, self.make(seed), self.course.gradients_after, windows)
        return Curve(tuple(curve), tuple(curve.values()), diverged, after)


def later_gradients(
    out: Path, model: torch.nn.Module, step: int, windows: Tensor
) -> tuple[float, ...]:
    """Gradient norms of the weights kept after a step; none of a run that did not come so far."""
    kept = out / f"step_{step:06}.safetensors"
    if not kept.exists():
        return ()
    model.load_state_dict(read_state(kept).weights)
    assert isinstance(model, Transformer)
    return significant(gradient_norms(model, windows))


def significant(norms: list[float]) -> tuple[float, ...]:
    """Four significant digits, as gradients span many powers of ten; none if one is no number."""
    if not all(map(isfinite, norms)):
        return ()
    return tuple(float(f"{norm:.4g}") for norm in norms)


def frequencies_loss(setting: Setting, place: Place, windows: Tensor) -> float:
    """Loss of a model that knows only how often each token came in a run's batches, plus once."""
    batches = text_batches(setting, place, setting.seeds[0])
    steps = setting.tokens // (setting.batch_size * setting.context_length)
    seen = torch.cat([batches.batch(step)[1].flatten() for step in range(steps)])
    counts = torch.bincount(seen, minlength=N_VOCAB).float() + 1
    targets = windows[:, 1:].flatten()
    return float(F.nll_loss((counts / counts.sum()).log().expand(len(targets), -1), targets))
