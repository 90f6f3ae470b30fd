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
from transformer_core.training.experiments.scaling_ladder.fits import CONVERGED, Ladder, Rung

MODEL = Path(__file__).parents[3] / "assets" / "models" / "fable-modern"
FORMED = 0.3  # a head that gives its role so much of its weight is called by its name
STRAIGHT = 0.98  # R² from which a line is called a power law

# What each figure is: a value, or a name or a citation with figures of its own.
Meant = Iterator[float | str]


def settings(record: Result) -> list[dict]:
    return record.configuration["settings"]


def attention_patterns(record: Result) -> Meant:
    names = [setting["pattern"] for setting in settings(record)]
    loss = {name: record.fitted[f"{name}: mean loss"] for name in names}
    yield loss["full"].value
    for name in names[1:]:
        yield name
        yield loss[name].value - loss["full"].value
        yield record.fitted[f"{name}: share of pairs"].value
        yield record.fitted[f"{name}: share of flops"].value
    for worse in (True, False):
        yield from (n for n in names[1:] if (loss[n].value > loss["full"].value) is worse)
    yield max(estimate.high - estimate.low for estimate in loss.values())
    by_position = record.series[0].y
    yield by_position[-2] - by_position[-1]
    *_, first, end, length = edges(settings(record)[0]["context_length"])
    yield from (first, end - 1, record.tokens, length)


DESIGNS, BOTH = ("pre-norm", "post-norm", "no skips"), ("pre-norm", "post-norm")
NATS, SAME = "held-out loss, nats per token", "no warm-up, same rate"


def depth_and_norm(record: Result) -> Meant:
    curves = {(s.name, s.x_label, s.y_label): s for s in record.series}
    final = {
        name: dict(zip(map(int, s.x), s.y, strict=True))
        for (name, x, _), s in curves.items()
        if x == "layers"
    }
    alone = final.pop("token frequencies alone")
    few, *_, many = depths = list(alone)
    yield alone[few]
    for design in DESIGNS:
        for n in depths:
            yield from (final[f"{design}, warm-up"][n], n)
    for design in DESIGNS:
        yield from (n for n in depths if final[f"{design}, warm-up"][n] < alone[n] - 0.05)
    for setting in settings(record):
        n, rates = setting["n_layers"], setting["rates"]
        key = (f"{setting['design']}, warm-up", f"learning rate ({n} layers)", NATS)
        if len(rates) == 1 or min(curves[key].y) in (curves[key].y[0], curves[key].y[-1]):
            yield n
    for design in BOTH:
        for variant in ("no warm-up", SAME):
            for n in depths:
                cost = final[f"{design}, {variant}"][n] - final[f"{design}, warm-up"][n]
                yield from (cost, n)
    (twice,) = {s["n_layers"] for s in settings(record) if len(s["seeds"]) == 2}
    first = {name: curves[name, f"step ({twice} layers)", NATS].y[-1] for name in final}
    yield max(2 * abs(losses[twice] - first[name]) for name, losses in final.items())
    yield "arXiv 2002.04745"
    start = {
        (design, n): curves[design, f"layer of {n}", "gradient norm at the start"].y
        for design in DESIGNS
        for n in depths
    }
    yield from (few, many, start["pre-norm", few][-1] / start["pre-norm", many][-1])
    yield from (1, sqrt(many / few), start["post-norm", few][-1] / start["post-norm", many][-1])
    yield from (many, *(start[design, many][0] / start[design, many][-1] for design in DESIGNS))
    after = settings(record)[0]["gradients_after"]
    yield after
    with_a_warm_up = [f"{design}, warm-up" for design in DESIGNS]
    for name in (*with_a_warm_up[:2], f"post-norm, {SAME}", *with_a_warm_up[2:]):
        for n in depths:
            norms = curves[name, f"layer of {n}", f"gradient norm after {after} steps"].y
            yield from (norms[0] / norms[-1], n)


def emergence(record: Result) -> Meant:
    for role in ("previous token", "induction"):
        curve = record.curve(role)
        yield FORMED
        yield from [x for x, y in zip(curve.x, curve.y, strict=True) if y >= FORMED][:1]
        yield from (curve.y[-1], record.curve(f"{role}, by chance").y[-1])
    yield record.curve("random tokens").y[-1] - record.curve("random tokens again").y[-1]


