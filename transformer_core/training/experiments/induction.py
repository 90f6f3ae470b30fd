"""When do copying heads form? The same model on text with repeated passages and without."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.generation import GenerationStep, Sampling, generate
from transformer_core.lens.head_roles import chance, repeated_sequences, score_heads
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.tokenizer import load_shipped
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.result import Series, Text
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
)
from transformer_core.training.measurements import PROMPT
from transformer_core.training.smaller_vocabulary import undo_merges
from transformer_core.training.state import read_state
from transformer_core.transformer import Transformer

SHARES = (0.2, 0.0)  # of the training text that is a passage repeated
HEADS = {"previous_token": "previous token", "induction": "induction"}
FORMED = 0.3  # a head that gives its role so much of its weight is called by its name
PERIOD = 48  # random tokens before they come again
PER_STEP = 16 * 128  # tokens
STEPS = (0, 30, 60, 125, 250, 400, 500, 600, 700, 800, 1000, 1250, 1500, 2000, 2500, 3000)


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each share of repeated passages."""
    return [
        {
            "repeated": share,
            "d_model": 16 if quick else 96,
            "n_layers": 2 if quick else 3,
            "n_heads": 2 if quick else 6,
            "tokens": (10 if quick else STEPS[-1]) * PER_STEP,
            "tuning_tokens": (10 if quick else 200) * PER_STEP,
            "context_length": 128,
            "batch_size": 16,
            "learning_rate": 4e-3,
            "seeds": [1],
            "snapshots": [0, 10] if quick else list(STEPS),
            "windows": 4 if quick else 64,
            "written": 8 if quick else 60,
        }
        for share in SHARES
    ]


def _model(setting: Setting, seed: int) -> Transformer:
    heads, width = setting["n_heads"], setting["d_model"]
    model = Transformer(
        TransformerConfig(
            vocab_size=N_VOCAB,
            context_length=setting["context_length"],
            d_model=width,
            n_layers=setting["n_layers"],
            n_heads=heads,
            n_kv_heads=heads,
            d_ff=4 * width,
            position="rope",
            norm="rms_norm",
            bias=False,
        )
    )
    model.initialise(seed)
    return model


def measure(setting: Setting, place: Place) -> Measured:
    """At each snapshot: loss on text and on random tokens that come twice, the heads, a text."""
    trials = Trials(setting, place, partial(_model, setting))
    tuned, seed = trials.tune(), setting["seeds"][0]
    run = trials.start("run", tuned.learning_rate, seed, snapshots=tuple(setting["snapshots"]))
    run.train()
    text = held_out_windows(place, setting["context_length"], setting["windows"])
    model = _model(setting, seed)
    found: Measured = {"learning_rate": tuned.learning_rate, "tried": tuned.tried}
    for step in setting["snapshots"]:
        model.load_state_dict(read_state(run.out / f"step_{step:06}.safetensors").weights)
        for name, value in _snapshot(model, text, setting["written"]).items():
            found.setdefault(name, []).append(value)
    return found


def _snapshot(model: Transformer, text: Tensor, written: int) -> Measured:
    scores = score_heads(model, load_shipped(), _repeated(), tuple(HEADS))
    repeated = loss_by_position(model, _repeated())
    return {
        "text_loss": round(loss_by_position(model, text).mean().item(), 4),
        "first_time": round(repeated[: PERIOD - 1].mean().item(), 4),
        "second_time": round(repeated[PERIOD - 1 :].mean().item(), 4),
        **{role: round(scores[role].max().item(), 4) for role in HEADS},
        "written": _continuation(model, written),
    }


@cache
def _repeated() -> Tensor:
    """Random tokens, none twice, and then all of them again, [sequence, position]."""
    return repeated_sequences(N_VOCAB - 1, PERIOD)


def _continuation(model: Transformer, n_tokens: int) -> str:
    """The prompt continued greedily; the ids of the smaller vocabulary are the first shipped."""
    tokenizer = load_shipped()
    ids = undo_merges(np.array(tokenizer.encode(PROMPT), dtype="<u2"), N_VOCAB).tolist()
    steps = generate(model, ids, Sampling(0.0), n_tokens, seed=0, stop=N_VOCAB - 1)
    new = [step.token_id for step in steps if isinstance(step, GenerationStep)]
    return tokenizer.decode([*ids, *(i for i in new if i != N_VOCAB - 1)])


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Every quantity against the tokens seen, with and without repeats."""
    even = chance(load_shipped(), _repeated(), tuple(HEADS))
    series, texts, remarks = [], [], []
    for setting, found in zip(settings, measured, strict=True):
        x = tuple(float(step * PER_STEP) for step in setting["snapshots"])
        name = _name(setting)
        curves = {
            "loss on held-out text, nats per token": {name: found["text_loss"]},
            "loss on random tokens, nats per token": {
                f"{name}, first time": found["first_time"],
                f"{name}, second time": found["second_time"],
            },
            "weight on the role's target, strongest head": {
                f"{title}, {name}": found[role] for role, title in HEADS.items()
            },
        }
        for label, lines in curves.items():
            for line, values in lines.items():
                series.append(Series(line, "tokens seen", label, x, tuple(values)))
        texts += [Text(at, f"{name}: {text}") for at, text in zip(x, found["written"], strict=True)]
        remarks.append(_remark(setting, found, x))
    for role, title in HEADS.items():
        x = (series[0].x[0], series[0].x[-1])
        label = "weight on the role's target, strongest head"
        by_chance = (round(even[role], 4),) * 2
        series.append(Series(f"{title}, by chance", "tokens seen", label, x, by_chance))
    return Findings(
        series=tuple(series),
        tokens=max(setting["tokens"] for setting in settings),
        remark=" ".join(remarks),
        texts=tuple(sorted(texts, key=lambda text: text.at)),
    )


def _name(setting: Setting) -> str:
    share = setting["repeated"]
    return f"{share:.0%} repeated" if share else "plain text"


def _remark(setting: Setting, found: Measured, x: tuple[float, ...]) -> str:
    said = []
    for role, title in HEADS.items():
        formed = [at for at, weight in zip(x, found[role], strict=True) if weight >= FORMED]
        when = f"by {formed[0] / 1e6:.1f} million tokens" if formed else "not yet"
        said.append(f"{title} {when} (at the end {found[role][-1]:.2f})")
    gain = found["first_time"][-1] - found["second_time"][-1]
    return (
        f"{_name(setting).capitalize()}: a head with {FORMED:.0%} of its weight on its target: "
        f"{', '.join(said)}; random tokens cost {gain:.2f} nats less when they come again."
    )


EXPERIMENT = Experiment(
    name="induction",
    question="When do copying heads form, and what has the text to do with it?",
    varied="the share of training windows that repeat a passage; the tokens seen",
    held_equal="model, seed, number of tokens; the learning rate tuned for each share",
    measured="held-out loss; the strongest previous-token and induction head on random tokens that "
    f"come twice, {PERIOD} tokens apart; loss on their first and second coming; greedy "
    "continuation of one prompt",
    data=DATA | {"prompt": PROMPT, "period": PERIOD},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
