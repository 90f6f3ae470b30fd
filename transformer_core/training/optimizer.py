"""How the weights move: Muon for matrices, AdamW for the rest, and the schedule of both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor, nn

from transformer_core.training.precision import muon_precision
from transformer_core.training.state import Recipe


class Optimizer:
    """Muon or AdamW for every hidden matrix, AdamW for embeddings, tables, gains and biases.

    Muon orthogonalises the momentum of a matrix, so that all its directions learn at the same pace
    (Jordan et al. 2024; scaled to AdamW's step as in Liu et al. 2025, arXiv 2502.16982).

    Args:
        model: a matrix whose name holds "blocks." is hidden.
        recipe: `optimizer`, and the peak `learning_rate` of both; `weight_decay` of hidden
            matrices only, the others keep none.
    """

    def __init__(self, model: nn.Module, recipe: Recipe) -> None:
        named = dict(model.named_parameters())
        hidden = {n: p for n, p in named.items() if p.ndim == 2 and "blocks." in n}
        rest = {n: p for n, p in named.items() if n not in hidden}
        self.learning_rate = recipe.learning_rate
        self.device = next(model.parameters()).device
        self.names = [*hidden, *rest]
        matrices = {"params": list(hidden.values()), "weight_decay": recipe.weight_decay}
        tables = {"params": list(rest.values()), "weight_decay": 0.0}
        adamw = partial(torch.optim.AdamW, lr=recipe.learning_rate, betas=(0.9, 0.95), fused=True)
        self.parts: list[torch.optim.Optimizer] = (
            [adamw([matrices, tables])]
            if recipe.optimizer == "adamw"
            else [
                torch.optim.Muon(
                    [matrices],
                    lr=recipe.learning_rate,
                    momentum=0.95,
                    adjust_lr_fn="match_rms_adamw",
                ),
                adamw([tables]),
            ]
        )

    def step(self, scale: float) -> None:
        """One update at `scale` times the peak learning rate; clears the gradients."""
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = self.learning_rate * scale
            with muon_precision(self.device):
                part.step()
            part.zero_grad()

    def _parameters(self) -> Iterator[tuple[str, Tensor, torch.optim.Optimizer]]:
        owned = [(p, part) for part in self.parts for g in part.param_groups for p in g["params"]]
        for name, (parameter, part) in zip(self.names, owned, strict=True):
            yield name, parameter, part

    def state(self) -> dict[str, Tensor]:
        """Everything that the next step depends on, as named tensors."""
        return {
            f"optimizer.{name}.{key}": value
            for name, parameter, part in self._parameters()
            for key, value in part.state[parameter].items()
        }

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `state`; each tensor takes its parameter's layout, as kernels expect."""
        for name, parameter, part in self._parameters():
            prefix = f"optimizer.{name}."
            for key, value in tensors.items():
                if key.startswith(prefix):
                    place = torch.empty_like(parameter).copy_(value) if value.ndim else value
                    part.state[parameter][key.removeprefix(prefix)] = place


def warmup_stable_decay(progress: float, warmup: float = 0.02, decay: float = 0.4) -> float:
    """Share of the peak learning rate at `progress` (0 to 1) through the run.

    Linear up, flat, linear down to a hundredth (Hu et al. 2024, arXiv 2404.06395). While it is flat
    the end of the run need not be known. A share of 0 leaves out its part.
    """
    up = (progress + 1e-3) / warmup if warmup else 1.0
    return min(1.0, up, max(0.01, (1 - progress) / decay) if decay else 1.0)
