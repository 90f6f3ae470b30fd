"""Recurrence: what came before, and why did attention win?"""

import streamlit as st

from pages.n0_why.recurrence.paths_board import show_paths_board
from pages.n0_why.recurrence.reach_board import show_reach_board
from pages.n0_why.recurrence.recorded_loss import show_recorded_loss
from pages.n0_why.recurrence.recurrence_deeper import show_deeper
from pages.n0_why.recurrence.recurrence_questions import recurrence_questions
from pages.n0_why.recurrence.state_board import show_state_board
from pages.n0_why.recurrence.waiting_board import show_waiting_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

reader = open_lesson(
    "Recurrence",
    lead="A **recurrent** network (RNN) reads one **token** (a word or a piece of one) after the "
    "other. It carries a vector of fixed size, its **state**, from token to token. Attention lets "
    "each token look at every earlier one directly.",
)
show_paths_board(reader)

st.subheader("What was not learnt from far away", anchor=False)
st.markdown(
    "Training follows the **gradient**: how the loss would change with each number of the network. "
    "To reach an earlier word it travels back step by step. Each step of a recurrent network "
    "multiplies it, so over many steps it **vanishes** or **explodes**. The **LSTM** (Hochreiter "
    "and Schmidhuber 1997) adds a **cell**. Its **forget gate** (Gers et al. 2000) sets how much "
    "of the cell is kept at each step. In a **linear recurrence**, as in state-space models, no "
    "nonlinear function stands between two states."
)
show_reach_board()

st.subheader("What could not be computed at once", anchor=False)
st.markdown(
    "Each state needs the one before it, also in training. A Transformer layer computes all tokens "
    "of a text at once, because each token reads only what the layer below has made. A linear "
    "recurrence can join its steps in pairs, the pairs in pairs, and so on (a parallel **scan**)."
)
show_waiting_board()

st.subheader("What recurrence is better at", anchor=False)
st.markdown(
    "When a model writes, attention keeps a key and a value of every earlier token (the **KV "
    "cache**). A recurrent network keeps only its state, whose size never changes. So each new "
    "token costs it the same. But all that it remembers of the text has to fit into the state."
)
show_state_board(reader)

st.subheader("What small trained models show", anchor=False)
show_recorded_loss()

before, paper, back = st.columns(3)
with before.container(border=True, height="stretch"):
    st.markdown(
        "**Before 2017**  \n"
        "- 2014: one LSTM reads a sentence, another writes its translation from the last state. "
        f"{tag('published', 'Sutskever et al. 2014, arXiv 1409.3215')}\n"
        "- 2014: a single vector is a bottleneck. At each word the writing RNN may look at all "
        "states of the reading one. This is **attention**, on top of recurrence. "
        f"{tag('published', 'Bahdanau et al. 2014, arXiv 1409.0473')}\n"
        "- 2016 and 2017: convolutions compute all tokens at once. The number of steps between two "
        "words grows linearly with their distance in ConvS2S, logarithmically in ByteNet. "
        f"{tag('published', 'Kalchbrenner et al. 2016; Gehring et al. 2017')}"
    )
with paper.container(border=True, height="stretch"):
    st.markdown(
        "**“Attention Is All You Need”**  \n"
        "The Transformer left recurrence and convolutions out and kept attention. It reached 28.4 "
        "BLEU (a score of translations) from English to German, over 2 more than the best results "
        "before, after 3.5 days on eight GPUs. "
        f"{tag('published', 'Vaswani et al. 2017, arXiv 1706.03762')}\n\n"
        "GPT (2018) keeps its decoder, BERT (2018) its encoder, T5 (2019) both. The Vision "
        "Transformer (2020) reads patches of a picture as tokens. The models of this app are "
        "decoders, too.\n\n"
        "Reasons usually given for its success: short ways between words, training on all tokens "
        "at once, and a loss that goes on falling as models grow."
    )
with back.container(border=True, height="stretch"):
    st.markdown(
        "**Recurrence returns**  \n"
        "- **State-space models** are linear recurrences. The authors of Mamba report that it "
        "generates 5 times as many tokens per second as Transformers, and that Mamba-3B matches "
        "Transformers of twice its size. "
        f"{tag('published', 'Gu and Dao 2023, arXiv 2312.00752')}\n"
        "- They are worse at copying from a text and at looking things up in it, since a fixed "
        "state cannot hold a long text. "
        f"{tag('published', 'Jelassi et al. 2024, arXiv 2402.01032')}\n"
        "- **Hybrids** have a few attention layers for that. Jamba has 1 for every 7 layers of "
        "Mamba (Lieber et al. 2024), Qwen3-Next 1 for every 3 recurrent layers (2025). In one "
        "study with 8 billion parameters, a hybrid beat the Transformer on all 12 standard tasks. "
        f"{tag('published', 'Waleffe et al. 2024, arXiv 2406.07887')}"
    )

with st.container(border=True):
    st.markdown(
        "**A way to picture it**  \n"
        "Recurrence is a whispered message that passes along a row of people. Each person hears it "
        "from a neighbour and adds a word. Attention is a room in which everybody can ask anybody "
        "who came earlier.  \n"
        "*Where it breaks down:* an LSTM’s people carry a written note (the cell) beside the "
        "whisper, and change only some lines of it. And the room fills up: everybody who came in "
        "stays, and has to be asked."
    )

show_check(
    "recurrence-check",
    (reader.model_name, reader.token_ids),
    recurrence_questions,
    again="Ask about my text as it is now",
    settings=("from", "to", "bias", "length"),
)

for_engineers("the product of gradients, the scan, how it was measured, the code", show_deeper)

close_lesson(
    "Recurrence",
    recap=(
        "Between two words that lie k tokens apart, information passes k steps in a recurrent "
        "network, and one step in attention.",
        "Each step multiplies the gradient, so over many steps it vanishes or explodes. Each step "
        "of an RNN or LSTM also waits for the one before, so parallel hardware mostly stands idle.",
        "Recurrence keeps a state of fixed size, where attention keeps every token. Hybrids use "
        "both.",
    ),
)
