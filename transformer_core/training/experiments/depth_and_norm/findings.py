"""What follows from stacks of several depths: curves by depth, step, rate and layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transformer_core.records.result import Series
from transformer_core.training.experiments.depth_and_norm.measurement import Line, Measurement
from transformer_core.training.experiments.depth_and_norm.setting import Setting
from transformer_core.training.experiments.experiment import Findings

NATS = "held-out loss, nats per token"
Stacks = dict[tuple[str, int], Measurement]  # by design and number of layers


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Loss over depth, over steps and over rates; gradients over layers."""
    stacks = {(s.design, s.n_layers): m for s, m in zip(settings, measured, strict=True)}
    later = f"gradient norm after {settings[0].gradients_after} steps"
    series = [*_final(stacks), *_curves(stacks), *_rates(stacks), *_gradients(stacks, later)]
    return Findings(tuple(series), settings[0].tokens)


def _lines(stacks: Stacks) -> Iterator[tuple[str, int, Line]]:
    """Each with its name, of design and warm-up, and its number of layers."""
    for (design, n), measured in stacks.items():
        for variant, line in measured.lines.items():
            yield f"{design}, {variant}", n, line


def _final(stacks: Stacks) -> Iterator[Series]:
    depths = sorted({n for _, n in stacks})
    x = tuple(map(float, depths))
    losses = {(name, n): round(line.loss, 4) for name, n, line in _lines(stacks)}
    for name in dict.fromkeys(name for name, _ in losses):
        yield Series(name, "layers", NATS, x, tuple(losses[name, n] for n in depths))
    alone = tuple(stacks["pre-norm", n].frequencies for n in depths)
    yield Series("token frequencies alone", "layers", NATS, x, alone)


def _curves(stacks: Stacks) -> Iterator[Series]:
    for name, n, line in _lines(stacks):
        steps = tuple(map(float, line.curve.steps))
        yield Series(name, f"step ({n} layers)", NATS, steps, line.curve.loss)


def _rates(stacks: Stacks) -> Iterator[Series]:
    for (design, n), measured in stacks.items():
        for variant, runs in measured.rates.items():
            whole = {rate: run.loss for rate, run in runs.items() if run.diverged is None}
            x, y = tuple(map(float, whole)), tuple(whole.values())
            if len(x) > 1:
                yield Series(f"{design}, {variant}", f"learning rate ({n} layers)", NATS, x, y)


def _gradients(stacks: Stacks, later: str) -> Iterator[Series]:
    for (design, n), measured in stacks.items():
        yield _by_layer(design, n, "gradient norm at initialisation", measured.start)
    for name, n, line in _lines(stacks):
        if line.curve.after:
            yield _by_layer(name, n, later, line.curve.after)


def _by_layer(name: str, n: int, y_label: str, norms: tuple[float, ...]) -> Series:
    layers = tuple(float(layer + 1) for layer in range(len(norms)))
    return Series(name, f"layer of {n}", y_label, layers, norms)
