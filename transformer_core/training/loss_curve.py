"""The loss curve of a model card as a picture."""

from __future__ import annotations

from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 52, 130, 16, 40


def loss_svg(record: dict[str, Any]) -> str:
    """Training loss and held-out losses over the tokens seen, as a picture."""
    curve = [(p["tokens"] / 1e6, p["loss"]) for p in record["curve"]]
    per_step = record["tokens_seen"] / record["steps"] / 1e6
    lines = {
        source: [(p["step"] * per_step, p[f"held_out.{source}"]) for p in record["held_out_curve"]]
        for source in record["recipe"]["weights"]
    }
    values = [loss for line in (curve, *lines.values()) for _, loss in line]
    low, high = int(min(values)), int(max(values)) + 1
    plot = _Plot(max(x for x, _ in curve), low, high)
    colours = ("#2f6fde", "#d9831a", "#12937a", "#6a4be0", "#c03f7c")
    named = [(source, line) for source, line in lines.items() if line]
    body = [plot.axes(), plot.line(curve, "#9aa4c0", 1)]
    ends = [(plot.place(*curve[-1])[1], "training", "#69718a")]
    for (source, line), colour in zip(named, colours, strict=False):
        body.append(plot.line(line, colour, 2))
        ends.append((plot.place(*line[-1])[1], source, colour))
    body += plot.labels(ends)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="11" fill="#5d6780">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>' + "".join(body) + "</svg>\n"
    )


class _Plot:
    """Places of numbers in the picture: tokens in millions to the right, loss upwards."""

    def __init__(self, x_max: float, low: float, high: float) -> None:
        self.x_max, self.low, self.high = x_max, low, high

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / self.x_max
        return across, TOP + (HEIGHT - TOP - BOTTOM) * (self.high - y) / (self.high - self.low)

    def axes(self) -> str:
        marks = []
        for loss in range(int(self.low), int(self.high) + 1):
            (x0, y), (x1, _) = self.place(0, loss), self.place(self.x_max, loss)
            marks.append(f'<path d="M{x0:.1f} {y:.1f}H{x1:.1f}" stroke="#e3e6f0"/>')
            marks.append(f'<text x="{x0 - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{loss}</text>')
        for i in range(5):
            x, y = self.place(self.x_max * i / 4, self.low)
            marks.append(
                f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">'
                f"{self.x_max * i / 4:.1f}</text>"
            )
        x, y = self.place(self.x_max / 2, self.low)
        marks.append(
            f'<text x="{x:.1f}" y="{y + 33:.1f}" text-anchor="middle">'
            "loss (nats per token) over million tokens seen</text>"
        )
        return "".join(marks)

    def line(self, points: list[tuple[float, float]], colour: str, width: int) -> str:
        """One curve."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(*point) for point in points))
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def labels(self, ends: list[tuple[float, str, str]]) -> list[str]:
        """Names of the curves at the right edge, from the top down, at least 13 units apart."""
        marks, lowest = [], 0.0
        for y, label, colour in sorted(ends):
            lowest = max(y, lowest + 13)
            marks.append(
                f'<text x="{WIDTH - RIGHT + 8}" y="{lowest + 4:.1f}" fill="{colour}">{label}</text>'
            )
        return marks
