"""What each figure in a record's remark is, in the order in which they stand there.

A new record's remark is a person's: who writes it says here which value each figure is.
"""

import json
from collections.abc import Callable, Iterator
from math import sqrt
from pathlib import Path
from statistics import fmean

from transformer_core.laws.scaling import LAWS
from transformer_core.records.result import Result
from transformer_core.training.experiments.attention_patterns.measurement import edges
from transformer_core.training.experiments.positions.findings import at
from transformer_core.training.experiments.recurrence.findings import over
from transformer_core.training.experiments.scaling_ladder.fits import Ladder, Rung

MODEL = Path(__file__).parents[3] / "assets" / "models" / "fable-modern"
FORMED = 0.3  # a head that gives its role so much of its weight is called by its name

# What each figure is: a value, or a name or a citation with figures of its own.
Meant = Iterator[float | str]


def settings(record: Result) -> list[dict]:
    return record.configuration["settings"]


def attention_patterns(record: Result) -> Meant:
    loss = {s["pattern"]: record.fitted[f"{s['pattern']}: mean loss"] for s in settings(record)}
    full = loss["full"]
    yield full.value
    yield record.fitted["sliding window: share of pairs"].value
    yield from (loss["sliding window"].value, loss["3 windows : 1 full"].value)
    for worse in ("chunks", "dilated"):
        assert loss[worse].low > full.low
        assert loss[worse].high > full.high
        yield loss[worse].value
    by_position = record.series[0].y
    yield by_position[-2] - by_position[-1]
    *_, first, end, length = edges(settings(record)[0]["context_length"])
    yield from (first + 1, end, length, record.tokens)
    yield max(estimate.high - estimate.low for estimate in loss.values())
    yield "Gemma 2 (2024). Mistral 7B, 4,096 tokens (Jiang et al. 2023)"


DESIGNS = ("pre-norm", "post-norm", "no skips")
NATS = "held-out loss, nats per token"


def depth_and_norm(record: Result) -> Meant:
    curves = {(s.name, s.x_label, s.y_label): s for s in record.series}
    final = {
        name: dict(zip(map(int, s.x), s.y, strict=True))
        for (name, x, _), s in curves.items()
        if x == "layers"
    }
    alone = final.pop("token frequencies alone")
    few, more, *_, many = list(alone)
    learnt = {
        design: [n for n in alone if final[f"{design}, warm-up"][n] < alone[n] - 0.05]
        for design in DESIGNS
    }
    assert learnt == {"pre-norm": list(alone), "post-norm": [few], "no skips": []}
    yield from (many, few, alone[few])
    for design, n in (("pre-norm", few), ("pre-norm", many), ("post-norm", few)):
        yield from (final[f"{design}, warm-up"][n], n)
    yield from (final["post-norm, warm-up"][more], more)
    yield few
    for design in ("pre-norm", "post-norm"):
        yield final[f"{design}, no warm-up"][few] - final[f"{design}, warm-up"][few]
    (twice,) = {s["n_layers"] for s in settings(record) if len(s["seeds"]) == 2}
    first = {name: curves[name, f"step ({twice} layers)", NATS].y[-1] for name in final}
    yield max(2 * abs(losses[twice] - first[name]) for name, losses in final.items())
    yield from (sum(at_an_end(setting, curves) for setting in settings(record)), 12)
    assert len(settings(record)) == 12
    yield "Xiong et al. (2020), Takase et al. (2023)"


def at_an_end(setting: dict, curves: dict) -> bool:
    """Whether the best rate with a warm-up is the first or the last of those tried."""
    if len(setting["rates"]) == 1:
        return True
    name, n = f"{setting['design']}, warm-up", setting["n_layers"]
    losses = curves[name, f"learning rate ({n} layers)", NATS].y
    return min(losses) in (losses[0], losses[-1])


def emergence(record: Result) -> Meant:
    roles = ("previous token", "induction")
    assert all(max(record.curve(role).y) < FORMED for role in roles)
    loss = record.curve("tinystories").y
    yield from (loss[0], loss[-1])
    yield from (record.curve(role).y[-1] for role in roles)
    yield from (record.curve(f"{role}, uniform attention").y[-1] for role in roles)
    yield copied(record)
    yield from (len(loss), "Olsson et al. 2022")


def copied(record: Result) -> float:
    return record.curve("random tokens").y[-1] - record.curve("random tokens again").y[-1]


