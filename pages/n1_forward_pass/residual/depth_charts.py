"""Untrained stacks of the reader's choice of depth, measured on the reader's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
VOCABULARY = 1_000  # of the stacks: tables as large as a real model's take most of the time
DEPTH = "depth"
DEPTHS = (2, 4, 8, 12, 16, 24)
SMALLEST = 1e-100  # of a gradient: what is less is called nothing
Measures = dict[str, DepthMeasure]


@lru_cache(maxsize=32)
def measures(model_name: str, token_ids: tuple[int, ...], depth: int) -> Measures:
    """Every design at this depth, the text's tokens numbered in the order of their coming.

    Without a gate: its product makes numbers vanish or explode too fast to be drawn.
    """
    config = thin(load(model_name).config, depth)
    config = replace(config, vocab_size=VOCABULARY, activation="gelu")
    order = {token: i for i, token in enumerate(dict.fromkeys(token_ids))}
    ids = torch.tensor([[order[token] for token in token_ids]])
    with HEAVY_PASSES:
        return {name: measure_depth(config, name, ids) for name in DESIGNS}


@st.fragment
def show_depth_charts() -> None:
    """Depth to choose; gradients, lengths and likeness along it."""
    now = reader()
    depth = st.select_slider("Layers", DEPTHS, value=12, key=DEPTH, bind="query-params", width=420)
    if len(now.token_ids) == 1:
        st.caption("A text of one token has no next token to predict. Here it is its own target.")
    if len(now.token_ids) > SHOWN:
        st.caption(f"Measured on the first {SHOWN} of {len(now.token_ids)} tokens.")
    found = measures(now.model_name, now.token_ids[:SHOWN], depth)
    for charts in (BACKWARDS, FORWARDS):
        for column, chart in zip(st.columns(2), charts, strict=True):
            with column:
                chart.show(found)
    st.markdown(
        "**Back through the layers.** Without skips and norms, each layer multiplies the gradient "
        f"by a small factor. With skips alone, it {changed(found['no norm'])}. With norms alone, "
        f"it {changed(found['no skip'])}: norms rescale every vector and so its gradient. Much of "
        "pre-norm’s growth is in layer 1, whose norm lengthens the short embeddings.\n\n"
        "**At the output.** Under post-norm the gradient stays large there, however deep the "
        "stack, and a large first step can upset training. This is one reason for **warm-up**, "
        "which starts with small learning rates (Xiong et al. 2020). Another is that Adam’s step "
        "sizes vary too much in the first steps (Liu et al. 2019). Pre-norm models are usually "
        "warmed up as well."
    )


def arriving_finding(found: Measures) -> str:
    """From the last layer back to the embedding, with skips and norms and with neither."""
    layers = len(found["pre-norm"].gradients)
    return (
        f"From layer {layers} back to the embedding, the gradient {changed(found['pre-norm'])} "
        f"under pre-norm; with neither skips nor norms, it {changed(found['neither'])}"
    )


def changed(measure: DepthMeasure) -> str:
    """What became of the gradient between the last layer and the embedding."""
    first, last = measure.arriving[0], measure.arriving[-1]
    if not (isfinite(first) and isfinite(last)):
        return "overflows"
    if first < SMALLEST * last:
        return "vanishes: less than 10⁻¹⁰⁰ of it is left"
    return f"{'grows' if first > last else 'shrinks'} to {number(first / last, 1)} times its length"


def gradient_finding(found: Measures) -> str:
    """Top layer, post-norm against pre-norm."""
    pre, post = (found[name].gradients for name in ("pre-norm", "post-norm"))
    times = number(post[-1] / pre[-1], 1)
    return f"At layer {len(pre)}, post-norm’s gradient is {times} times as long as pre-norm’s"


def size_finding(found: Measures) -> str:
    """The last length with and without norms."""
    pre, bare = found["pre-norm"].sizes[-1], found["no norm"].sizes[-1]
    grown = f"it ends at {number(bare, 0)}" if isfinite(bare) else "it grows until it overflows"
    return f"Under pre-norm the stream ends {number(pre, 0)} long; without norms, {grown}"


def likeness_finding(found: Measures) -> str:
    """How alike tokens have become, without skips and with them."""
    likenesses = [found[name].likenesses for name in ("no skip", "post-norm", "pre-norm")]
    if len(set(likenesses[0])) == 1:
        return "A text of one token has no two tokens to compare"
    bare, post, pre = (number(each[-1]) for each in likenesses)
    with_skips = f"{post} under post-norm and {pre} under pre-norm"
    return f"The cosine between two tokens ends at {bare} without skips, at {with_skips}"


def _alt(what: str, curves: dict[str, list[float]]) -> str:
    ends = "; ".join(
        f"{name} {number(values[0])} to {number(values[-1])}" for name, values in curves.items()
    )
    return f"{what}, first and last layer: {ends}."


@dataclass(frozen=True)
class DepthChart:
    """One measure of every design along the layers, from layer `first` on."""

    of: str  # the measure
    first: int
    y_title: str
    finding: Callable[[Measures], str]
    alt: str
    caption: str
    log: bool = True

    def show(self, found: Measures) -> None:
        """The curves under what they say here."""
        curves = {name: getattr(measure, self.of) for name, measure in found.items()}
        show_chart(
            depth_figure(curves, self.first, self.y_title, self.log),
            key=f"depth-{self.of}",
            finding=[self.finding(found)],
            alt=_alt(self.alt, curves),
            caption=[self.caption],
        )


BACKWARDS = (
    DepthChart(
        "arriving",
        0,
        "length of ∂L/∂x",
        arriving_finding,
        "Length of the loss's gradient by the stream",
        "The gradient starts at the output, on the right. It travels back to the embedding, "
        "layer 0.",
    ),
    DepthChart(
        "gradients",
        1,
        "length of ∂L/∂W",
        gradient_finding,
        "Length of the gradient of each layer's down projection",
        "W is each MLP’s second matrix. A training step follows this gradient.",
    ),
)
FORWARDS = (
    DepthChart(
        "sizes",
        0,
        "length of a token’s vector",
        size_finding,
        "Mean length of a token's vector",
        "This is the way forwards, as a mean over your tokens. Post-norm brings every vector "
        "back to one length. Pre-norm lets the stream grow, and normalises the copy that each "
        "sublayer reads.",
    ),
    DepthChart(
        "likenesses",
        0,
        "cosine between two tokens",
        likeness_finding,
        "Mean cosine between two tokens' vectors",
        "A cosine of 1 means that both vectors point the same way. Untrained attention averages "
        "over tokens, which makes their vectors alike. A skip connection carries their "
        "differences on.",
        log=False,
    ),
)
