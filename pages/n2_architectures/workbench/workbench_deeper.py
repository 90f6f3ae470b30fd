"""The workbench for engineers: each count beside what was published, and the formulas as code."""

from __future__ import annotations

import streamlit as st

from figures.numbers import count, number
from transformer_core.laws.blueprints import BLUEPRINTS, Published
from transformer_core.laws.costs import forward_flops, token_flops
from transformer_core.laws.memory import activation_numbers, training_memory
from transformer_core.laws.parameters import count_active, count_parameters
from ui.code_drawer import show_code
from ui.provenance import tag

N = 1024  # tokens


def show_deeper() -> None:
    """A table of all presets, what is not counted, then the code."""
    st.subheader("Counted and published", anchor=False)
    st.markdown(
        f"{tag('published')} Each count comes from the formulas below. Where weights were "
        "published, the number of their elements stands beside it; for the others, what the paper "
        "states."
    )
    st.markdown(_table())
    st.caption(
        "Training is counted with Adam in mixed precision and the activations of one text of "
        f"{N:,} tokens."
    )
    st.markdown(
        "The arithmetic leaves out softmax, norms and activation functions, as is usual (Kaplan et "
        "al. 2020). The memory leaves out the buffers that a program needs besides. A program that "
        "skips the masked half of the scores needs half of their arithmetic. With latent "
        "attention, one token more is counted with the maps absorbed, as DeepSeek-V2 (2024, arXiv "
        "2405.04434) describes it."
    )
    show_code(count_parameters, "Parameters by part")
    show_code(forward_flops, "Arithmetic of a pass")
    show_code(token_flops, "Arithmetic of a written token")
    show_code(activation_numbers, "Activations that training keeps")


def _table() -> str:
    heads = (
        *("model", "counted", "published", "met by one token"),
        *(f"reading {N:,} tokens, TFLOP", "one token more, GFLOP", "training, GB"),
    )
    rule = "|---|" + "---:|" * (len(heads) - 1)
    return "\n".join((f"| {' | '.join(heads)} |", rule, *map(_line, BLUEPRINTS)))


def _line(each: Published) -> str:
    plan = each.plan
    cells = (
        each.title,
        f"{count_parameters(plan).total:,}",
        f"{each.exact:,}" if each.exact else f"about {each.stated}",
        f"{count_active(plan):,}",
        number(forward_flops(plan, N).total / 1e12),
        number(token_flops(plan, N).total / 1e9),
        count(training_memory(plan, N).total / 1e9),
    )
    return f"| {' | '.join(cells)} |"