def induction(record: Result) -> Meant:
    """The last sentence is of a shipped model, which has the heads that this one lacks."""
    previous, strongest = record.curve("previous token"), record.curve("induction")
    assert max(strongest.y) < FORMED
    yield next(x for x, y in zip(previous.x, previous.y, strict=True) if y >= FORMED)
    yield from (FORMED, previous.y[-1])
    yield from (strongest.y[-1], record.curve("induction, uniform attention").y[-1], copied(record))
    yield "Elhage et al. 2021, Olsson et al. 2022"
    heads = json.loads((MODEL / "head_roles.json").read_text("utf-8"))["heads"]
    assert max(head["repeated"]["induction"] for head in heads) >= FORMED
    shipped = json.loads((MODEL / "training.json").read_text("utf-8"))
    yield from (shipped["tokens_seen"], shipped["parameters"])
    yield from (shipped["config"]["n_layers"], shipped["config"]["d_model"])


def heads(record: Result) -> Meant:
    losses, times = record.series[:4], record.series[4:]
    means = [fmean(curve.y) for curve in losses]
    yield max(means) - min(means)
    yield max(max(curve.y) - min(curve.y) for curve in losses)
    assert [curve.name[:3] for curve in losses[::2]] == ["MHA", "MQA"]
    yield from (means[0], means[2], losses[0].x[0], losses[2].x[0])
    yield from (times[0].x[-1], times[2].y[-1], times[0].y[-1])
    yield "Shazeer (2019), Ainslie et al. (2023)"


def needle(record: Result) -> Meant:
    names = [setting["pattern"] for setting in settings(record)]
    n_layers, window = settings(record)[0]["n_layers"], settings(record)[0]["window"]
    farthest, chance = n_layers * (window - 1), 1 / record.data["values"]
    yield from (window, n_layers, n_layers, window, 1, farthest)
    recall = {s.name: dict(zip(s.x, s.y, strict=True)) for s in record.series[: len(names)]}
    yield from (recall["sliding window"][farthest], recall["sliding window"][farthest + 1])
    share = {key: estimate.value for key, estimate in record.fitted.items()}
    beyond = {
        name: 1 - share[f"{name}: share of questions in reach"]
        for name in names
        if f"{name}: recall out of reach" in share
    }
    right = sum(part * share[f"{name}: recall out of reach"] for name, part in beyond.items())
    yield from (right / sum(beyond.values()), chance, share["full: recall in reach"])
    growing = "dilated 1, 2, 4, 8"
    for name in ("full", growing):
        assert share[f"{name}: share of questions in reach"] > 0.99
    yield share[f"{growing}: recall in reach"]
    yield share[f"{growing}: recall in reach without keys"]
    yield "Arora et al. (2023)"


def pictures(record: Result) -> Meant:
    _, few, *_, most = settings(record)[0]["pictures"]
    steps = record.tokens // settings(record)[0]["batch_size"]
    names = [setting["network"] for setting in settings(record)]
    yield from (most, few, steps, *(right_after(record, name, few) for name in names))
    yield 1 / len(record.data["kinds"])
    yield from (most, *(right_after(record, name, most) for name in names))
    yield from (setting["parameters"] for setting in settings(record))
    yield from (steps, settings(record)[0]["batch_size"])
    yield "Dosovitskiy et al. (2021). With 1.3 million. With 14 to 300 million"


def right_after(record: Result, network: str, n_pictures: int) -> float:
    return record.fitted[f"{network}: right after {n_pictures} pictures"].value


def position_loss(record: Result) -> Meant:
    yield settings(record)[0]["trained_length"]
    yield record.data["bin"]
    yield from (
        record.curve(name).y[-1] for name in ("plain", "interpolated", "larger_base", "yarn")
    )
    assert record.curve("plain").x[-1] > settings(record)[0]["trained_length"]
    assert record.curve("learned").x[-1] < settings(record)[0]["trained_length"]
    yield settings(record)[0]["windows"]
    yield "Chen et al. (2023), Peng et al. (2023)"


def positions(record: Result) -> Meant:
    farthest = record.data["farthest"]

    def loss(line: str, mark: int) -> float:
        return record.fitted[at(line, mark)].value

    trained = ("none", "sinusoidal", "RoPE", "ALiBi")
    rise = {line: loss(line, farthest) - loss(line, 1) for line in trained}
    assert rise["ALiBi"] < 0.05 < min(rise[line] for line in trained if line != "ALiBi")
    assert loss("RoPE", 1) == min(loss(line, 1) for line in (*trained, "learned"))
    setting = settings(record)[0]
    d, length = setting["d_model"], setting["context_length"]
    yield from (length, loss("RoPE", 1), loss("ALiBi", 1), farthest)
    yield from (loss(line, farthest) for line in ("ALiBi", "RoPE", "sinusoidal"))
    yield from (farthest, loss(f"RoPE, YaRN, factor {farthest}", farthest))
    blocks = setting["n_layers"] * (12 * d * d + 2 * d)
    yield record.data["vocabulary"] * d + blocks + d
    # The search ended two doublings from where it began, for each scheme.
    (rate,) = {4 * each["learning_rate"] for each in settings(record)}
    yield from (rate, "Press et al. (2021), Chen et al. (2023), Peng et al. (2023)")


