"""When does a model learn to copy? A run of its own, short enough to repeat, that comes so far."""

from __future__ import annotations

from dataclasses import replace

from transformer_core.config import PRESETS, TransformerConfig
from transformer_core.training.experiments import emergence
from transformer_core.training.experiments.emergence import (
    FORMED,
    PERIOD,
    PROMPT,
    SOURCES,
    look,
)
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.state import Recipe, TrainingError
from transformer_core.training.text_run import text_run
from transformer_core.transformer import Transformer

SHARES = {"tinystories": 0.5, "childrens_books": 0.3, "easy_prose": 0.2}
QUICK = {"d_model": 16, "n_layers": 1, "n_heads": 2, "n_kv_heads": 2, "d_ff": 32}
SMALL = {"d_model": 128, "n_layers": 4, "n_heads": 4, "n_kv_heads": 4, "d_ff": 384}
STEPS = 2400
WRITES_AFTER = (0, 50, 100, 200, 400, 800, 1200, 1600, 2000, STEPS)


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each look at the one run."""
    steps, every, batch_size = (10, 10, 2) if quick else (STEPS, 50, 16)
    tokens_a_step = batch_size * PRESETS["fable-modern"].context_length
    return [
        {
            "shape": QUICK if quick else SMALL,
            "batch_size": batch_size,
            "tokens": steps * tokens_a_step,
            "learning_rate": 1.6e-2,
            "repeated": 0.5,
            "seeds": [1],
            "step": step,
            "tokens_seen": step * tokens_a_step,
            "held_out_tokens": 512 if quick else 16_384,
            "sequences": 2 if quick else 16,
            "written": 60 * (step in WRITES_AFTER),
        }
        for step in range(0, steps + 1, every)
    ]


def config(setting: Setting) -> TransformerConfig:
    """fable-modern's design in another shape."""
    return replace(PRESETS["fable-modern"], **setting["shape"])


def measure(setting: Setting, place: Place) -> Measured:
    """Train to the setting's step, going on from the last one's, and look.

    Raises:
        TrainingError: the run is past that step.
    """
    (seed,) = setting["seeds"]
    recipe = Recipe(
        weights=SHARES,
        tokens=setting["tokens"],
        batch_size=setting["batch_size"],
        micro_batch_size=min(8, setting["batch_size"]),
        learning_rate=setting["learning_rate"],
        repeated=setting["repeated"],
        seed=seed,
    )
    out = place.work.parent / "run"  # stays until the last setting is measured
    run = text_run(config(setting), recipe, place.tokens, out, compiled=False)
    run.evaluate = None
    if run.progress.step > setting["step"]:
        raise TrainingError(
            f"{out} is at step {run.progress.step}, past {setting['step']}: delete it and start "
            "again."
        )
    run.train(until=setting["step"])
    assert isinstance(run.model, Transformer)
    return look(run.model, setting, place)


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """As of any training's snapshots; without induction, what has it at this project's sizes."""
    found = emergence.conclude(settings, measured)
    if max(m["heads"]["induction"] for m in measured) >= FORMED:
        return found
    larger = (
        "The shipped fable-modern (3.4 million parameters, 6 layers, 192 wide) has such heads "
        "after 15.0 million tokens: this model or its training would have to be larger."
    )
    return replace(found, remark=f"{found.remark} {larger}")


EXPERIMENT = Experiment(
    name="induction",
    question="When does a model learn to copy what it has read before?",
    varied="the tokens that the model has seen",
    held_equal="one run of one model, one seed; half of its windows repeat a passage of text or of "
    "random tokens; held-out windows, random tokens and prompt of every look",
    measured="held-out loss; the strongest previous-token and induction head on random tokens that "
    "come twice; loss on their first and second coming; greedy continuation of one prompt",
    data={
        "sources": list(SHARES),
        "shares": SHARES,
        "split": "held_out",
        "held_out": list(SOURCES),
        "prompt": PROMPT,
        "period": PERIOD,
    },
    settings=settings,
    measure=measure,
    conclude=conclude,
)
