"""Five ways to place positions, trained alike at one length and read at eight times that length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.laws.estimate import Estimate
from transformer_core.lens.longer_context import STRETCHES, loss_by_position
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.extrapolation import (
    FARTHEST,
    PER_LENGTH,
    STRETCHED,
    Lines,
    at,
    recipe,
    stretched,
    verdict,
)
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
    with_unit_tokens,
)
from transformer_core.transformer import Transformer

NAMES = {"none": "none", "sinusoidal": "sinusoidal", "learned": "learned"}
NAMES |= {"rope": "RoPE", "alibi": "ALiBi"}
FACTORS = (2, 4, FARTHEST)
MARKS = (0.5, 1, *FACTORS)


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each scheme."""
    return [
        {
            "position": position,
            "d_model": 16 if quick else 64,
            "n_layers": 1 if quick else 4,
            "n_heads": 4,
            "context_length": 16 if quick else 64,
            "batch_size": 8 if quick else 32,
            "tokens": 10 * 128 if quick else 819_200,
            "tuning_tokens": 10 * 128 if quick else 307_200,
            "optimizer": "muon",
            "learning_rate": 8e-3,
            "seeds": [1] if quick else [1, 2, 3],
            "windows": 2 if quick else 256,
        }
        for position in NAMES
    ]


def model(setting: Setting, seed: int) -> Transformer:
    """The same start for every scheme.

    Tokens start with deviation d_model^-0.5 instead of 0.02, beside which the waves of a sinusoidal
    table, up to 1, would leave nothing of them.
    """
    made = Transformer(
        TransformerConfig(
            vocab_size=N_VOCAB,
            context_length=setting["context_length"],
            d_model=setting["d_model"],
            n_layers=setting["n_layers"],
            n_heads=setting["n_heads"],
            n_kv_heads=setting["n_heads"],
            d_ff=4 * setting["d_model"],
            position=setting["position"],
            norm="rms_norm",
            bias=False,
        )
    )
    made.initialise(seed)
    return with_unit_tokens(made, seed)


def measure(setting: Setting, place: Place) -> Measured:
    """Loss by position of every seed, in bins of a quarter of the trained length."""
    trained = setting["context_length"]
    windows = held_out_windows(place, FARTHEST * trained, setting["windows"])
    trials = Trials(setting, place, partial(model, setting))
    tuned = trials.tune()
    nats: dict[str, list[list[float]]] = defaultdict(list)
    for run in trials.runs(tuned.learning_rate):
        assert isinstance(run.model, Transformer)
        for line, reader, times in readers(run.model):
            loss = loss_by_position(reader, windows[:, : times * trained + 1])
            nats[line].append(_binned(loss, trained // PER_LENGTH))
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "parameters": sum(p.numel() for p in model(setting, 0).parameters()),
        "nats": dict(nats),
    }


def readers(trained: Transformer) -> Iterator[tuple[str, Transformer, int]]:
    """A trained model as it is and stretched: its line, the reader, how many lengths it reads."""
    position = trained.config.position
    yield NAMES[position], trained, 1 if position == "learned" else FARTHEST
    if position == "rope":
        for stretch, name in STRETCHED.items():
            for factor in FACTORS:
                yield stretched(name, factor), STRETCHES[stretch](trained, factor), factor


def _binned(loss: Tensor, size: int) -> list[float]:
    return [round(float(mean), 4) for mean in loss.view(-1, size).mean(-1)]


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Means over seeds by position and before each mark, their spread, and the published order."""
    trained = settings[0]["context_length"]
    lines = Lines({line: seeds for m in measured for line, seeds in m["nats"].items()})
    ropes = [line for line in lines.nats if line.startswith("RoPE")]
    farthest = [*NAMES.values(), *map(stretched, STRETCHED.values())]
    before = f"loss of the {trained // 2} positions before"
    by_position = [
        Series(
            line,
            "position",
            "loss, nats per token",
            tuple(trained / PER_LENGTH * (i + 0.5) for i in range(len(lines.mean(line)))),
            tuple(lines.mean(line)),
        )
        for line in farthest
    ]
    by_length = [
        Series(
            line,
            "length in units of L",
            y_label,
            tuple(float(mark) for mark in MARKS if lines.reaches(line, mark)),
            tuple(lines.at(line, mark).value for mark in MARKS if lines.reaches(line, mark)),
        )
        for y_label, drawn in (
            (f"{before}, nats per token", list(NAMES.values())),
            (f"{before}, RoPE not trained again, nats per token", ropes),
        )
        for line in drawn
    ]
    fitted: dict[str, Estimate] = {
        at(line, mark): lines.at(line, mark)
        for line in farthest
        for mark in MARKS[1:]
        if lines.reaches(line, mark)
    }
    return Findings(
        series=(*by_position, *by_length),
        tokens=settings[0]["tokens"],
        remark=f"{verdict(fitted, settings[0]['tokens'])} {recipe(settings, measured)}",
        fitted=fitted,
    )


EXPERIMENT = Experiment(
    name="positions",
    question="Which way of placing positions reads on where the trained length ends?",
    varied="the way of placing positions; for RoPE also how it is stretched after training",
    held_equal="the sizes of blocks and embedding and their start for each seed (tokens with "
    "deviation d_model^-0.5), text and its order, the windows that are read; the learning rate "
    "tuned for each scheme. A learned table has L d_model parameters more, which no other has",
    measured="mean loss of every L/4 positions up to 8 L, of three seeds; a learned table ends at "
    "L; RoPE stretched by a factor without training is read up to that factor times L",
    data=DATA | {"farthest": FARTHEST, "factors": list(FACTORS)},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
