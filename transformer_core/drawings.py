"""Drawn shapes: small coloured pictures whose right answers are seen by eye.

Each shape is a line of `N_POINTS` points, turned, stretched, moved and shaken like a hand's, and
drawn with a pen of some width or filled.
"""

from __future__ import annotations

from math import pi

import torch
from torch import Tensor

SIZE = 28  # pixels a side
CHANNELS = 3
KINDS = ("circle", "triangle", "square", "star", "heart", "cross", "arrow", "zigzag")
CLOSED = torch.tensor([True, True, True, True, True, False, False, False])
TURNED = torch.tensor([pi, 0.5, 0.9, 0.7, 0.4, 0.9, pi, pi])  # radians, at most, either way
N_POINTS = 32
BATCH = 64
UP = "up"  # the pen leaves the paper

CORNERS: dict[str, list[tuple[float, float] | str]] = {
    "triangle": [(0, -1), (0.87, 0.6), (-0.87, 0.6), (0, -1)],
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8), (-0.8, -0.8)],
    "cross": [(-1, 0), (1, 0), UP, (0, -1), (0, 1)],
    "arrow": [(-1, 0), (1, 0), UP, (0.35, -0.6), (1, 0), (0.35, 0.6)],
    "zigzag": [(-1, 0.45), (-0.5, -0.45), (0, 0.45), (0.5, -0.45), (1, 0.45)],
}


def drawings(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Pictures uint8 [n, SIZE, SIZE, CHANNELS] and which of `KINDS` each is, int64 [n]."""
    random = torch.Generator().manual_seed(seed)
    kinds = torch.randint(len(KINDS), (n,), generator=random)
    made = [drawn(some, random) for some in kinds.split(BATCH)]
    return torch.cat(made), kinds


def drawn(kinds: Tensor, random: torch.Generator) -> Tensor:
    """One picture of each kind, uint8 [n, SIZE, SIZE, CHANNELS]."""
    ends, is_drawn = placed(kinds, random)
    width = uniform(random, (len(kinds), 1), 1.2, 3.0)
    ink = inked(ends, is_drawn, width)
    is_filled = CLOSED[kinds] & (uniform(random, (len(kinds),), 0, 1) < 0.5)
    ink = torch.where(is_filled[:, None] & inside(ends), 1.0, ink)
    return coloured(ink.view(-1, SIZE, SIZE, 1), random)


def placed(kinds: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Ends of each line piece in pixels, [n, piece, 2 ends, xy], and whether it is drawn."""
    n = len(kinds)
    points, is_drawn = LINES[0][kinds], LINES[1][kinds]
    points = points + shaken(n, random)
    points = points * uniform(random, (n, 1, 2), 0.75, 1.15)
    angle = TURNED[kinds] * uniform(random, (n,), -1, 1)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).view(n, 2, 2)
    radius = uniform(random, (n, 1, 1), 6.0, 11.0)
    points = points @ turn.mT * radius
    room = SIZE / 2 - radius - 1
    points = points + SIZE / 2 + room.clamp(min=0) * uniform(random, (n, 1, 2), -1, 1)
    return torch.stack([points[:, :-1], points[:, 1:]], 2), is_drawn


def shaken(n: int, random: torch.Generator) -> Tensor:
    """A hand's slow waves along a line, [n, point, xy]; a closed line stays closed."""
    along = torch.linspace(0, 2 * pi, N_POINTS)[:, None] * torch.arange(1, 4)
    waves = torch.cat([along.sin(), along.cos()], 1)
    return waves @ (0.04 * torch.randn(n, 6, 2, generator=random))


def inked(ends: Tensor, is_drawn: Tensor, width: Tensor) -> Tensor:
    """How much of each pixel a pen covers, 0 to 1, [n, pixel]."""
    start, along = ends[:, :, 0], ends[:, :, 1] - ends[:, :, 0]
    away = PIXELS[:, None] - start[:, None]
    length = along.square().sum(-1).clamp(min=1e-6)
    share = ((away * along[:, None]).sum(-1) / length[:, None]).clamp(0, 1)
    distance = (away - share[..., None] * along[:, None]).norm(dim=-1)
    nearest = distance.masked_fill(~is_drawn[:, None], torch.inf).amin(-1)
    return (width / 2 + 0.5 - nearest).clamp(0, 1)


