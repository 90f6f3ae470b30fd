"""What the best size seems to grow with if embeddings are left out of the count.

Kaplan et al. (2020) count N and C = 6 N D without embeddings. Pearce and Song (2024, arXiv
2406.12907) show that a law of all parameters then looks steeper at small sizes. Here the law is
L(N, D) = E + A / N^alpha + B / D^beta of all parameters, and layers of 12 d_model^2 weights each,
with d_model / n_layers constant.
"""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.laws.scaling import ParametricLaw

ASPECT = 39.2  # d_model / n_layers, as Pearce and Song take it


@dataclass(frozen=True)
class UncountedEmbeddings:
    """A law of all parameters, seen by someone who counts those of the layers, n, alone."""

    law: ParametricLaw
    vocabulary: int

    @property
    def weight(self) -> float:
        """w: embeddings are vocabulary x d_model = w n^(1/3), since n = 12 d_model^3 / ASPECT."""
        return float(self.vocabulary * (ASPECT / 12) ** (1 / 3))

    def total(self, n: float) -> float:
        """N = n + w n^(1/3)."""
        return float(n + self.weight * n ** (1 / 3))

    def tokens(self, n: float) -> float:
        """D for which n is the best size under 6 n D = C, where dL/dn = 0.

        alpha A N^-(alpha + 1) dN/dn = beta B D^-beta / n.
        """
        law = self.law
        slope = 1 + self.weight / 3 * n ** (-2 / 3)
        gain = law.alpha * law.a * self.total(n) ** -(law.alpha + 1) * slope * n
        return float((law.beta * law.b / gain) ** (1 / law.beta))

    def growth(self, n: float) -> float:
        """a in n ~ C^a around the budget for which n is the best size: d ln n / d ln C.

        ln C = ln 6 + ln n + ln D, so 1 / a = 1 + d ln D / d ln n.
        """
        bend = self.weight * n ** (-2 / 3)  # embeddings per counted parameter
        slope = 1 + bend / 3
        of_total = slope / (1 + bend)  # d ln N / d ln n
        of_slope = -2 / 9 * bend / slope  # d ln(dN/dn) / d ln n
        of_tokens = ((self.law.alpha + 1) * of_total - of_slope - 1) / self.law.beta
        return float(1 / (1 + of_tokens))