def induction(record: Result) -> Meant:
    """The last sentence is of a shipped model, which has the heads that this one lacks."""
    yield from emergence(record)
    heads = json.loads((MODEL / "head_roles.json").read_text("utf-8"))["heads"]
    assert max(head["repeated"]["induction"] for head in heads) >= FORMED
    shipped = json.loads((MODEL / "training.json").read_text("utf-8"))
    yield from (shipped["parameters"], shipped["config"]["n_layers"], shipped["config"]["d_model"])
    yield shipped["tokens_seen"]


def heads(record: Result) -> Meant:
    losses, times = record.series[:4], record.series[4:]
    means = [fmean(curve.y) for curve in losses]
    yield max(means) - min(means)
    yield max(max(curve.y) - min(curve.y) for curve in losses)
    for curve, mean, time in zip(losses, means, times, strict=True):
        yield from (curve.name, mean, curve.x[0], time.y[-1], time.x[-1])


def needle(record: Result) -> Meant:
    names = [setting["pattern"] for setting in settings(record)]
    n_layers, window = settings(record)[0]["n_layers"], settings(record)[0]["window"]
    farthest, chance = n_layers * (window - 1), 1 / record.data["values"]
    yield from (n_layers, window, n_layers, window, 1, farthest)
    recall = {s.name: dict(zip(s.x, s.y, strict=True)) for s in record.series[: len(names)]}
    yield from (recall["sliding window"][farthest], recall["sliding window"][farthest + 1])
    allowed = {s.name: s for s in record.series[len(names) + 1 :]}
    share = {key: estimate.value for key, estimate in record.fitted.items()}
    for name in names:
        yield name
        yield share[f"{name}: share of questions in reach"]
        yield max(x for x, y in zip(allowed[name].x, allowed[name].y, strict=True) if y > chance)
        yield share[f"{name}: recall in reach"]
        yield share[f"{name}: recall in reach without keys"]
    beyond = {
        name: 1 - share[f"{name}: share of questions in reach"]
        for name in names
        if f"{name}: recall out of reach" in share
    }
    right = sum(part * share[f"{name}: recall out of reach"] for name, part in beyond.items())
    yield from (right / sum(beyond.values()), chance)
    for name in names:
        keys = share[f"{name}: recall in reach without keys"]
        if share[f"{name}: recall in reach"] < (1 + keys) / 2:
            yield name


def position_loss(record: Result) -> Meant:
    yield settings(record)[0]["windows"]
    yield settings(record)[0]["trained_length"]
    yield record.data["bin"]
    yield from (curve.y[-1] for curve in record.series)


def positions(record: Result) -> Meant:
    farthest, half = record.data["farthest"], record.data["farthest"] // 2
    interpolated, ntk, yarn = (
        f"RoPE, {name}, factor {farthest}" for name in ("interpolated", "NTK-aware", "YaRN")
    )

    def loss(line: str, mark: int) -> float:
        return record.fitted[at(line, mark)].value

    def change(line: str, since: int = 1) -> float:
        return loss(line, farthest) - loss(line, since)

    def lower(line: str, other: str, mark: int) -> Meant:
        assert record.fitted[at(line, mark)].high < record.fitted[at(other, mark)].low
        yield from (mark, loss(line, mark), loss(other, mark))

    def order(mark: int) -> list:
        estimates = [e for name, e in record.fitted.items() if name.endswith(at("", mark))]
        return sorted(estimates, key=lambda estimate: estimate.value)

    yield from (2, farthest, *(estimate.value for estimate in order(1)), farthest)
    for estimate in order(farthest):
        yield from (estimate.value, estimate.low, estimate.high)
    yield from (farthest, farthest, change("ALiBi"))
    yield from (change("sinusoidal"), change("RoPE"), change("none"))
    yield from lower("RoPE", interpolated, 1)
    yield from lower(interpolated, "RoPE", farthest)
    yield from lower(ntk, interpolated, 1)
    yield from lower(ntk, interpolated, half)
    yield from (change(ntk, half), half, farthest)
    yield from lower(yarn, interpolated, 1)
    yield from lower(yarn, interpolated, farthest)
    yield from lower(yarn, ntk, farthest)
    setting = settings(record)[0]
    d, length = setting["d_model"], setting["context_length"]
    blocks = setting["n_layers"] * (12 * d * d + 2 * d)
    yield from (length, record.data["vocabulary"] * d + blocks + d, length * d)
    for each in settings(record):  # the search ended two doublings from where it began
        yield 4 * each["learning_rate"]


