"""The training loop: resumable to the step, on a CPU, a GPU or several."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.training.optimizer import Optimizer, warmup_stable_decay
from transformer_core.training.precision import mixed_precision
from transformer_core.training.state import (
    STATE,
    Diverged,
    Progress,
    Recipe,
    Settings,
    State,
    TrainingError,
    fixed,
    read_state,
    write_state,
)

log = logging.getLogger(__name__)


class Batches(Protocol):
    """What a run learns from: `batch` is a function of the step, so that a run can resume."""

    context_length: int
    batch_size: int

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs and targets, int64 [batch_size, context_length]; a target of -100 is not asked."""


@dataclass(eq=False)
class Run:
    """One training run in one folder: starts there, or goes on from where it stopped.

    Args:
        model: token ids [batch, position] to logits, at initialisation.
        batches: of the recipe's micro_batch_size.
        recipe: how the model is trained.
        settings: all that decides the outcome, by part; kept, and compared when the run goes on.
        out: the folder.
        compiled: with torch.compile.
        evaluate: losses in nats per token by name, measured now and then.
        snapshots: steps after which the weights are kept.
        schedule: share of the peak learning rate, from a step and how many there are; without one,
            the recipe's warm-up and decay.

    Raises:
        TrainingError: settings that cannot be, a folder that holds a run with others, or a damaged
            state.
    """

    model: nn.Module
    batches: Batches
    recipe: Recipe
    settings: Settings
    out: Path
    compiled: bool = True
    evaluate: Callable[[], dict[str, float]] | None = None
    snapshots: Container[int] = ()
    schedule: Callable[[int, int], float] | None = None
    progress: Progress = field(default_factory=Progress, init=False)

    def __post_init__(self) -> None:
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.recipe.check(self.world)
        self.device = self._device()
        self.model = self.model.to(self.device)
        self.optimizer = Optimizer(self.model, self.recipe)
        self.loss = torch.compile(self._loss) if self.compiled else self._loss
        self.out.mkdir(parents=True, exist_ok=True)
        if (self.out / STATE).exists():
            self._resume()

    def _device(self) -> torch.device:
        if self.world > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        if not torch.cuda.is_available():
            return torch.device("cpu")
        torch.set_float32_matmul_precision("high")
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))

    def _loss(self, inputs: Tensor, targets: Tensor) -> Tensor:
        with mixed_precision(self.device):
            logits = self.model(inputs)
        return F.cross_entropy(logits.float().flatten(0, -2), targets.flatten())

    @property
    def steps(self) -> int:
        """How many updates the run makes in all."""
        return self.recipe.steps(self.batches.context_length)

    def train(
        self, until: int | None = None, save_every_s: float = 50, evaluate_every: int = 250
    ) -> None:
        """Run to the end, or until a step, saving at most `save_every_s` seconds apart."""
        last = self.steps if until is None else min(until, self.steps)
        began, saved = time.monotonic() - self.progress.seconds, time.monotonic()
        if self.progress.step == 0:
            self._snapshot()
        while self.progress.step < last:
            loss = self._update()
            self.progress.step += 1
            self.progress.seconds = time.monotonic() - began
            step = self.progress.step
            if step % 10 == 0 or step == self.steps:
                self._record(loss)
            if self.evaluate and (step % evaluate_every == 0 or step == self.steps):
                self._record_losses(self.evaluate())
            self._snapshot()
            if time.monotonic() - saved > save_every_s or step == last:
                self._save(self.out / STATE)
                saved = time.monotonic()

    def _update(self) -> float:
        """One step of gradient descent on one batch; the mean loss in nats per token."""
        n_micro = self.recipe.batch_size // self.recipe.micro_batch_size
        total = torch.zeros((), device=self.device)
        for i in range(self.rank, n_micro, self.world):
            inputs, targets = self.batches.batch(self.progress.step * n_micro + i)
            loss = self.loss(inputs.to(self.device), targets.to(self.device)) / n_micro
            loss.backward()
            total += loss.detach()
        if self.world > 1:
            dist.all_reduce(total)
            for parameter in self.model.parameters():
                dist.all_reduce(parameter.grad)
        mean = total.item()
        if not mean < float("inf"):
            raise Diverged(
                f"The loss is {mean} at step {self.progress.step}. The last good state is in "
                f"{self.out}; lower --learning-rate and start a new run."
            )
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        schedule = self.schedule or self._schedule
        self.optimizer.step(schedule(self.progress.step, self.steps))
        return mean

    def _schedule(self, step: int, steps: int) -> float:
        return warmup_stable_decay(step / steps, self.recipe.warmup, self.recipe.decay)

    def _record(self, loss: float) -> None:
        step, seconds = self.progress.step, self.progress.seconds
        tokens = step * self.recipe.batch_size * self.batches.context_length
        self.progress.curve.append({"step": step, "tokens": tokens, "loss": round(loss, 4)})
        if self.rank == 0:
            left = seconds / step * (self.steps - step) / 60
            log.info(
                f"step {step}/{self.steps}  loss {loss:.3f}  "
                f"{tokens / seconds:,.0f} tokens/s  {left:.0f} min left"
            )

    def _record_losses(self, losses: dict[str, float]) -> None:
        self.progress.curve.append(
            {"step": self.progress.step} | {f"held_out.{s}": round(v, 4) for s, v in losses.items()}
        )
        if self.rank == 0:
            log.info("held out: " + "  ".join(f"{s} {v:.3f}" for s, v in losses.items()))

    def _snapshot(self) -> None:
        if (step := self.progress.step) in self.snapshots:
            self._save(self.out / f"step_{step:06}.safetensors", with_optimizer=False)

    def _save(self, path: Path, with_optimizer: bool = True) -> None:
        if self.rank:
            return
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        if with_optimizer:
            tensors |= self.optimizer.state()
        write_state(path, State(self.settings, self.progress, tensors))

    def _resume(self) -> None:
        state = read_state(self.out / STATE)
        theirs, ours = fixed(state.settings), fixed(self.settings)
        if theirs != ours:
            difference = _difference(theirs, ours)
            raise TrainingError(
                f"{self.out} holds a run with other settings ({difference}); give those, or choose "
                "another --out."
            )
        try:
            self.model.load_state_dict(state.weights)
        except RuntimeError as error:
            raise TrainingError(
                f"{self.out / STATE} is damaged ({error}); choose another --out."
            ) from error
        self.optimizer.load_state(state.tensors)
        self.progress = state.progress
        log.info(f"going on from step {self.progress.step} of {self.steps}")


def _difference(theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    pairs = [
        f"{name} {theirs.get(part, {}).get(name)!r} there, {value!r} here"
        for part in ours
        for name, value in ours[part].items()
        if theirs.get(part, {}).get(name) != value
    ]
    return "; ".join(pairs)