def inside(ends: Tensor) -> Tensor:
    """Whether a pixel's middle lies in the line: a ray from it crosses an odd number of times."""
    (x_1, y_1), (x_2, y_2) = (ends[:, None, :, i].unbind(-1) for i in (0, 1))
    x, y = PIXELS[:, 0, None], PIXELS[:, 1, None]
    crosses = (y_1 > y) != (y_2 > y)
    to_the_right = x < x_1 + (y - y_1) / (y_2 - y_1 + 1e-9) * (x_2 - x_1)
    return (crosses & to_the_right).sum(-1) % 2 == 1


def coloured(ink: Tensor, random: torch.Generator) -> Tensor:
    """Ink and paper of two colours, one light and one dark, with some noise."""
    n = len(ink)
    light = uniform(random, (n, 1, 1, CHANNELS), 0.6, 1.0)
    dark = uniform(random, (n, 1, 1, CHANNELS), 0.0, 0.4)
    is_light = uniform(random, (n, 1, 1, 1), 0, 1) < 0.5
    pen, paper = torch.where(is_light, light, dark), torch.where(is_light, dark, light)
    noise = torch.randn(n, SIZE, SIZE, CHANNELS, generator=random)
    noise = noise * uniform(random, (n, 1, 1, 1), 0.0, 0.12)
    return ((paper + ink * (pen - paper) + noise).clamp(0, 1) * 255).round().to(torch.uint8)


def uniform(random: torch.Generator, shape: tuple[int, ...], low: float, high: float) -> Tensor:
    """Numbers from low to high."""
    return low + (high - low) * torch.rand(shape, generator=random)


def _line(kind: str) -> tuple[Tensor, Tensor]:
    """Points [N_POINTS, xy], within about 1 of the middle, and which pieces between are drawn."""
    turn = torch.linspace(0, 2 * pi, N_POINTS)
    if kind == "circle":
        return torch.stack([turn.sin(), -turn.cos()], 1), torch.ones(N_POINTS - 1).bool()
    if kind == "heart":
        x = 16 * turn.sin() ** 3
        y = -(13 * turn.cos() - 5 * (2 * turn).cos() - 2 * (3 * turn).cos() - (4 * turn).cos())
        return torch.stack([x, y], 1) / 16, torch.ones(N_POINTS - 1).bool()
    if kind == "star":
        corner = torch.arange(11)
        radius = torch.where(corner % 2 == 0, 1.0, 0.42)
        angle = corner * pi / 5
        corners = torch.stack([angle.sin(), -angle.cos()], 1) * radius[:, None]
        return _stretched([*map(tuple, corners.tolist())])
    return _stretched(CORNERS[kind])


def _stretched(corners: list[tuple[float, float] | str]) -> tuple[Tensor, Tensor]:
    """Points at about equal steps along a line, every corner among them."""
    pieces: list[tuple[Tensor, Tensor, bool]] = []
    last, pen = corners[0], True
    for corner in corners[1:]:
        if corner == UP:
            pen = False
            continue
        pieces.append((torch.tensor(last).float(), torch.tensor(corner).float(), pen))
        last, pen = corner, True
    lengths = torch.tensor([float((b - a).norm()) if pen else 0.0 for a, b, pen in pieces])
    n_lifted = (lengths == 0).cumsum(0)  # a piece that is not drawn takes one step
    places = lengths.cumsum(0) / lengths.sum() * (N_POINTS - 1 - n_lifted[-1])
    marks: list[int] = (places.round().int() + n_lifted).tolist()
    points, at = [pieces[0][0][None]], 0
    is_drawn: list[bool] = []
    for (a, b, pen), mark in zip(pieces, marks, strict=True):
        steps = torch.linspace(0, 1, mark - at + 1)[1:, None]
        points.append(a + steps * (b - a))
        is_drawn += [pen] * (mark - at)
        at = mark
    return torch.cat(points), torch.tensor(is_drawn)


PIXELS = torch.cartesian_prod(torch.arange(SIZE), torch.arange(SIZE)).flip(1) + 0.5  # xy, in rows
LINES = tuple(torch.stack(part) for part in zip(*map(_line, KINDS), strict=True))
