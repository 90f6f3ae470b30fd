"""Residual: what runs through all layers, and what keeps it in range?"""

import streamlit as st

from pages.n1_forward_pass.residual.depth_charts import show_depth_charts
from pages.n1_forward_pass.residual.residual_board import show_residual_board
from pages.n1_forward_pass.residual.residual_questions import residual_questions
from pages.n1_forward_pass.residual.without_board import show_without_board
from transformer_core.block import PostNormBlock, PreNormBlock
from transformer_core.lens.depth import measure_depth
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.removal import run_without
from transformer_core.lens.residual_stream import pushes
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load
from ui.provenance import tag

address_field("removed")
reader = open_lesson(
    "What runs through all layers, and what keeps it in range?",
    step="Residual",
    minutes=7,
    lead="Each word has one vector that runs through all layers: the **residual stream**. "
    ":violet[**Attention**] and :red[**MLP**] read it through a **norm**, which brings it to a "
    "common size, and add what they found.",
)
config = load(reader.model_name).config

show_residual_board(reader)

st.subheader("Take something out", anchor=False)
show_without_board()

st.subheader("Where to put the norm, and how deep that goes", anchor=False)
st.markdown(
    "**Pre-norm**, as in this model: `x + sublayer(norm(x))`, so that a path without any norm "
    "leads from the first layer to the last. **Post-norm**, as in the Transformer of 2017: "
    "`norm(x + sublayer(x))`, so that every layer rescales all that came before. Here are both, "
    "and stacks without skip connections, without norms inside, and with neither. They are built "
    "anew and **untrained**: the same kind of block as this model’s, 64 wide with 4 heads, "
    "Xavier’s start, seed 0, on your text."
)
show_depth_charts()
st.markdown(
    "This shows how numbers and gradients pass through a stack before its first step of training, "
    "not how training goes. A curve ends where its number leaves the range from 10⁻⁸ to 10⁸; one "
    "that is missing never was in it.\n\n"
    "Proven for simplified stacks at their start: near the output, post-norm’s gradients stay "
    "large at any depth, and pre-norm’s fall as 1/√layers "
    f"{tag('published', 'arXiv 2002.04745')}; attention alone, without skips and MLPs, makes all "
    f"words alike doubly exponentially fast {tag('published', 'arXiv 2103.03404')}."
)

show_check(
    "residual-check",
    (reader.model_name, reader.token_ids),
    residual_questions,
    again="Ask anew from the layer and word I am looking at",
)

show_code(PreNormBlock.trace, "Pre-norm")
show_code(PostNormBlock.trace, "Post-norm")
show_code(norm_steps, "The norm, step by step")
show_code(pushes, "Who pushed the prediction")
show_code(run_without, "The pass without what was taken out")
show_code(measure_depth, "Gradients along the depth")

close_lesson(
    "Residual",
    recap=(
        f"The stream is a sum: the embedding and {2 * config.n_layers} additions. A skip "
        "connection lets each layer start from all that was written before it.",
        "A norm divides by the vector’s own spread: before its gain, each sublayer reads a vector "
        f"of length √{config.d_model} ≈ {config.d_model**0.5:.1f}, however long the stream has "
        "grown.",
        "In untrained deep stacks lengths run away without norms; with neither norms nor skips, "
        "vectors and gradients shrink to almost nothing.",
    ),
)
