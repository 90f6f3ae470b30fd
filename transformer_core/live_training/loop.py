"""The loop: a batch, its loss, its gradient, a step; now and then a record of how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, log

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.live_training.order import Order
from transformer_core.live_training.tasks import NOT_ASKED, Sample, Task
from transformer_core.transformer import Transformer

BATCH = {"addition": 256}  # examples a step where they are short; else
USUAL_BATCH = 64
RECORDS = 60  # of a whole run, at most
WEIGHT_DECAY = {"addition": 1.0}  # Power et al. 2022: it makes the rule likelier than a table
USUAL_DECAY = 0.01
EXPLODED, TOO_OFTEN = 4.0, 20  # times the loss of a uniform guess, in so many steps
GPT2_WIDTH = 768
SEED = 1


@dataclass(frozen=True)
class Record:
    """How far a run is after `step` updates.

    loss: mean of the steps since the record before, in nats for each token asked; gradient: length
    of the last step's gradient, all parameters in one vector. held_out_loss and accuracy, the part
    of the tokens asked that are the most likely ones: on examples that are not learnt from.
    weights: attention weights of one example, [layer, head, query, key].
    """

    step: int
    loss: float
    gradient: float
    held_out_loss: float
    accuracy: float
    weights: Tensor
    samples: tuple[Sample, ...]


class ExplodedError(Exception):
    """The loss has grown far beyond a uniform guess, or is no number any more."""

    def __init__(self, step: int, loss: float) -> None:
        super().__init__(f"The loss was {loss:.3g} at step {step}.")
        self.step, self.loss = step, loss


def build(order: Order, task: Task) -> Transformer:
    """The untrained model: GPT-2's kind of block, learned positions, one matrix in and out.

    GPT-2's deviation of 0.02 is for 768 numbers. With fewer, larger weights keep sums as large.
    """
    config = TransformerConfig(
        vocab_size=len(task.symbols),
        context_length=task.context_length,
        d_model=order.d_model,
        n_layers=order.n_layers,
        n_heads=order.n_heads,
        n_kv_heads=order.n_heads,
        d_ff=4 * order.d_model,
    )
    model = Transformer(config)
    model.initialise(SEED)
    with torch.no_grad():
        for matrix in model.parameters():
            if matrix.ndim == 2:
                matrix.mul_((GPT2_WIDTH / order.d_model) ** 0.5)
    return model


class LiveRun:
    """One run from its first step to its last."""

    def __init__(self, order: Order) -> None:
        self.order, self.task = order, order.make_task()
        self.model = build(order, self.task)
        self.batch_size = BATCH.get(order.task, USUAL_BATCH)
        decay = WEIGHT_DECAY.get(order.task, USUAL_DECAY)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), order.learning_rate, betas=(0.9, 0.98), weight_decay=decay
        )
        self.generator = torch.Generator().manual_seed(SEED)
        self.uniform = log(len(self.task.symbols))
        self.held_out = self.task.held_out()

    def records(self, proceed: Callable[[], bool] = lambda: True) -> Iterator[Record]:
        """A record before the first step, then at most sixty; ends early when `proceed` says no.

        Raises:
            ExplodedError: after the record of what has happened.
        """
        loss, gradient = self._first_look()
        yield self.record(0, loss, gradient)
        losses: list[float] = []
        too_high = 0
        every = -(-self.order.steps // RECORDS)
        for step in range(1, self.order.steps + 1):
            if not proceed():
                return
            loss, gradient = self.update()
            losses.append(loss)
            too_high += loss > EXPLODED * self.uniform
            exploded = not isfinite(loss + gradient) or too_high >= TOO_OFTEN
            if exploded or step % every == 0 or step == self.order.steps:
                yield self.record(step, sum(losses) / len(losses), gradient)
                losses = []
            if exploded:
                raise ExplodedError(step, loss)

    def update(self) -> tuple[float, float]:
        """One step of gradient descent; the loss before it and the gradient's length."""
        loss, gradient = self._loss_and_gradient()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss, gradient

    def _first_look(self) -> tuple[float, float]:
        found = self._loss_and_gradient()
        self.optimizer.zero_grad()
        return found

    def _loss_and_gradient(self) -> tuple[float, float]:
        inputs, targets = self.task.batch(self.batch_size, self.generator)
        loss = cross_entropy(self.model(inputs), targets)
        loss.backward()
        squares = [p.grad.square().sum() for p in self.model.parameters() if p.grad is not None]
        return loss.item(), torch.stack(squares).sum().sqrt().item()

    @torch.inference_mode()
    def record(self, step: int, loss: float, gradient: float) -> Record:
        """What the model can do by now."""
        inputs, targets = self.held_out
        logits = self.model(inputs)
        traced = self.model.trace(self.task.example()[None])
        weights = torch.stack([block.attention.weights[0] for block in traced.blocks])
        try:
            samples = tuple(self.task.samples(self.model))
        except RuntimeError:  # probabilities that are no numbers
            samples = ()
        held_out = cross_entropy(logits, targets).item()
        return Record(step, loss, gradient, held_out, accuracy(logits, targets), weights, samples)


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log softmax(logits)[target] over the tokens asked, in nats."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=NOT_ASKED)


def accuracy(logits: Tensor, targets: Tensor) -> float:
    """The part of the tokens asked that got the highest logit."""
    asked = targets != NOT_ASKED
    return (logits.argmax(dim=-1) == targets)[asked].float().mean().item()
