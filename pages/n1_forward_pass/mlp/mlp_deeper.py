"""MLP for engineers: activation functions, readings of a neuron, the parameters, and the code."""

import streamlit as st

from pages.n1_forward_pass.mlp.activation_board import show_activation_board
from pages.n1_forward_pass.mlp.parameter_chart import show_parameter_chart
from transformer_core.config import TransformerConfig
from transformer_core.feed_forward import FeedForward, GatedFeedForward
from transformer_core.lens.collapse import one_matrix
from transformer_core.lens.neurons import knocked_out, token_effects
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load


def show_deeper() -> None:
    """Three ways to look further, then the code."""
    now = reader()
    config = load(now.model_name).config
    show_activation_board(now)
    st.subheader("What does a neuron mean?", anchor=False)
    st.markdown(_meaning(config), width=720)
    show_parameter_chart(now.model_name)
    show_code((GatedFeedForward if config.is_gated else FeedForward).trace)
    show_code(one_matrix, "Two matrices become one")
    show_code(token_effects, "What a neuron writes")
    show_code(knocked_out, "The run with a part switched off")


def _meaning(config: TransformerConfig) -> str:
    gate = " and of W_gate" if config.is_gated else ""
    return (
        "**Keys and values.** Geva et al. 2021 (arXiv 2012.14913) read the network as a memory. A "
        f"neuron’s column of W_up{gate} is a :orange[**key**], the "
        "pattern that activates it. Its row of W_down is a :green[**value**], what it then adds "
        "to the stream. The output is a sum of values, each weighted by how well its key fits. "
        "Attention is such a sum, too; but there keys and values come from the text, and a softmax "
        "makes the weights.\n\n"
        f"**Superposition.** A vector of {config.d_model} numbers has room for "
        f"{config.d_model} directions at right angles. A network can still represent more "
        "features than that: as directions that are only nearly at right angles. This works if "
        "few of the features are present at once. Elhage et al. 2022 (Toy Models of "
        "Superposition) show it in small networks and name it **superposition**. Its "
        "price is interference: whoever reads one feature also reads a little of others.\n\n"
        "In language models, superposition is a hypothesis. It would explain why many neurons "
        "are activated by several unrelated patterns (they are **polysemantic**), and why one "
        "pattern is often spread over several neurons. So this page shows what a neuron adds, "
        "which is arithmetic. What it “means” would be an interpretation."
    )
