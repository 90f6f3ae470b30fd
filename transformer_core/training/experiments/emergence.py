"""When do abilities appear? The snapshots of one training, each measured in the same way."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.head_roles import ON_REPEATED, chance, repeated_sequences, score_heads
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.records.json_file import read_record
from transformer_core.records.result import Series, Text
from transformer_core.tokenizer import load_shipped
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.measurements import PROMPT, continuation
from transformer_core.transformer import Transformer

MODEL = "fable-tiny"
SOURCES = ("tinystories", "childrens_books")
HEADS = {"previous_token": "previous token", "induction": "induction"}
FORMED = 0.3  # a head that gives its role so much of its weight is called by its name
PERIOD = 64  # random tokens before they come again


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each snapshot; of the quick version, the first and the last."""
    folder = place.models / MODEL
    seed = read_record(folder / "training.json")["recipe"]["seed"]
    steps: list[dict[str, Any]] = read_record(folder / "steps" / "steps.json")["steps"]
    return [
        {
            "model": MODEL,
            "folder": step["folder"],
            "step": step["step"],
            "tokens_seen": step["tokens_seen"],
            "seeds": [seed],
            "held_out_tokens": 1024 if quick else 16_384,
            "sequences": 2 if quick else 16,
            "written": 8 if quick else 60,
        }
        for step in (steps[:: len(steps) - 1] if quick else steps)
    ]


def measure(setting: Setting, place: Place) -> Measured:
    """Of one snapshot."""
    return look(
        load_checkpoint(place.models / setting["model"] / setting["folder"]), setting, place
    )


def look(model: Transformer, setting: Setting, place: Place) -> Measured:
    """Held-out loss, the strongest head of each role, loss on a copy, and what the model writes.

    The setting says `held_out_tokens`, `sequences` and how many tokens are `written`.
    """
    repeated = _repeated(setting["sequences"])
    scores = score_heads(model, load_shipped(), repeated, ON_REPEATED)
    by_position = loss_by_position(model, repeated)
    losses = {s: _loss(model, place.tokens, s, setting["held_out_tokens"]) for s in SOURCES}
    return {
        "loss": losses,
        "heads": {role: round(float(scores[role].max()), 4) for role in HEADS},
        "first_time": round(float(by_position[: PERIOD - 1].mean()), 4),
        "second_time": round(float(by_position[PERIOD - 1 :].mean()), 4),
        "text": continuation(model, PROMPT, 0.0, setting["seeds"][0], setting["written"]),
    }


def _loss(model: Transformer, tokens: Path, source: str, most: int) -> float:
    return round(held_out_loss(model, tokens, source, most).nats_per_token, 4)


@cache
def _repeated(n_sequences: int) -> torch.Tensor:
    """Random ordinary tokens, none twice, and then all of them again."""
    return repeated_sequences(load_shipped().n_vocab - 1, PERIOD, n_sequences)


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Every quantity against the tokens seen, and whether an induction head has formed."""
    x = tuple(float(setting["tokens_seen"]) for setting in settings)
    nats, weight = "loss, nats per token", "weight on the role's target, strongest head"

    def series(name: str, y_label: str, y: list[float]) -> Series:
        return Series(name, "tokens seen", y_label, x, tuple(y))

    even = chance(load_shipped(), _repeated(settings[0]["sequences"]), tuple(HEADS))
    curves = [series(source, nats, [m["loss"][source] for m in measured]) for source in SOURCES]
    curves += [
        series("random tokens", nats, [m["first_time"] for m in measured]),
        series("random tokens again", nats, [m["second_time"] for m in measured]),
    ]
    for role, name in HEADS.items():
        curves.append(series(name, weight, [m["heads"][role] for m in measured]))
        curves.append(series(f"{name}, by chance", weight, [round(even[role], 4)] * len(x)))
    return Findings(
        series=tuple(curves),
        tokens=settings[-1]["tokens_seen"],
        remark=_remark(settings, measured, even),
        texts=tuple(
            Text(at, m["text"])
            for at, m, s in zip(x, measured, settings, strict=True)
            if s["written"]
        ),
    )


def _remark(settings: list[Setting], measured: list[Measured], even: dict[str, float]) -> str:
    found = []
    for role, name in HEADS.items():
        weights = [m["heads"][role] for m in measured]
        formed = [i for i, weight in enumerate(weights) if weight >= FORMED]
        when = f"by {_millions(settings[formed[0]])} tokens" if formed else "at no snapshot"
        found.append(
            f"A head with {FORMED:.0%} of its weight on its {name} target: {when} (at the end "
            f"{100 * weights[-1]:.1f} %, by chance {100 * even[role]:.1f} %)."
        )
    gain = measured[-1]["first_time"] - measured[-1]["second_time"]
    found.append(f"Random tokens cost {gain:.2f} nats less when they come again.")
    return " ".join(found)


def _millions(setting: Setting) -> str:
    return f"{setting['tokens_seen'] / 1e6:.1f} million"


EXPERIMENT = Experiment(
    name="emergence",
    question="When, in the course of a training, do loss, heads and text change?",
    varied="the tokens that the model has seen",
    held_equal="one run of one model, one seed; held-out windows, random tokens and prompt",
    measured="held-out loss; the strongest previous-token and induction head on random tokens that "
    "come twice; loss on their first and second coming; greedy continuation of one prompt",
    data={"sources": list(SOURCES), "split": "held_out", "prompt": PROMPT, "period": PERIOD},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