def recurrence(record: Result) -> Meant:
    context, longest = record.data["context"], record.data["evaluated"]
    early, late, beyond = (32, 64), (context - 32, context), (context, longest)
    models = [setting["model"] for setting in settings(record)[:-1]]
    loss = {name: record.curve(name).y for name in models}
    times = {s.name: s for s in record.series if s.name.endswith(": time")}
    ms = [curve.y for curve in times.values()]
    lengths = next(iter(times.values())).x
    yield context
    for each in sorted((record.fitted[f"loss, {name}"] for name in models), key=lambda e: e.value):
        yield from (each.value, each.low, each.high)
    yield from (early[0] + 1, early[1], late[0] + 1, late[1])
    yield from (over(loss[name], early) - over(loss[name], late) for name in models)
    yield from ("arXiv 2001.08361", 7, 1024)  # a figure of that paper, and its context
    yield from (beyond[0] + 1, beyond[1])
    yield from (over(loss[name], beyond) - over(loss[name], late) for name in models)
    yield from (lengths[0], *(of[0] for of in ms), lengths[-1], *(of[-1] for of in ms))
    yield 256  # from where the exponents are fitted
    yield from (e.value for name, e in record.fitted.items() if "exponent" in name)
    loop, scan = (times[f"linear recurrence{how}: time"].y[-1] for how in (", one by one", ""))
    yield from (lengths[-1], loop / scan)
    shares = [record.curve(f"{name}, trained").y for name in models]
    yield from (0, 1, *(share[0] for share in shares), 192, 255, *(share[-1] for share in shares))


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

    def law(name: str) -> Meant:
        r_squared = record.fitted[f"R² of {name}"].value
        yield from found(f"exponent of {name}")
        yield from (r_squared, STRAIGHT) if r_squared < STRAIGHT else (r_squared,)

    for name in ("E", "alpha", "beta"):
        yield from found(name)
    errors = ladder.parametric.residuals(ladder.points)
    yield from (sqrt(fmean(e * e for e in errors)), max(map(abs, errors)))
    yield from found("exponent of C in the best N")
    most = record.curve("best by the law").x[-1]
    best = ladder.parametric.law.optimum(most)
    yield from (most, record.curve("best by the law").y[-1], best.tokens_per_parameter)
    sizes, lowest = ladder.rungs, min(ladder.points, key=lambda point: point.loss)
    yield from (len(ladder.points), len(sizes), sizes[0].n_parameters, sizes[-1].n_parameters)
    yield from (lowest.loss, lowest.n_parameters, lowest.n_tokens)
    yield from (rung.last_gain for rung in sizes)
    yield from (CONVERGED, len(ladder.converged), len(sizes), *law("N, converged sizes"))
    for tokens in ("1.05 million", "8.39 million"):
        yield len(record.curve(f"{tokens} tokens").x)
        yield tokens
        yield from law(f"N at {tokens} tokens")
    yield from law("D, best size at each budget")
    yield from (6, *law("C = 6 N D, trainings not beaten"))
    ratios = [rung.flops_per_token / (6 * rung.n_parameters) for rung in sizes]
    yield from (ratios[0], ratios[-1], 6, *law("C exact, trainings not beaten"))
    refit, kaplan = LAWS["refit"], LAWS["kaplan"]
    yield from (refit.alpha, "2024", refit.beta, kaplan.alpha_n, "2020")
    for name, estimate in record.fitted.items():
        if name.startswith("loss of"):
            yield from (name, estimate.low, estimate.high)


MEANT: dict[str, Callable[[Result], Meant]] = {
    each.__name__: each
    for each in (
        attention_patterns,
        depth_and_norm,
        emergence,
        heads,
        induction,
        needle,
        position_loss,
        positions,
        recurrence,
        scaling_ladder,
    )
}
