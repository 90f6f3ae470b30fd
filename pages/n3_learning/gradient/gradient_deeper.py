"""Gradient step for engineers: the chain rule, optimizers as formulas, the training's files."""

import streamlit as st
import torch
from torch import Tensor

from figures.numbers import number
from pages.n3_learning.gradient.descents import pupil, tokens_of
from transformer_core.lens.gradient_step import (
    descend,
    logit_gradient,
    look_ahead,
    loss_gradient,
    weights_of,
)
from transformer_core.optimizers import SGD, AdamW, Muon, orthogonalise
from ui.code_drawer import show_code
from ui.frame import reader
from ui.provenance import tag

RATE = 0.01


def show_deeper() -> None:
    """Three explanations, one comparison of this run, then the code."""
    _show_mathematics()
    _show_first_steps()
    for function, label in (
        (loss_gradient, "The gradient of every weight"),
        (descend, "One step"),
        (look_ahead, "One step at every rate"),
        (logit_gradient, "The gradient of the logits"),
        (SGD, "SGD with momentum"),
        (AdamW, "AdamW"),
        (Muon, "Muon"),
        (orthogonalise, "Newton-Schulz"),
    ):
        show_code(function, label)


def _show_mathematics() -> None:
    chain, rules, training = st.columns(3)
    with chain.container(border=True, height="stretch"):
        st.markdown(
            "**Why p − 1**  \n"
            "With logits z, the cost of the right token is −z_right + ln Σ e^z. The derivative of "
            "the second term with respect to z_j is e^z_j / Σ e^z = p_j. The first term adds −1 "
            "for the right token.\n\n"
            "For a map y = x W the chain rule gives ∂L/∂W = xᵀ ∂L/∂y and ∂L/∂x = ∂L/∂y Wᵀ: two "
            "products where the forward pass has one. So a backward pass takes about twice the "
            "arithmetic of a forward pass."
        )
    with rules.container(border=True, height="stretch"):
        st.markdown(
            "**Why Muon is for matrices**  \n"
            "A gradient is U S Vᵀ. Its singular values S often differ widely, and SGD steps "
            "along them in proportion. Muon sets all of them to about 1 and keeps U and V: "
            "the steepest step among those whose largest singular value is bounded. Five "
            "iterations of a polynomial, 3.4445 x − 4.7750 x³ + 2.0315 x⁵, do this without a "
            "decomposition. They stop near 1, not at it. "
            + tag("published", "Jordan et al. 2024")
            + "\n\nAdam’s scale belongs to each weight alone, so it depends on the axes: in a "
            "valley 100 times as steep across, turned by 45°, it ends more than ten times as high "
            "as in a straight one. Muon does not depend on the axes."
        )
    with training.container(border=True, height="stretch"):
        st.markdown(
            "**Where training is defined**  \n"
            "- `transformer_core/training/optimizer.py`: Muon or AdamW for hidden matrices, AdamW "
            "for the rest, and `warmup_stable_decay`: 2 % up, flat, 40 % down to a hundredth.\n"
            "- `transformer_core/training/loop.py`: one update on one batch. Gradients longer than "
            "1 are shortened to 1 (clipping), and a loss that is no finite number stops the run "
            "(`Diverged`).\n"
            "- `assets/models/fable-tiny/training.json`: the peak rate 0.004, batches of 32 "
            "sequences, 1,343 steps and the loss of every tenth."
        )


def _show_first_steps() -> None:
    """The first step of each optimizer on the reader's text, for one matrix of the pupil."""
    name = "blocks.0.attention.v_proj.weight"
    model, ids = pupil(), torch.tensor(tokens_of(reader().text))
    weights = weights_of(model)
    w, gradient = weights[name], loss_gradient(model, weights, ids).by_weight[name]
    sgd, adamw, muon = SGD(RATE), AdamW(RATE), Muon(RATE)
    steps = {
        "SGD": sgd.step(w, gradient, sgd.start(w))[0] - w,
        "AdamW": adamw.step(w, gradient, adamw.start(w))[0] - w,
        "Muon": muon.step(w, gradient, muon.start(w))[0] - w,
    }
    filled = min(len(ids) - 1, *w.shape)
    st.markdown(
        f"{tag('live', 'fable-tiny')} **The first step on your text**, for W_V of layer 1, with "
        f"the learning rate {RATE}. The {len(ids)} tokens give a gradient of at most {filled} "
        f"of {min(w.shape)} directions (singular values). Muon makes those about equally long."
    )
    head = "| | longest | median of them | whole step |\n|---|---:|---:|---:|"
    rows = (f"| {name} | {_sizes(step, filled)} |" for name, step in steps.items())
    st.markdown("\n".join([head, *rows]))


def _sizes(step: Tensor, filled: int) -> str:
    """The largest singular value of a step, the median of those that are filled, its length."""
    values = torch.linalg.svdvals(step)[:filled]
    return " | ".join(number(float(x), 4) for x in (values[0], values.median(), step.norm()))