def recurrence(record: Result) -> Meant:
    context, longest = record.data["context"], record.data["evaluated"]
    early, late, beyond = (32, 64), (context - 32, context), (context, longest)
    models = ("linear recurrence", "LSTM", "Transformer")
    loss = {name: record.curve(name).y for name in models}
    whole = {name: record.fitted[f"loss, {name}"] for name in models}
    yield from (context, *(whole[name].value for name in models))
    yield over(loss["Transformer"], beyond) - over(loss["Transformer"], late)
    times = {name: record.curve(f"{name}: time") for name in ("Transformer", "LSTM")}
    lengths = times["LSTM"].x
    yield from (lengths[0], lengths[-1])
    for curve in times.values():
        yield from (curve.y[0], curve.y[-1])
    yield max(over(of, early) - over(of, late) for of in loss.values())
    yield from (early[0] + 1, early[1], late[0] + 1, late[1])
    assert whole["LSTM"].high > whole["Transformer"].low
    yield "Kaplan et al. (2020, figure 7), Gu and Dao (2023)"


def ladder_of(record: Result) -> Ladder:
    """The recorded trainings, from the settings and the curves over tokens."""
    curves = [series for series in record.series if series.x_label == "tokens"]
    pairs = zip(settings(record), curves, strict=True)
    return Ladder(
        tuple(
            Rung(s["parameters"], s["flops_per_token"], tuple(map(int, curve.x)), curve.y)
            for s, curve in pairs
        )
    )


def scaling_ladder(record: Result) -> Meant:
    ladder = ladder_of(record)

    def found(name: str) -> Meant:
        yield from (record.fitted[name].value, record.fitted[name].low, record.fitted[name].high)

    sizes = ladder.rungs
    yield from (len(ladder.points), len(sizes))
    for name in ("E", "alpha", "beta", "exponent of C in the best N"):
        yield from found(name)
    errors = ladder.parametric.residuals(ladder.points)
    yield from (sqrt(fmean(e * e for e in errors)), max(map(abs, errors)))
    yield from (sizes[0].n_parameters, sizes[-1].n_parameters)
    yield from (len(ladder.converged), len(sizes), sizes[-1].last_gain)
    refit, kaplan = LAWS["refit"], LAWS["kaplan"]
    yield from ("Kaplan et al. (2020)", kaplan.alpha_n, "Besiroglu et al. 2024")
    assert record.fitted["alpha"].holds(refit.alpha)
    assert not record.fitted["beta"].holds(refit.beta)
    yield from (refit.alpha, refit.beta)


def stretched_rope(record: Result) -> Meant:
    """At the end the most that a larger base and YaRN cost, and the least of interpolation."""
    trained, size = settings(record)[0]["trained_length"], record.data["bin"]
    plain, interpolated, larger, yarn = (
        record.curve(name).y for name in ("plain", "interpolated", "larger_base", "yarn")
    )
    within = trained // size
    yield from (trained, len(plain) * size, size, plain[-1], yarn[-1])
    assert round(larger[-1], 2) == round(yarn[-1], 2)
    for stretched, worst in ((larger, max), (yarn, max), (interpolated, min)):
        yield worst(a - b for a, b in zip(stretched[:within], plain, strict=False))
    assert all(abs(a - b) < 0.05 for a, b in zip(yarn[:-2], plain, strict=False))
    yield "Chen et al. (2023), Peng et al. (2023)"


def transfer(record: Result) -> Meant:
    found = record.configuration["measurements"]
    accuracy = {s["way"]: m["accuracy"] for s, m in zip(settings(record), found, strict=True)}
    few, *_, most = settings(record)[0]["examples"]
    yield most
    for way in ("fine-tuned", "frozen", "from scratch", "word pairs"):
        yield fmean(accuracy[way][-1])
    yield from (few, fmean(accuracy["fine-tuned"][0]))
    yield record.fitted["right answers by the loss alone, without labels"].value
    yield settings(record)[0]["steps"]
    yield "Radford et al. (2018), 12 tasks, 9 of them"


MEANT: dict[str, Callable[[Result], Meant]] = {
    each.__name__: each
    for each in (
        attention_patterns,
        depth_and_norm,
        emergence,
        heads,
        induction,
        needle,
        pictures,
        position_loss,
        positions,
        recurrence,
        scaling_ladder,
        stretched_rope,
        transfer,
    )
}
