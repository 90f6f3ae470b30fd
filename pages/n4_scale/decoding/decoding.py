"""Decoding: how is one token after another made fast?"""

import streamlit as st

from pages.n4_scale.decoding.decoding_deeper import show_deeper
from pages.n4_scale.decoding.decoding_questions import decoding_questions
from pages.n4_scale.decoding.draft_board import show_draft_board
from pages.n4_scale.decoding.machine_board import show_kept_board, show_roof_board
from pages.n4_scale.decoding.paging_board import show_paging_board
from pages.n4_scale.decoding.passes_board import show_passes_board
from pages.n4_scale.decoding.rolling_board import show_rolling_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.navigation.course import link_to
from ui.provenance import tag

reader = open_lesson(
    "Decoding",
    lead="A model reads all **tokens** (words or pieces of words) of a prompt at once. This is "
    "**prefill**. Then it writes one token after another. This is **decode**, and each token waits "
    "for the one before it.",
)
show_passes_board(reader)
link_to("Cost", "How many conversations fit on a GPU, and what any length costs: Cost")

st.subheader("A smaller cache", anchor=False)
st.markdown(
    "The **KV cache** keeps the keys and values of all tokens so far. Each step reads all of it, "
    "so its size costs both memory and time. In multi-head attention (**MHA**) every head has its "
    "own keys and values. Heads can share them within a group (**GQA**, Ainslie et al. 2023, arXiv "
    "2305.13245) or all together (**MQA**, Shazeer 2019, arXiv 1911.02150). Latent attention "
    "(**MLA**, DeepSeek-V2 2024, arXiv 2405.04434) keeps one short vector of each token instead."
)
show_kept_board(reader)
st.markdown(
    "A **sliding window** keeps a fixed number of tokens. The newest one overwrites the oldest "
    "(Jiang et al. 2023, arXiv 2310.06825). Many heads give much of their weight to the first "
    "tokens, the **attention sinks**. When these are overwritten, the loss jumps. Keeping the "
    "first four tokens mostly prevents this (Xiao et al. 2023, arXiv 2309.17453)."
)
show_rolling_board(reader)

st.subheader("What a step waits for", anchor=False)
st.markdown(
    "A machine has two limits: how fast it computes, and how fast its memory delivers. Which of "
    "them is reached first depends on the number of arithmetic operations (**FLOP**) for each byte "
    "moved (**roofline**, Williams et al. 2009). A step reads each weight from memory. For one "
    "text it uses the weight once, for a **batch** once for each text."
)
show_roof_board(reader)

st.subheader("Room for many", anchor=False)
st.markdown(
    "Nobody knows beforehand how long an answer will be. A server that reserves one piece of "
    "memory for the longest answer leaves most of it empty. In earlier systems, only 20.4 to "
    "38.2\u00a0% of the cache’s memory held tokens. The **paged cache** of vLLM gives out small "
    "pages as they are needed. It served 2 to 4 times as many requests at the same delay. "
    f"{tag('published', 'Kwon et al. 2023, arXiv 2309.06180')}"
)
show_paging_board()

st.subheader("Guess first, check at once", anchor=False)
st.markdown(
    "On an accelerator, a step waits for the weights to come from memory. So reading a few tokens "
    "at once takes hardly longer than reading one. In **speculative decoding** a cheap draft "
    "guesses the next γ tokens, and the model checks them all in one pass. A guess stays if the "
    "model would have chosen it too and all guesses before it stay."
)
show_draft_board(reader)

show_check("decoding-check", (), decoding_questions, settings=("cache",))

for_engineers("sampling with a draft, where drafts come from, the code", show_deeper)

close_lesson(
    "Decoding",
    recap=(
        "Prefill computes all positions of a prompt in one pass. Decode computes one position in "
        "each pass: its query reads n keys, O(n).",
        "On an accelerator, a decode step mostly waits for memory. So several tokens at once, of "
        "one text or of many, take hardly longer than one.",
        "Speculative decoding checks γ guesses in one pass and leaves the text as it was. If each "
        "guess is accepted with probability α, a round brings (1 − α^(γ+1)) ÷ (1 − α) tokens on "
        "average.",
    ),
)
