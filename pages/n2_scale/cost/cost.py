"""Cost: what does a long text cost, and what does the cache save?"""

import streamlit as st

from pages.n2_scale.cost.cost_board import show_cost_board
from pages.n2_scale.cost.cost_questions import cost_questions
from pages.n2_scale.cost.timings import show_timings
from transformer_core.laws.costs import forward_flops, kv_cache_bytes
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.provenance import tag

reader = open_lesson(
    "Cost",
    lead="A text has *n* tokens (words or pieces of words). Matrices work on each token alone, so "
    "their cost grows with *n*. Attention compares tokens in pairs: its scores and its mixing grow "
    "with *n*². The cost is counted in floating-point operations (**FLOP**).",
)
address_field("length")
show_cost_board(reader, st.session_state.get("length") or "")

st.subheader("Measured here", anchor=False)
st.markdown(
    f"{tag('live')} A formula counts operations. A clock also measures memory traffic, overhead "
    "and the other visitors of this server."
)
show_timings()

show_check(
    "cost-check",
    (reader.model_name, reader.token_ids),
    cost_questions,
    again="Ask about my text as it is now",
)

prefill, memory, levers = st.columns(3)
with prefill.container(border=True, height="stretch"):
    st.markdown(
        "**What limits reading and writing**  \n"
        "Reading the prompt is called **prefill**. Each weight is multiplied with many tokens at "
        "once, so the processor’s arithmetic is the limit. Writing is called **decode**. Each step "
        "needs all weights for a single token, so the limit is how fast weights and cache come "
        "from memory. A server therefore decodes many conversations together. It reads the weights "
        "once for all of them, and each cache for its own conversation."
    )
with memory.container(border=True, height="stretch"):
    st.markdown(
        f"**FlashAttention** {tag('published')}  \n"
        "The plain way writes the n² scores to the GPU’s large, slow memory and reads them again. "
        "FlashAttention (Dao et al. 2022, arXiv 2205.14135) works on blocks that fit into the "
        "small, fast memory and never writes the scores out. The result is the same, and so is "
        "the arithmetic, nearly. Its gain is fewer reads and writes of slow memory: the paper "
        "trains GPT-2 three times as fast at 1,024 tokens. The memory then grows with n, not n²."
    )
with levers.container(border=True, height="stretch"):
    st.markdown(
        f"**How the cost is lowered** {tag('published')}  \n"
        "Windows and chunks let each token look at w tokens only, which costs n·w (lesson Mask). "
        "They cannot look up everything directly. Fewer key-value heads shrink the cache; with "
        "GQA the quality stays close to MHA (Ainslie et al. 2023). Multi-head latent attention "
        "(MLA) keeps one short vector per token and computes keys and values from it. DeepSeek-V2 "
        "(2024, arXiv 2405.04434) reports better results with MLA than with MHA, so a smaller "
        "cache need not cost quality."
    )

show_code(forward_flops, "The formula")
show_code(kv_cache_bytes, "The cache’s size")

close_lesson(
    "Cost",
    recap=(
        "The matrices cost n, and scores and mixing cost n². The matrices dominate short texts. "
        "Beyond the crossover, attention dominates.",
        "With the KV cache, a new token needs one position to be computed. Its query still reads "
        "all n keys: O(n) for a step, O(n²) for a text.",
        "The cache pays with memory: 2 · layers · key-value heads · d_head numbers for each token.",
    ),
)
