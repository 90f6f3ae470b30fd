"""One training for many budgets: a trunk at the flat learning rate, branches that decay from it.

Until its rate begins to fall, a training does not depend on where it will end, so trainings to
several budgets share all but their ends (Hu et al. 2024, arXiv 2404.06395, 4; Hägele et al. 2024,
arXiv 2405.18392).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.scaling_ladder.setting import Setting
from transformer_core.training.experiments.trials import Make, text_batches
from transformer_core.training.loop import Batches, Run
from transformer_core.training.optimizer import warmup_stable_decay
from transformer_core.training.state import STATE, TrainingError, read_state, write_state


@dataclass(frozen=True)
class Trunk:
    """All trainings of one setting at one learning rate and from one seed.

    The setting's `decay` is the share of each budget over which the rate falls.
    """

    setting: Setting
    place: Place
    make: Make
    learning_rate: float
    seed: int

    @property
    def folder(self) -> Path:
        """Where the trunk and its branches keep their states."""
        return self.place.work / f"rate_{self.learning_rate:.6f}_seed_{self.seed}"

    @cached_property
    def _batches(self) -> Batches:
        return text_batches(self.setting, self.place, self.seed)

    def start(self, tokens: int, folder: Path) -> Run:
        """A run to one budget that has not been trained yet, or goes on."""
        return Run(
            self.make(self.seed),
            self._batches,
            replace(self.setting, tokens=tokens).recipe(self.learning_rate, self.seed),
            self.setting.run_settings(self.learning_rate, self.seed),
            folder,
            compiled=False,
            schedule=partial(flat_then_down, self.setting.warmup_steps, self.setting.decay),
        )

    def branch(self, tokens: int) -> Run:
        """The run to one budget, trained to its end; ask for the budgets from small to large.

        Raises:
            TrainingError: the trunk is past the place where this branch leaves it.
        """
        folder = self.folder / str(tokens)
        if not (folder / STATE).exists():
            self._leave_trunk(tokens, folder)
        run = self.start(tokens, folder)
        run.train()
        return run

    def _leave_trunk(self, tokens: int, folder: Path) -> None:
        trunk = self.start(self.setting.tokens, self.folder / "trunk")
        window = self.setting.batch_size * self.setting.context_length
        step = leaving_step(-(-tokens // window), self.setting.decay)
        trunk.train(until=step)
        if trunk.progress.step > step:
            raise TrainingError(
                f"The trunk is at step {trunk.progress.step}, but the branch to {tokens} tokens "
                f"leaves it at {step}: train the smaller budgets first."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_state(folder / STATE, read_state(trunk.out / STATE))


def flat_then_down(warmup_steps: int, decay: float, step: int, steps: int) -> float:
    """Share of the peak learning rate: up in as many steps for all budgets, flat, linear down."""
    return min((step + 1) / warmup_steps, warmup_stable_decay(step / steps, 0.0, decay))


def leaving_step(steps: int, decay: float) -> int:
    """The last step up to which a run of so many has not begun to decay."""
    return int((1 - decay) * steps)
