"""What Depth holds for engineers: two results that are proven, and the code that ran."""

import streamlit as st

from transformer_core.block import PostNormBlock
from transformer_core.lens.depth import measure_depth
from transformer_core.lens.removal import run_without
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """What is known of simplified stacks at initialisation; the stacks and the measurement."""
    st.markdown(
        "Two results are proven for simplified stacks at initialisation. Near the output, "
        "post-norm’s gradients stay large at any depth, and pre-norm’s fall as 1/√layers "
        f"{tag('published', 'Xiong et al. 2020, arXiv 2002.04745')}. Attention alone, without "
        "skips and MLPs, makes all tokens’ vectors alike, doubly exponentially fast in the number "
        f"of layers {tag('published', 'Dong et al. 2021, arXiv 2103.03404')}."
    )
    show_code(run_without, "Pre-norm, whole or with parts left out")
    show_code(PostNormBlock.trace, "Post-norm")
    show_code(measure_depth, "Gradients along the depth")
