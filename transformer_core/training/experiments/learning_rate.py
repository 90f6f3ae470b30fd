"""The learning rate of the lowest loss, found on a geometric grid."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from transformer_core.training.state import Diverged

log = logging.getLogger(__name__)


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
