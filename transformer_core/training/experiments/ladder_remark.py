"""What a ladder of trainings shows, in sentences that its numbers make."""

from __future__ import annotations

from math import sqrt

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.power_law import PowerLawFit
from transformer_core.laws.scaling import LAWS, KaplanLaw, ParametricLaw
from transformer_core.training.experiments.ladder_fits import CONVERGED, Ladder

STRAIGHT = 0.98  # R^2 in log-log from which a power law is called one


def amount(n: float) -> str:
    """9700 as "9.7 thousand", 2^20 as "1.05 million"."""
    return f"{n / 1e6:.3g} million" if n >= 1e6 else f"{n / 1e3:.3g} thousand"


def remark(ladder: Ladder, spreads: dict[str, Estimate]) -> str:
    """Every sentence."""
    sentences = [
        _parametric(ladder),
        _best_size(ladder),
        _range(ladder),
        *_converged(ladder),
        *_single_laws(ladder),
        _published(ladder),
        *(f"{name.capitalize()}: {e.low:.3f} to {e.high:.3f}." for name, e in spreads.items()),
    ]
    return " ".join(sentences)


def _range(ladder: Ladder) -> str:
    sizes, points = ladder.rungs, ladder.points
    best = min(points, key=lambda p: p.loss)
    return (
        f"{len(points)} trainings of {len(sizes)} sizes from {amount(sizes[0].n_parameters)} to "
        f"{amount(sizes[-1].n_parameters)} parameters (N, without embeddings); the lowest loss is "
        f"{best.loss:.3f}, of {amount(best.n_parameters)} after {amount(best.n_tokens)} tokens."
    )


def _law(law: PowerLawFit) -> str:
    e = law.exponent
    return f"{e.value:.3f} ({e.low:.3f} to {e.high:.3f}), R² {law.r_squared:.4f}"


def _converged(ladder: Ladder) -> list[str]:
    gains = ", ".join(f"{100 * rung.last_gain:.1f} %" for rung in ladder.rungs)
    said = [f"The last doubling of tokens took from the loss, by size: {gains}."]
    n, law = len(ladder.converged), ladder.in_n
    converged = f"Converged (below {100 * CONVERGED:g} %): {n} of {len(ladder.rungs)} sizes"
    if not law:
        said.append(f"{converged}, too few for a law in N; the others would need more tokens.")
    else:
        said.append(f"{converged}; over them L falls with N by {_law(law)}{_straight(law)}.")
        above = ladder.in_n_above_floor
        if law.r_squared < STRAIGHT and above:
            said.append(f"Less the floor E: {_law(above)}{_straight(above)}.")
    most = max(law.n_points for law in ladder.in_n_at.values())
    widest = max(budget for budget, law in ladder.in_n_at.items() if law.n_points == most)
    for budget in sorted({widest, max(ladder.in_n_at)}):
        law = ladder.in_n_at[budget]
        sizes = f"the {law.n_points} sizes trained to {amount(budget)} tokens"
        said.append(f"Over {sizes}: {_law(law)}{_straight(law)}.")
    return said


def _straight(law: PowerLawFit) -> str:
    return "" if law.r_squared >= STRAIGHT else f", which is below {STRAIGHT}: no power law"


def _single_laws(ladder: Ladder) -> list[str]:
    laws = {"D (best size at each budget)": ladder.in_d, "C = 6 N D (not beaten)": ladder.in_c}
    said = [
        f"Exponent of {name}: {_law(law)}{_straight(law)}." for name, law in laws.items() if law
    ]
    if ladder.in_c_exact:
        ratios = [rung.flops_per_token / (6 * rung.n_parameters) for rung in ladder.rungs]
        said.append(
            f"All operations, scores and unembedding too, are {ratios[0]:.2f} (smallest) to "
            f"{ratios[-1]:.2f} times (largest) 6 N D; with them the exponent of C is "
            f"{_law(ladder.in_c_exact)}."
        )
    return said


def _interval(e: Estimate) -> str:
    return f"{e.value:.2f} ({e.low:.2f} to {e.high:.2f})"


def _parametric(ladder: Ladder) -> str:
    fit = ladder.parametric
    errors = fit.residuals(ladder.points)
    off = sqrt(sum(error**2 for error in errors) / len(errors))
    e, alpha, beta = (_interval(fit.estimates[name]) for name in ("e", "alpha", "beta"))
    return (
        f"L = E + A / N^alpha + B / D^beta: E {e}, alpha {alpha}, beta {beta}; it is off by "
        f"{100 * off:.1f} % (root mean square), by {100 * max(map(abs, errors)):.1f} % at most."
    )


def _best_size(ladder: Ladder) -> str:
    if not ladder.growth:
        return "One of its terms does not fall, so it names no best size."
    fit, (most, _) = ladder.parametric, ladder.frontier[-1]
    best = fit.law.optimum(most)
    said = (
        f"By it the best N grows as C^{_interval(ladder.growth)}; at {most:.1e} FLOP it is "
        f"{amount(best.n_parameters)}, with {best.tokens_per_parameter:.3g} tokens per parameter"
    )
    least, largest = ladder.rungs[0].n_parameters, ladder.rungs[-1].n_parameters
    inside = least <= best.n_parameters <= largest
    return said + ("." if inside else ", a size that the ladder does not hold.")


def _published(ladder: Ladder) -> str:
    kaplan, refit = LAWS["kaplan"], LAWS["refit"]
    assert isinstance(kaplan, KaplanLaw)
    assert isinstance(refit, ParametricLaw)
    fitted = ladder.parametric.estimates
    found = [
        _beside(f"alpha {refit.alpha} (2024 refit of Chinchilla)", refit.alpha, fitted["alpha"]),
        _beside(f"beta {refit.beta} (the same)", refit.beta, fitted["beta"]),
    ]
    if ladder.in_n:
        name = f"{kaplan.alpha_n} for N without a floor (Kaplan et al. 2020)"
        found.append(_beside(name, kaplan.alpha_n, ladder.in_n.exponent))
    return f"Published, on other text with a larger vocabulary: {'; '.join(found)}."


def _beside(name: str, published: float, ours: Estimate) -> str:
    return f"{name}, {'within' if ours.holds(published) else 'outside'} the interval found here"
