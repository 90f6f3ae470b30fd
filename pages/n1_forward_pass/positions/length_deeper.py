"""What Length holds for engineers: how trained models are made to read further; the code."""

import streamlit as st

from pages.n1_forward_pass.positions.position_charts import recorded
from transformer_core.lens.longer_context import interpolated, larger_base, yarn
from transformer_core.lens.raw_positions import surviving
from ui.code_drawer import show_code

RECORDED = "in the recorded experiment, on fable-modern"


def show_deeper() -> None:
    """Four ways with their sources, the command that measures again, and the functions."""
    st.markdown(
        "**Texts longer than in training: four ways**\n"
        "- **Position interpolation** (Chen et al. 2023, arXiv 2306.15595) shrinks the positions "
        "so that a longer text uses only angles that were seen in training. Some more training "
        "follows.\n"
        "- **NTK-aware scaling** (described by Peng et al. 2023, arXiv 2309.00071) enlarges the "
        "base of the angles. Slow pairs are slowed down; fast pairs, which tell neighbours apart, "
        "hardly change.\n"
        "- **YaRN** (Peng et al. 2023, arXiv 2309.00071) decides for each pair by how often it "
        "turns within the trained length. It also sharpens the attention weights.\n"
        "- **ALiBi** (Press et al. 2021, arXiv 2108.12409) lowers scores by distance from the "
        "start of training. Its authors train on 1,024 tokens, read 2,048, and match a sinusoidal "
        "model trained on 2,048.\n\n"
        f"To measure the losses beyond the trained length again: `{recorded().command} --out FILE`"
    )
    show_code(surviving, "What the norm leaves")
    show_code(interpolated, "Position interpolation", when=RECORDED)
    show_code(larger_base, "NTK-aware scaling", when=RECORDED)
    show_code(yarn, "YaRN", when=RECORDED)
