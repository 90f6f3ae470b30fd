"""Untrained stacks of the reader's choice of depth, measured on the reader's text."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

import streamlit as st
import torch

from figures.depth import depth_figure
from figures.numbers import number
from transformer_core.lens.depth import DESIGNS, DepthMeasure, measure_depth, thin
from ui.chart import show_chart
from ui.frame import reader
from ui.models import HEAVY_PASSES, load

SHOWN = 64  # tokens
DEPTHS = (2, 4, 8, 12, 16, 24)
Measures = dict[str, DepthMeasure]


@lru_cache(maxsize=32)
def measures(model_name: str, token_ids: tuple[int, ...], depth: int) -> Measures:
    """Every design at this depth."""
    config = thin(load(model_name).config, depth)
    with HEAVY_PASSES:
        return {name: measure_depth(config, name, torch.tensor([token_ids])) for name in DESIGNS}


@st.fragment
def show_depth_charts() -> None:
    """Depth to choose; gradients, lengths and likeness along it."""
    now = reader()
    depth = st.select_slider(
        "Layers", DEPTHS, value=12, key="depth", bind="query-params", width=420
    )
    if len(now.token_ids) == 1:
        st.caption("A lone word has no next word to guess: here it is its own target.")
    found = measures(now.model_name, now.token_ids[:SHOWN], depth)
    for column, show in zip(st.columns(3), (_gradients, _sizes, _likenesses), strict=True):
        with column:
            show(found)


def _gradients(found: Measures) -> None:
    curves = {name: measure.gradients for name, measure in found.items()}
    show_chart(
        depth_figure(curves, 1, "length of the gradient", log=True),
        key="depth-gradients",
        finding=[gradient_finding(found)],
        alt=_alt("Length of the gradient of each layer's down projection", curves),
        caption=[
            "The gradient of the loss by each MLP’s second matrix: how the loss on your text "
            "changes with its numbers, which a first step of training would follow. Without "
            f"skips, each layer multiplies it anew: {level(curves['no skip'])}. Where "
            "it is large near the output, as under post-norm in deep stacks, learning rates "
            "must start small: that is what warm-up is for."
        ],
    )


def _sizes(found: Measures) -> None:
    curves = {name: measure.sizes for name, measure in found.items()}
    show_chart(
        depth_figure(curves, 0, "length of a word’s vector", log=True),
        key="depth-sizes",
        finding=[size_finding(found)],
        alt=_alt("Mean length of a word's vector", curves),
        caption=[
            "On the way forwards, the mean over your words. Post-norm brings every vector back "
            "to one length; pre-norm lets the stream grow and normalises what is read."
        ],
    )


def _likenesses(found: Measures) -> None:
    curves = {name: measure.likenesses for name, measure in found.items()}
    show_chart(
        depth_figure(curves, 0, "cosine between two words", log=False),
        key="depth-likenesses",
        finding=[likeness_finding(found)],
        alt=_alt("Mean cosine between two words' vectors", curves),
        caption=[
            "1 means that all words point the same way, so that no direction tells them apart. "
            "Attention averages over words, which makes them alike; a skip carries on what "
            "differed."
        ],
    )


def gradient_finding(found: Measures) -> str:
    """Top layer, post-norm against pre-norm."""
    pre, post = (found[name].gradients for name in ("pre-norm", "post-norm"))
    times = number(post[-1] / pre[-1], 1)
    return f"At layer {len(pre)}, post-norm’s gradient is {times} times pre-norm’s"


def level(gradients: list[float]) -> str:
    """From the last layer down to the first."""
    ratio = gradients[0] / gradients[-1]
    if 0.5 < ratio < 2:
        return "in this untrained stack it stays about level"
    return f"here it is {number(ratio, 1)} times as long at layer 1 as at layer {len(gradients)}"


def size_finding(found: Measures) -> str:
    """The last length with and without norms."""
    pre, bare = found["pre-norm"].sizes[-1], found["no norm"].sizes[-1]
    grown = f"to {number(bare, 0)}" if isfinite(bare) else "until it overflows"
    return f"Under pre-norm the stream grows to {number(pre, 0)}; without norms, {grown}"


def likeness_finding(found: Measures) -> str:
    """How alike words have become, without skips and with them."""
    likenesses = [found[name].likenesses for name in ("no skip", "post-norm", "pre-norm")]
    if len(set(likenesses[0])) == 1:
        return "A text of one word has no two words to compare"
    bare, post, pre = (number(each[-1]) for each in likenesses)
    with_skips = f"{post} under post-norm, {pre} under pre-norm"
    return f"Two words end with cosine {bare} without skips, {with_skips}"


def _alt(what: str, curves: dict[str, list[float]]) -> str:
    ends = "; ".join(
        f"{name} {number(values[0])} to {number(values[-1])}" for name, values in curves.items()
    )
    return f"{what}, first and last layer: {ends}."
