"""Cost for engineers: the clock, what limits a machine, how the cost is lowered, and the code."""

import streamlit as st

from pages.n4_scale.cost.timings import show_timings
from transformer_core.laws.costs import forward_flops, kv_cache_bytes
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """Two measurements, three explanations, then the code."""
    st.subheader("Measured here", anchor=False)
    st.markdown(
        f"{tag('live')} A formula counts operations. A clock also measures memory traffic, "
        "overhead and the other visitors of this server."
    )
    show_timings()
    _show_limits()
    show_code(forward_flops, "The formula")
    show_code(kv_cache_bytes, "The cache’s size")


def _show_limits() -> None:
    prefill, memory, levers = st.columns(3)
    with prefill.container(border=True, height="stretch"):
        st.markdown(
            "**What limits reading and writing**  \n"
            "Reading the prompt is called **prefill**. Each weight is multiplied with many tokens "
            "at once, so the processor’s arithmetic is the limit. Writing is called **decode**. "
            "Each step needs all weights for a single token, so the limit is how fast weights and "
            "cache come from memory. A server therefore decodes many conversations together. It "
            "reads the weights once for all of them, and each cache for its own conversation."
        )
    with memory.container(border=True, height="stretch"):
        st.markdown(
            f"**FlashAttention** {tag('published')}  \n"
            "The plain way writes the n² scores to the GPU’s large, slow memory and reads them "
            "again. FlashAttention (Dao et al. 2022, arXiv 2205.14135) works on blocks that fit "
            "into the small, fast memory and never writes the scores out. The result is the same, "
            "and the arithmetic is nearly the same. Its gain is fewer reads and writes of slow "
            "memory: the paper trains GPT-2 three times as fast at 1,024 tokens. The memory then "
            "grows with n, not n²."
        )
    with levers.container(border=True, height="stretch"):
        st.markdown(
            f"**How the cost is lowered** {tag('published')}  \n"
            "Windows and chunks let each token attend to w tokens only, which costs n·w (lesson "
            "Mask). They cannot look up everything directly. Fewer key-value heads shrink the "
            "cache; with GQA the quality stays close to MHA (Ainslie et al. 2023). Multi-head "
            "latent attention (MLA) keeps one short vector per token and computes keys and values "
            "from it. DeepSeek-V2 (2024, arXiv 2405.04434) reports better results with MLA than "
            "with MHA, so a smaller cache need not cost quality."
        )
