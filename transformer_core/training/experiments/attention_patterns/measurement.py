"""Loss by position of every seed, in bins that double; what the pattern looks at and costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from torch import Tensor

from transformer_core.laws.costs import forward_flops
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.attention_patterns.setting import Setting
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.text import N_VOCAB, held_out_windows
from transformer_core.training.experiments.trials import Trials
from transformer_core.training.patterned import pairs_share


@dataclass(frozen=True)
class Measurement:
    """Of one pattern: shares of the full causal stack's; loss of each seed, and in each bin."""

    tuned: Tuned
    pairs: float
    flops: float
    mean: tuple[float, ...]
    nats: tuple[tuple[float, ...], ...]


def measure(setting: Setting, place: Place) -> Measurement:
    """Of every seed at the rate found."""
    windows = held_out_windows(place, setting.context_length, setting.windows)
    trials = Trials(setting, place, partial(setting.model, N_VOCAB))
    tuned = trials.tune()
    losses = [loss_by_position(run.model, windows) for run in trials.runs(tuned.learning_rate)]
    return Measurement(
        tuned=tuned,
        pairs=pairs_share(setting.patterns),
        flops=flops_share(setting),
        mean=tuple(round(float(loss.mean()), 4) for loss in losses),
        nats=tuple(doubling(loss) for loss in losses),
    )


def flops_share(setting: Setting) -> float:
    """Of a pass over a whole window, where hidden pairs are skipped; of the full causal stack's.

    (linear + 4 d_model pairs) / (linear + 4 d_model causal pairs), unembedding included; as in
    `laws.costs`.
    """
    n = setting.context_length
    cost, causal = forward_flops(setting.config, n), (n + 1) / (2 * n)
    rest, all_pairs = cost.linear + cost.unembedding, cost.attention * causal
    return (rest + all_pairs * pairs_share(setting.patterns)) / (rest + all_pairs)


def edges(n: int) -> list[int]:
    """Bins of positions that double in width: 0, 1, 2 to 3, 4 to 7, ..., up to n."""
    return [0, *(2**i for i in range((n - 1).bit_length())), n]


def doubling(loss: Tensor) -> tuple[float, ...]:
    """Means over these bins."""
    parts = loss.tensor_split(edges(len(loss))[1:-1])
    return tuple(round(float(part.mean()), 4) for part in parts)
