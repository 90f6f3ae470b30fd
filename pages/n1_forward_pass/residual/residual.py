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
    "Residual",
    lead="Each token (a word or a piece of one) has one vector that runs through all layers, the "
    "**residual stream**. In each, :violet[**attention**] and :red[**MLP**] read it through a "
    "**norm** and add to it.",
)
config = load(reader.model_name).config

show_residual_board(reader)

st.subheader("Ablation: switch parts off", anchor=False)
show_without_board()

st.subheader("What skips and norms do for the gradient", anchor=False)
st.markdown(
    "A network learns from the **gradient**: how the loss L would change with each number. It is "
    "computed from the output back to the first layer. A sublayer f with its skip connection gives "
    "`x_out = x_in + f(x_in)`, so its derivative is **∂x_out/∂x_in = I + ∂f/∂x**. The I, the "
    "identity, passes the gradient on unchanged, whatever f does. Without the skip, only ∂f/∂x is "
    "left, and a stack multiplies one such factor for every sublayer "
    f"{tag('published', 'He et al. 2016, arXiv 1603.05027')}.\n\n"
    "**By hand**, with a single number and f(x) = 0.1·x in each of 12 sublayers: without skips, "
    "the gradient is multiplied by 0.1¹² = 10⁻¹², and it **vanishes**. With skips, it is "
    "multiplied by (1 + 0.1)¹² ≈ 3.1. A skip does not hold it constant: with f(x) = x the factor "
    "is 2¹² = 4,096, and it **explodes**.\n\n"
    "The charts measure this on your text, in stacks that have not been trained. They have the "
    "kind of norm and positions that this model has, 64 numbers in a vector, 4 heads, a GELU MLP "
    "and a vocabulary of 1,000. Their weights are random (Xavier initialisation). **Pre-norm** is "
    "`x + sublayer(norm(x))`, as in this model: a path without any norm leads through all layers. "
    "**Post-norm** is `norm(x + sublayer(x))`, as in the Transformer of 2017: each layer rescales "
    "all that came before. Three more stacks lack the skips, the norms inside, or both."
)
show_depth_charts()
st.markdown(
    "The charts show the first pass forwards and backwards, not how training goes on. A curve ends "
    "where its number leaves the range from 10⁻⁸ to 10⁸; a curve that is missing never was in "
    "it.\n\n"
    "Two results are proven for simplified stacks at initialisation. Near the output, post-norm’s "
    "gradients stay large at any depth, and pre-norm’s fall as 1/√layers "
    f"{tag('published', 'Xiong et al. 2020, arXiv 2002.04745')}. Attention alone, without skips "
    "and MLPs, makes all tokens’ vectors alike, doubly exponentially fast in the number of layers "
    f"{tag('published', 'Dong et al. 2021, arXiv 2103.03404')}."
)

show_check(
    "residual-check",
    (reader.model_name, reader.token_ids),
    residual_questions,
    again="Ask about the layer and token I am looking at",
)

show_code(PreNormBlock.trace, "Pre-norm")
show_code(PostNormBlock.trace, "Post-norm")
show_code(norm_steps, "The norm, step by step")
show_code(pushes, "Direct logit attribution")
show_code(run_without, "The run with parts switched off")
show_code(measure_depth, "Gradients along the depth")

close_lesson(
    "Residual",
    recap=(
        f"The stream is a sum: the embedding and {2 * config.n_layers} additions. Thanks to the "
        "skip connections, each layer starts from all that was written before it.",
        "A norm divides by the vector’s own spread. Before its gain, each sublayer reads a vector "
        f"of length √{config.d_model} ≈ {config.d_model**0.5:.1f}, however long the stream has "
        "grown.",
        "∂x_out/∂x_in = I + ∂f/∂x: a skip gives the gradient a direct path. In untrained deep "
        "stacks it vanishes with neither skips nor norms, and with skips alone it grows.",
    ),
)
