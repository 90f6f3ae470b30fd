"""What a ladder of trainings shows: its points as curves, and its laws."""

from __future__ import annotations

from collections.abc import Sequence

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.fitting import CONSTANTS
from transformer_core.laws.power_law import PowerLawFit
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.scaling_ladder.fits import Ladder, Rung, compute
from transformer_core.training.experiments.scaling_ladder.measurement import Measurement
from transformer_core.training.experiments.scaling_ladder.setting import Setting
from transformer_core.training.experiments.spread import exactly, spread

LOSS = "loss, nats per token"
TOKENS = "tokens"
PARAMETERS = "parameters without embeddings"
COMPUTE = "compute C = 6 N D, FLOP"


def amount(n: float) -> str:
    """9700 as "9.7 thousand", 2^20 as "1.05 million"."""
    return f"{n / 1e6:.3g} million" if n >= 1e6 else f"{n / 1e3:.3g} thousand"


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """The points against tokens, parameters and compute; the laws; the best size."""
    ladder = Ladder(
        tuple(
            Rung(s.parameters, s.flops_per_token, s.budgets, m.losses)
            for s, m in zip(settings, measured, strict=True)
        )
    )
    sizes = [rung.n_parameters for rung in ladder.rungs]
    rates = [m.tuned.learning_rate for m in measured]
    series = (
        *_against_tokens(ladder),
        *_against_parameters(ladder),
        *_against_compute(ladder),
        *_best_sizes(ladder),
        _series("tuned", PARAMETERS, "learning rate", sizes, rates),
    )
    return Findings(
        tuple(curve for curve in series if len(curve.x) > 1),
        tokens=max(setting.tokens for setting in settings),
        fitted=fitted(ladder) | _spreads(settings, measured),
    )


def _series(
    name: str, x_label: str, y_label: str, x: Sequence[float], y: Sequence[float]
) -> Series:
    return Series(name, x_label, y_label, tuple(map(float, x)), tuple(map(float, y)))


def _against_tokens(ladder: Ladder) -> list[Series]:
    return [
        _series(amount(r.n_parameters), TOKENS, LOSS, r.budgets, r.losses) for r in ladder.rungs
    ]


def _against_parameters(ladder: Ladder) -> list[Series]:
    curves = []
    for budget in sorted({budget for rung in ladder.rungs for budget in rung.budgets}):
        points = ladder.at(budget)
        x, y = [p.n_parameters for p in points], [p.loss for p in points]
        curves.append(_series(f"{amount(budget)} tokens", PARAMETERS, LOSS, x, y))
    return curves


def _against_compute(ladder: Ladder) -> list[Series]:
    curves = [
        _series(
            f"{amount(rung.n_parameters)}, by compute",
            COMPUTE,
            LOSS,
            [compute(point) for point in rung.points],
            rung.losses,
        )
        for rung in ladder.rungs
    ]
    x, y = [c for c, _ in ladder.frontier], [point.loss for _, point in ladder.frontier]
    return [*curves, _series("not beaten", COMPUTE, LOSS, x, y)]


def _best_sizes(ladder: Ladder) -> list[Series]:
    """Of the trainings that no other beats, and by the parametric law, at the same compute."""
    x = [cost for cost, _ in ladder.frontier]
    trained = [point.n_parameters for _, point in ladder.frontier]
    curves = [_series("size not beaten", COMPUTE, PARAMETERS, x, trained)]
    if ladder.growth:
        law = ladder.parametric.law
        best = [round(law.optimum(cost).n_parameters) for cost in x]
        curves.append(_series("best by the law", COMPUTE, PARAMETERS, x, best))
    return curves


def fitted(ladder: Ladder) -> dict[str, Estimate]:
    """The parametric law and those of one variable, to four figures."""
    names = {"e": "E", "a": "A", "b": "B"}
    found = {names.get(c, c): ladder.parametric.estimates[c] for c in CONSTANTS}
    laws: dict[str, PowerLawFit | None] = {
        "N, converged sizes": ladder.in_n,
        "N, converged sizes, L - E": ladder.in_n_above_floor,
        **{f"N at {amount(budget)} tokens": law for budget, law in ladder.in_n_at.items()},
        "D, best size at each budget": ladder.in_d,
        "C = 6 N D, trainings not beaten": ladder.in_c,
        "C exact, trainings not beaten": ladder.in_c_exact,
    }
    for name, law in laws.items():
        if law:
            found[f"exponent of {name}"] = law.exponent
            found[f"R² of {name}"] = exactly(law.r_squared)
    if ladder.growth:
        found["exponent of C in the best N"] = ladder.growth
    return {
        name: Estimate(*(float(f"{v:.4g}") for v in (e.value, e.low, e.high)))
        for name, e in found.items()
    }


def _spreads(settings: Sequence[Setting], measured: Sequence[Measurement]) -> dict[str, Estimate]:
    """Mean, lowest and highest loss over the seeds, at the last budget that all of them had."""
    found = {}
    for setting, m in zip(settings, measured, strict=True):
        if m.repeated:
            at = len(m.repeated[0]) - 1
            losses = [m.losses[at], *(losses[at] for losses in m.repeated)]
            size, tokens = amount(setting.parameters), amount(setting.budgets[at])
            found[f"loss of {size} at {tokens} tokens, {len(losses)} seeds"] = spread(losses)
    return found
