"""What follows from the stacks of `depth_and_norm`: curves by depth, step, rate and layer."""

from __future__ import annotations

from collections.abc import Iterator

from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings, Measured, Setting
from transformer_core.training.experiments.stack_remark import Stacks, remark

NATS = "held-out loss, nats per token"


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Loss over depth, over steps and over rates; gradients over layers."""
    keys = [(s["design"], s["n_layers"]) for s in settings]
    stacks = Stacks(settings, dict(zip(keys, measured, strict=True)))
    series = [*_final(stacks), *_curves(stacks), *_rates(stacks), *_gradients(stacks)]
    return Findings(tuple(series), settings[0]["tokens"], remark(stacks))


def _final(stacks: Stacks) -> Iterator[Series]:
    names = dict.fromkeys((design, variant) for design, variant, _, _ in stacks.lines())
    depths, x = stacks.depths, tuple(map(float, stacks.depths))
    for design, variant in names:
        y = tuple(round(stacks.loss(design, n, variant), 4) for n in depths)
        yield Series(f"{design}, {variant}", "layers", NATS, x, y)
    alone = tuple(stacks.by_design["pre-norm", n]["frequencies"] for n in depths)
    yield Series("token frequencies alone", "layers", NATS, x, alone)


def _curves(stacks: Stacks) -> Iterator[Series]:
    for design, variant, n, line in stacks.lines():
        x, y = tuple(map(float, line["steps"])), tuple(line["loss"])
        yield Series(f"{design}, {variant}", f"step ({n} layers)", NATS, x, y)


def _rates(stacks: Stacks) -> Iterator[Series]:
    for (design, n), measured in stacks.by_design.items():
        for variant, runs in measured["rates"].items():
            whole = {rate: run["loss"] for rate, run in runs.items() if run["diverged"] is None}
            x, y = tuple(map(float, whole)), tuple(whole.values())
            if len(x) > 1:
                yield Series(f"{design}, {variant}", f"learning rate ({n} layers)", NATS, x, y)


def _gradients(stacks: Stacks) -> Iterator[Series]:
    later = f"gradient norm after {stacks.settings[0]['gradients_after']} steps"
    for (design, n), measured in stacks.by_design.items():
        yield _by_layer(design, n, "gradient norm at the start", measured["start"])
    for design, variant, n, line in stacks.lines():
        if line["after"]:
            yield _by_layer(f"{design}, {variant}", n, later, line["after"])


def _by_layer(name: str, n: int, y_label: str, norms: list[float]) -> Series:
    layers = tuple(float(layer + 1) for layer in range(len(norms)))
    return Series(name, f"layer of {n}", y_label, layers, tuple(norms))
