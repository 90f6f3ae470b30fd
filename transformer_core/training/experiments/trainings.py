"""What the trainings of experiments share: their text, their recipe, their learning rates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
import torch
from torch import Tensor, nn

from transformer_core.training.corpus import Mixture, held_out
from transformer_core.training.experiments.experiment import Place, Setting
from transformer_core.training.loop import Batches, Run
from transformer_core.training.smaller_vocabulary import with_smaller_vocabulary
from transformer_core.training.state import Diverged, Recipe
from transformer_core.transformer import Transformer

log = logging.getLogger(__name__)

N_VOCAB = 512  # short tokens: a small model's arithmetic goes into its layers, not into its ids
SOURCES = {"easy_prose": 0.6, "childrens_books": 0.3, "tinystories": 0.1}
HELD_OUT = ("childrens_books", "easy_prose")
DATA = {
    "sources": list(SOURCES),
    "shares": SOURCES,
    "vocabulary": N_VOCAB,
    "split": "held_out",
    "held_out": list(HELD_OUT),
}
Make = Callable[[int], nn.Module]  # a model at its start, from a seed


def text_batches(setting: Setting, place: Place, seed: int) -> Mixture:
    """Windows of a mixture of texts, in the same order for all models of one seed."""
    folder = with_smaller_vocabulary(place.tokens, N_VOCAB)
    return Mixture(folder, SOURCES, setting["context_length"], setting["batch_size"], seed)


def held_out_windows(place: Place, length: int, n_windows: int) -> Tensor:
    """Windows of text that no batch holds, int64 [window, length + 1]; half of each source."""
    folder = with_smaller_vocabulary(place.tokens, N_VOCAB)
    windows = []
    for source in HELD_OUT:
        tokens = torch.from_numpy(held_out(folder, source).tokens.astype("int64"))
        windows.append(tokens.unfold(0, length + 1, length)[: n_windows // len(HELD_OUT)])
    return torch.cat(windows)


def with_unit_tokens(model: Transformer, seed: int) -> Transformer:
    """The same model, its tokens at length 1 on average instead of 0.02 sqrt(d_model).

    At these widths, small training at the usual start is slow to tell tokens apart.
    """
    random = torch.Generator().manual_seed(seed)
    nn.init.normal_(model.embedding, std=model.config.d_model**-0.5, generator=random)
    return model


def bytes_per_token(place: Place) -> float:
    """Of the held-out text: nats per token / (this * ln 2) = bits per byte."""
    parts = [held_out(with_smaller_vocabulary(place.tokens, N_VOCAB), s) for s in HELD_OUT]
    return sum(part.n_bytes for part in parts) / sum(len(part.tokens) for part in parts)


def recipe(setting: Setting, learning_rate: float, seed: int) -> Recipe:
    """AdamW, a short warm-up, a linear decay; a setting may say otherwise of any field."""
    usual = {"optimizer": "adamw", "weight_decay": 0.1, "warmup": 0.05, "decay": 0.5}
    return Recipe(
        weights=SOURCES,
        tokens=setting["tokens"],
        batch_size=setting["batch_size"],
        micro_batch_size=setting["batch_size"],
        learning_rate=learning_rate,
        repeated=0.0,
        seed=seed,
        **{name: setting.get(name, value) for name, value in usual.items()},
    )


@dataclass(frozen=True)
class Trials:
    """All trainings of one setting: those that find the learning rate, then one for each seed.

    The setting says `tokens`, `tuning_tokens`, `context_length`, `batch_size`, `seeds`, and
    `learning_rate`, where the search begins.
    """

    setting: Setting
    place: Place
    make: Make
    batches: Callable[[Setting, Place, int], Batches] = text_batches

    def start(self, learning_rate: float, seed: int, tokens: int | None = None) -> Run:
        """A run at its start, on its way or at its end, in a folder of its own.

        Without `tokens` it is a whole one.
        """
        setting = self.setting | ({} if tokens is None else {"tokens": tokens})
        return Run(
            self.make(seed),
            self.batches(setting, self.place, seed),
            recipe(setting, learning_rate, seed),
            {"setting": setting, "run": {"learning_rate": learning_rate, "seed": seed}},
            self.place.work / f"rate_{learning_rate:.6f}_seed_{seed}_tokens_{setting['tokens']}",
            compiled=False,
        )

    def tune(self) -> Tuned:
        """Runs of the first seed, of `tuning_tokens`, over a grid of learning rates.

        Where these are all `tokens`, that of the best rate is not trained again.
        """

        def loss_at(rate: float) -> float:
            run = self.start(rate, self.setting["seeds"][0], self.setting["tuning_tokens"])
            try:
                run.train()
            except Diverged:
                return inf
            return last_losses(run)

        return climb(loss_at, self.setting["learning_rate"])

    def runs(self, learning_rate: float) -> Iterator[Run]:
        """One whole run after another, trained to its end, for each seed."""
        for seed in self.setting["seeds"]:
            run = self.start(learning_rate, seed)
            run.train()
            yield run


def last_losses(run: Run) -> float:
    """Mean loss of the last fifth of a run; each batch is new to it, so it is no memory's merit."""
    losses = [point["loss"] for point in run.progress.curve if "loss" in point]
    return float(np.mean(losses[-max(1, len(losses) // 5) :]))


@dataclass(frozen=True)
class Tuned:
    """The learning rate of the lowest loss, and the loss of each that was tried.

    A rate at which the run diverged has no loss.
    """

    learning_rate: float
    tried: dict[str, float | None]


def climb(loss_at: Callable[[float], float], start: float, factor: float = 2.0) -> Tuned:
    """The best of a geometric grid, walked from `start` until both neighbours are worse.

    Raises:
        Diverged: every rate down to start / factor^4 diverges.
    """
    losses: dict[int, float] = {}

    def loss(step: int) -> float:
        if step not in losses:
            losses[step] = loss_at(start * factor**step)
            log.info(f"learning rate {start * factor**step:.6f}: loss {losses[step]:.4f}")
        return losses[step]

    best = 0
    while True:
        around = min((best, best - 1, best + 1), key=loss)
        if around == best and isfinite(loss(best)):
            break
        best = around if around != best else best - 2
        if best < -4 and not any(map(isfinite, losses.values())):
            raise Diverged(f"Every learning rate down to {start * factor**-4:g} diverges.")
    tried = {f"{start * factor**i:.6f}": losses[i] for i in sorted(losses)}
    return Tuned(
        start * factor**best,
        {rate: round(loss, 4) if isfinite(loss) else None for rate, loss in tried.items()},
    )
