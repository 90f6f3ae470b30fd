"""One training for many budgets: a trunk at the flat learning rate, branches that decay from it.

Until its rate begins to fall, a training does not depend on where it will end, so trainings to
several budgets share all but their ends (Hu et al. 2024, arXiv 2404.06395, 4; Hägele et al. 2024,
arXiv 2405.18392).
"""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path

from transformer_core.training.experiments.experiment import Place, Setting
from transformer_core.training.experiments.trainings import Make, recipe, text_batches
from transformer_core.training.loop import Batches, Run
from transformer_core.training.optimizer import warmup_stable_decay
from transformer_core.training.state import STATE, TrainingError, read_state, write_state


class Trunk:
    """All trainings of one setting at one learning rate and from one seed.

    The setting says `budgets` (tokens), `warmup_steps`, `decay` (the share of each budget over
    which the rate falls), `context_length` and `batch_size`.
    """

    def __init__(
        self, setting: Setting, place: Place, make: Make, learning_rate: float, seed: int
    ) -> None:
        self.setting, self.place, self.make = setting, place, make
        self.learning_rate, self.seed = learning_rate, seed
        self.folder = place.work / f"rate_{learning_rate:.6f}_seed_{seed}"

    @cached_property
    def _batches(self) -> Batches:
        return text_batches(self.setting, self.place, self.seed)

    def start(self, tokens: int, folder: Path) -> Run:
        """A run to one budget that has not been trained yet, or goes on."""
        return Run(
            self.make(self.seed),
            self._batches,
            recipe(self.setting | {"tokens": tokens}, self.learning_rate, self.seed),
            {
                "setting": self.setting,
                "run": {"learning_rate": self.learning_rate, "seed": self.seed},
            },
            folder,
            compiled=False,
            schedule=partial(flat_then_down, self.setting["warmup_steps"], self.setting["decay"]),
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
        trunk = self.start(max(self.setting["budgets"]), self.folder / "trunk")
        window = self.setting["batch_size"] * self.setting["context_length"]
        step = leaving_step(-(-tokens // window), self.setting["decay"])
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
