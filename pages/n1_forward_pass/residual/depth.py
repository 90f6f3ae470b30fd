"""Depth: what makes a deep stack trainable?"""

import streamlit as st

from pages.n1_forward_pass.residual.depth_charts import show_depth_charts
from pages.n1_forward_pass.residual.depth_deeper import show_deeper
from pages.n1_forward_pass.residual.depth_questions import depth_questions
from pages.n1_forward_pass.residual.gradient_board import show_gradient_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load
from ui.provenance import tag

reader = open_lesson(
    "Depth",
    lead="What the last layer gets wrong has to reach the first one, and on the way it can fade or "
    "grow. Two things hold it in check: the **skip connection** adds a layer’s input to its "
    "output, and the **norm** rescales (pre-norm and post-norm: see below).",
)
n_layers = load(reader.model_name).config.n_layers

show_depth_charts()
st.caption(
    "The charts show numbers from 10⁻⁸ to 10⁸. A curve stops where its values become smaller or "
    "larger. If all of them are outside, it is not drawn."
)

gradient, norms = st.columns(2)
with gradient.container(border=True, height="stretch"):
    st.markdown(
        "**By hand: what a skip does to the gradient**  \n"
        "A network learns from the **gradient**: how the loss L, the number that training lowers, "
        "would change with each number of the network. It is computed from the output back to the "
        "first layer. A sublayer f (attention or MLP) with its skip connection gives  \n"
        "`x_out = x_in + f(x_in)`, and so **∂x_out/∂x_in = I + ∂f/∂x**.  \n"
        "The I, the identity, passes the gradient on unchanged, whatever f does. Without the skip, "
        "only ∂f/∂x is left, and a stack multiplies one such factor for every sublayer. "
        f"{tag('published', 'He et al. 2016, arXiv 1603.05027')}\n\n"
        "Take a single number and f(x) = 0.1·x in each of 12 sublayers. Without skips, the "
        "gradient is multiplied by 0.1¹² = 10⁻¹², and it **vanishes**. With skips, it is "
        "multiplied by (1 + 0.1)¹² ≈ 3.1. A skip does not hold it constant: with f(x) = x the "
        "factor is 2¹² = 4,096, and it **explodes**."
    )
with norms.container(border=True, height="stretch"):
    st.markdown(
        "**Where the norm stands**  \n"
        "**Pre-norm** is `x + sublayer(norm(x))`, as in this model: a path without any norm leads "
        "through all layers. **Post-norm** is `norm(x + sublayer(x))`, as in the Transformer of "
        "2017: each layer rescales all that came before. Three more stacks lack the skips, the "
        "norms inside, or both.\n\n"
        "The charts measure all five on your text, in stacks that have not been trained. They have "
        "the kind of norm and positions that this model has, 64 numbers in a vector, 4 heads, a "
        "GELU MLP and a vocabulary of 1,000. Their weights are random (Xavier **initialisation**). "
        "They show the first pass forwards and backwards, not how training goes on."
    )

show_gradient_board()

show_check(
    "depth-check",
    (reader.model_name, reader.token_ids),
    depth_questions,
    again="Ask about the depth I am looking at",
)

for_engineers("two proven results about deep stacks, and both kinds as code", show_deeper)

close_lesson(
    "Depth",
    recap=(
        "∂x_out/∂x_in = I + ∂f/∂x: a skip gives the gradient a direct path past each sublayer. "
        f"This model has {n_layers} layers, so {2 * n_layers} sublayers.",
        "Without skips, a stack multiplies one factor after the other. In untrained deep stacks "
        "the gradient vanishes with neither skips nor norms, and with skips alone it grows.",
        "Pre-norm leaves the stream itself free of norms, so it grows with depth. Post-norm "
        "rescales it in every layer, and its gradients near the output stay large.",
    ),
)
