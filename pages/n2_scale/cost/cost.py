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
    "What does a long text cost?",
    step="Cost",
    minutes=7,
    lead="The matrices of a block are applied to each token alone, so their cost grows with the "
    "number of tokens *n*. Scores and mixing pair every token with every other: in each layer "
    "2·*d*·*n*² floating-point operations (**FLOP**) for the scores and as many for the mixing, "
    "where *d* is the model's width: all heads together, 2·H·d_head·*n*².",
)
address_field("length")
show_cost_board(reader, st.session_state.get("length") or "")

st.subheader("Measured here", anchor=False)
st.markdown(
    f"{tag('live')} A formula counts operations; a clock also sees memory, overhead and other "
    "visitors of this server."
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
        "**Prefill and decode**  \n"
        "Reading a prompt (**prefill**) multiplies each weight with many tokens at once, so the "
        "processor's arithmetic is the limit. Writing (**decode**) needs every weight for one "
        "token only, so the limit is how fast weights and cache come from memory. A server "
        "therefore decodes many conversations together: the weights are read once for all, each "
        "cache only for its own."
    )
with memory.container(border=True, height="stretch"):
    st.markdown(
        f"**Scores need not be written out** {tag('published')}  \n"
        "The n² numbers of a score matrix are needed only while a row is summed. FlashAttention "
        "(Dao et al. 2022, arXiv 2205.14135) works through them in pieces that fit into fast "
        "memory: the same result, n² arithmetic, but memory that grows with n."
    )
with levers.container(border=True, height="stretch"):
    st.markdown(
        f"**What else can be done** {tag('published')}  \n"
        "Look less far: windows and chunks make it n·w (lesson Mask). Keep less: fewer key-value "
        "heads, 8-bit caches, or one small vector per token from which keys and values are made "
        "again (multi-head latent attention, DeepSeek-V2, arXiv 2405.04434). Each trades memory "
        "or arithmetic for some loss of what can be looked up."
    )

show_code(forward_flops, "The formula")
show_code(kv_cache_bytes, "The cache's size")

close_lesson(
    "Cost",
    recap=(
        "Matrices cost n, scores and mixing n²: for short texts the matrices decide, beyond the "
        "crossover attention does.",
        "The KV cache turns n positions per new token into one, and pays with memory: 2 · layers "
        "· key-value heads · d_head numbers a token.",
        "The whole path: embed → attend → MLP, with residual and norm around each. The system "
        "wins by managing n², caching, and choosing positions, depth and sparsity.",
    ),
)
