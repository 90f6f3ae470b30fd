"""Drawings: as they are described, the same for a seed, and each with its shape on it."""

import torch

from transformer_core.drawings import (
    CHANNELS,
    KINDS,
    LINES,
    N_POINTS,
    SIZE,
    drawings,
    inked,
    inside,
)


def test_pictures_are_small_coloured_and_the_same_for_a_seed():
    pictures, kinds = drawings(70, seed=3)
    assert pictures.shape == (70, SIZE, SIZE, CHANNELS)
    assert pictures.dtype == torch.uint8
    again, _ = drawings(70, seed=3)
    assert torch.equal(pictures, again)
    assert not torch.equal(pictures, drawings(70, seed=4)[0])
    assert set(kinds.tolist()) == set(range(len(KINDS)))


def test_every_picture_holds_two_colours_apart():
    pictures, _ = drawings(64, seed=5)
    light = pictures.float().mean(-1).flatten(1)
    assert (light.amax(1) - light.amin(1) > 40).all()


def test_lines_have_equally_many_points():
    points, is_drawn = LINES
    assert points.shape == (len(KINDS), N_POINTS, 2)
    assert is_drawn.shape == (len(KINDS), N_POINTS - 1)
    lifted = (~is_drawn).sum(1).tolist()
    assert lifted == [1 if kind in ("cross", "arrow") else 0 for kind in KINDS]
    assert points.abs().max() <= 1.2


def test_a_square_by_hand():
    corners = torch.tensor([[5.0, 5.0], [15, 5], [15, 15], [5, 15], [5, 5]])
    ends = torch.stack([corners[:-1], corners[1:]], 1)[None]
    ink = inked(ends, torch.ones(1, 4).bool(), torch.tensor([[2.0]])).view(SIZE, SIZE)
    assert ink[5, 10] == 1
    assert ink[10, 10] == 0
    filled = inside(ends).view(SIZE, SIZE)
    assert int(filled.sum()) == 100
    assert filled[5:15, 5:15].all()
