"""What the stacks of `depth_and_norm` say, in sentences made from their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transformer_core.training.experiments.experiment import Measured, Setting

BOTH = ("pre-norm", "post-norm")  # the designs that are trained with and without a warm-up
SAME = "no warm-up, same rate"
MARGIN = 0.05  # nats below the loss of the frequencies alone: more than those was learnt


@dataclass(frozen=True)
class Stacks:
    """All measurements, by design and number of layers."""

    settings: list[Setting]
    by_design: dict[tuple[str, int], Measured]

    @property
    def depths(self) -> list[int]:
        """Numbers of layers, from low to high."""
        return sorted({n for _, n in self.by_design})

    def line(self, design: str, n: int, variant: str = "warm-up") -> Measured:
        """One run: rate, steps, loss, diverged, after, last (a loss for each seed)."""
        line: Measured = self.by_design[design, n]["lines"][variant]
        return line

    def loss(self, design: str, n: int, variant: str = "warm-up") -> float:
        """Mean over the seeds of the loss at the end."""
        last = self.line(design, n, variant)["last"]
        return float(sum(last) / len(last))

    def learnt(self, design: str, n: int, variant: str = "warm-up") -> bool:
        """Whether more than the tokens' frequencies was learnt."""
        alone = self.by_design[design, n]["frequencies"]
        return self.loss(design, n, variant) < alone - MARGIN

    def lines(self) -> Iterator[tuple[str, str, int, Measured]]:
        """Design, variant, layers, run."""
        for (design, n), measured in self.by_design.items():
            for variant, line in measured["lines"].items():
                yield design, variant, n, line


def remark(stacks: Stacks) -> str:
    """What came out, and whether it is what the textbook says."""
    return " ".join(part(stacks) for part in (_depth, _rates, _warm_up, _start, _later))


def _each(values: dict[int, float], form: str = "+.2f") -> str:
    return ", ".join(f"{value:{form}} ({n})" for n, value in values.items())


def _depth(stacks: Stacks) -> str:
    depths = stacks.depths
    alone = stacks.by_design["pre-norm", depths[0]]["frequencies"]
    found = [f"Token frequencies alone: {alone:.2f} nats. With a warm-up, at its best rate, each"]
    found[0] += " design ends at (layers): "
    found[0] += "; ".join(
        f"{design} {_each({n: stacks.loss(design, n) for n in depths}, '.2f')}"
        for design in (*BOTH, "no skips")
    )
    found[0] += "."
    for design in (*BOTH, "no skips"):
        reached = [n for n in depths if stacks.learnt(design, n)]
        found.append(
            f"More than frequencies learns {design} at {', '.join(map(str, reached))} layers."
            if reached
            else f"More than frequencies learns {design} at no depth."
        )
    return " ".join(found)


def _rates(stacks: Stacks) -> str:
    ends = [
        f"{design} ({n})"
        for (design, n), measured in stacks.by_design.items()
        if f"{measured['lines']['warm-up']['rate']:.6f}"
        in (min(measured["rates"]["warm-up"]), max(measured["rates"]["warm-up"]))
    ]
    found = [f"Best at an end of the few rates tried with a warm-up: {', '.join(ends) or 'none'}."]
    broken = [
        f"{design}, {variant} ({n}) at rate {float(rate):g}, step {run['diverged']}"
        for (design, n), measured in stacks.by_design.items()
        for variant, runs in measured["rates"].items()
        for rate, run in runs.items()
        if run["diverged"] is not None
    ]
    found.append("Diverged: " + "; ".join(broken) + "." if broken else "No run diverged.")
    return " ".join(found)


def _warm_up(stacks: Stacks) -> str:
    def cost(design: str, n: int, variant: str) -> float:
        return stacks.loss(design, n, variant) - stacks.loss(design, n)

    found = []
    for design in BOTH:
        own, same = (
            _each({n: cost(design, n, v) for n in stacks.depths}) for v in ("no warm-up", SAME)
        )
        found.append(f"Leaving out the warm-up costs {design} {own} at its own rate, {same} at")
        found[-1] += " the rate tuned with it."
    last = [r["last"] for _, _, _, r in stacks.lines() if len(r["last"]) > 1]
    spread = max((max(each) - min(each) for each in last), default=0.0)
    found.append(
        f"Largest difference between seeds: {spread:.2f}." if last else "One seed at every depth."
    )
    needed = [
        n
        for n in stacks.depths
        if stacks.learnt("post-norm", n)
        and cost("post-norm", n, SAME) > max(spread, cost("pre-norm", n, SAME))
    ]
    found.append(
        "As in arXiv 2002.04745, post-norm needs it more than pre-norm, at the rate tuned with it: "
        f"at {', '.join(map(str, needed))} layers."
        if needed
        else "That post-norm needs it (arXiv 2002.04745) does not show in so short a training of "
        "so thin stacks: at a depth where it learns more than frequencies, leaving it out costs no "
        "more than it costs pre-norm or than seeds differ. That paper trained wider models for "
        "thousands of steps."
    )
    return " ".join(found)


def _start(stacks: Stacks) -> str:
    few, many = stacks.depths[0], stacks.depths[-1]

    def fall(design: str) -> float:
        last = [stacks.by_design[design, n]["start"][-1] for n in (few, many)]
        return float(last[0] / last[1])

    def first_over_last(design: str) -> float:
        start = stacks.by_design[design, many]["start"]
        return float(start[0] / start[-1])

    return (
        f"At the start, from {few} to {many} layers, the last layer's gradient falls by a factor "
        f"of {fall('pre-norm'):.1f} in pre-norm (1/√layers: {(many / few) ** 0.5:.1f}) and of "
        f"{fall('post-norm'):.1f} in post-norm; the first layer's gradient over the last's, at "
        f"{many} layers: "
        + ", ".join(f"{design} {first_over_last(design):.2g}" for design in (*BOTH, "no skips"))
        + "."
    )


def _later(stacks: Stacks) -> str:
    shown = [("pre-norm", "warm-up"), ("post-norm", "warm-up"), ("post-norm", SAME)]
    ratios = []
    for design, variant in (*shown, ("no skips", "warm-up")):
        norms = {n: stacks.line(design, n, variant)["after"] for n in stacks.depths}
        ratio = {n: after[0] / after[-1] for n, after in norms.items() if after and after[-1]}
        ratios.append(f"{design}, {variant}: {_each(ratio, '.2g') or 'none could be measured'}")
    after = stacks.settings[0]["gradients_after"]
    return f"The same ratio after {after} steps (layers): {'; '.join(ratios)}."
