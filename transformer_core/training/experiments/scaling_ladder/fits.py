"""The laws that a ladder of trainings gives, and which trainings each of them is of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.fitting import ParametricFit, fit_parametric
from transformer_core.laws.points import Point
from transformer_core.laws.power_law import PowerLawFit, fit_power_law
from transformer_core.laws.scaling import training_flops

CONVERGED = 0.02  # a size whose last doubling of tokens took a smaller share of the loss


@dataclass(frozen=True)
class Rung:
    """One size: its losses at rising, doubling token budgets.

    `n_parameters` are without embeddings (Kaplan et al. 2020); `flops_per_token` of a training
    step, with attention's scores and the unembedding, which 6 N leaves out.
    """

    n_parameters: int
    flops_per_token: float
    budgets: tuple[int, ...]
    losses: tuple[float, ...]

    @property
    def last_gain(self) -> float:
        """Share of the loss that the last doubling took away."""
        return 1 - self.losses[-1] / self.losses[-2]

    @property
    def points(self) -> list[Point]:
        """Every training of this size."""
        pairs = zip(self.budgets, self.losses, strict=True)
        return [Point(self.n_parameters, tokens, loss) for tokens, loss in pairs]


@dataclass(frozen=True)
class Ladder:
    """All sizes, from small to large. A law of one variable is None where fewer than 3 points are.

    Compute is C = 6 N D unless it is called exact.
    """

    rungs: tuple[Rung, ...]

    @property
    def points(self) -> list[Point]:
        """All trainings."""
        return [point for rung in self.rungs for point in rung.points]

    @property
    def converged(self) -> list[Rung]:
        """The sizes whose last doubling of tokens gained less than `CONVERGED`."""
        return [rung for rung in self.rungs if rung.last_gain < CONVERGED]

    def at(self, budget: int) -> list[Point]:
        """The trainings to one budget, by size."""
        return [point for point in self.points if point.n_tokens == budget]

    @property
    def best_of_tokens(self) -> list[Point]:
        """The lowest loss at each budget that more than half of the sizes were trained to."""
        budgets = sorted({point.n_tokens for point in self.points})
        some = [points for b in budgets if 2 * len(points := self.at(int(b))) > len(self.rungs)]
        return [min(points, key=lambda point: point.loss) for points in some]

    @property
    def frontier(self) -> list[tuple[float, Point]]:
        """The trainings that no other of as little compute beats, each after its compute."""
        return lower_edge([(compute(point), point) for point in self.points])

    @property
    def exact_frontier(self) -> list[tuple[float, Point]]:
        """The same by all floating-point operations."""
        return lower_edge(
            [(rung.flops_per_token * p.n_tokens, p) for rung in self.rungs for p in rung.points]
        )

    @cached_property
    def parametric(self) -> ParametricFit:
        """E + A / N^alpha + B / D^beta over all trainings."""
        return fit_parametric(self.points)

    @property
    def in_n(self) -> PowerLawFit | None:
        """Over the converged sizes, each at its last budget."""
        return power_law([(rung.n_parameters, rung.losses[-1]) for rung in self.converged])

    @property
    def in_n_above_floor(self) -> PowerLawFit | None:
        """The same of L - E, with the E of the parametric law."""
        e = self.parametric.law.e
        return power_law([(r.n_parameters, r.losses[-1] - e) for r in self.converged])

    @property
    def in_n_at(self) -> dict[int, PowerLawFit]:
        """At each budget that three sizes or more were trained to, over those sizes."""
        budgets = sorted({budget for rung in self.rungs for budget in rung.budgets})
        laws = {b: power_law([(p.n_parameters, p.loss) for p in self.at(b)]) for b in budgets}
        return {budget: law for budget, law in laws.items() if law}

    @property
    def in_d(self) -> PowerLawFit | None:
        """Over the best size at each budget."""
        return power_law([(p.n_tokens, p.loss) for p in self.best_of_tokens])

    @property
    def in_c(self) -> PowerLawFit | None:
        """Over the frontier."""
        return power_law([(cost, point.loss) for cost, point in self.frontier])

    @property
    def in_c_exact(self) -> PowerLawFit | None:
        """Over the frontier of all floating-point operations."""
        return power_law([(cost, point.loss) for cost, point in self.exact_frontier])

    @property
    def growth(self) -> Estimate | None:
        """The exponent of C in the best N, beta / (alpha + beta), at the corners of the intervals.

        None where a term does not fall at all, so that no size is the best.
        """
        alpha, beta = (self.parametric.estimates[name] for name in ("alpha", "beta"))
        if min(alpha.value, beta.value) <= 0:
            return None
        return Estimate(
            beta.value / (alpha.value + beta.value),
            beta.low / (alpha.high + beta.low),
            beta.high / (alpha.low + beta.high),
        )


def compute(point: Point) -> float:
    """C = 6 N D."""
    return training_flops(point.n_parameters, point.n_tokens)


def lower_edge(costs: list[tuple[float, Point]]) -> list[tuple[float, Point]]:
    """Those with a lower loss than all that cost no more, by cost."""
    edge: list[tuple[float, Point]] = []
    for cost, point in sorted(costs, key=lambda pair: (pair[0], pair[1].loss)):
        if not edge or point.loss < edge[-1][1].loss:
            edge.append((cost, point))
    return edge


def power_law(pairs: list[tuple[float, float]]) -> PowerLawFit | None:
    """Of (x, loss); None where it would say nothing: under three points, or a loss not above 0."""
    if len(pairs) < 3 or min(loss for _, loss in pairs) <= 0:
        return None
    return fit_power_law([x for x, _ in pairs], [loss for _, loss in pairs])
