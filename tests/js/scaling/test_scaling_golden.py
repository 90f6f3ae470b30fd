"""The scaling laws in the browser against the core's."""

from pathlib import Path

from pages.n4_scale.scaling.scaling_board import DEFAULT, describe_scaling
from tests.js.golden import compare
from transformer_core.laws.scaling import (
    LAWS,
    ParametricLaw,
    cheapest_for_loss,
    lifetime_flops,
    training_flops,
)

HERE = Path(__file__).parent
POINTS = [(3.5e6, 1.7e7), (1e9, 2e10), (1e10, 2e11), (7e10, 1.4e12), (1e12, 1e14), (2.8e11, 3e11)]
BUDGETS = [1e15, 1e19, 5.76e23, 1e27]
SERVED = [0, 1e9, 1e13, 1e15]


def lives(law: ParametricLaw, n: float, d: float) -> list[dict[str, float]]:
    """The cheapest model for each number of tokens served, at the loss of a point."""
    found = []
    for served in SERVED:
        best = cheapest_for_loss(law, law.loss(n, d), served)
        cost = lifetime_flops(best.n_parameters, best.n_tokens, served)
        found.append({"served": served, "n": best.n_parameters, "d": best.n_tokens, "total": cost})
    return found


def test_laws(tmp_path):
    constants = describe_scaling("chinchilla", DEFAULT, "fable-classic")["laws"]
    cases = []
    for name, law in LAWS.items():
        points = [
            {
                "n": n,
                "d": d,
                "budget": training_flops(n, d),
                "loss": law.loss(n, d),
                "lives": lives(law, n, d) if isinstance(law, ParametricLaw) else [],
            }
            for n, d in POINTS
        ]
        best = [law.optimum(flops) for flops in BUDGETS]
        budgets = [
            {"flops": flops, "n": each.n_parameters, "d": each.n_tokens}
            for flops, each in zip(BUDGETS, best, strict=True)
        ]
        cases.append({"name": name, "law": constants[name], "points": points, "budgets": budgets})
    compare(HERE / "scaling_laws.golden.js", tmp_path, {"laws": cases})
