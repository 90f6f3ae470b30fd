"""Encoder, decoder: which half of the Transformer of 2017 does which work?"""

import streamlit as st

from pages.n2_architectures.encoder_decoder.dates_board import accuracy, show_dates_board
from pages.n2_architectures.encoder_decoder.encoder_decoder_deeper import show_deeper
from pages.n2_architectures.encoder_decoder.encoder_decoder_questions import halves_questions
from pages.n2_architectures.encoder_decoder.hidden_board import show_hidden_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag
from ui.state import setting

open_lesson(
    "Encoder, decoder",
    lead="An **encoder** reads a whole text in both directions. A **decoder** writes a text token "
    "by token and sees only the tokens written so far. In the Transformer of 2017, "
    "**cross-attention** also lets it read the encoder’s output. Here a small one rewrites dates, "
    "and each character is a **token**.",
)
show_dates_board()
st.caption(accuracy())

st.subheader("What reading both ways is worth", anchor=False)
st.markdown(
    "An encoder alone can be trained on plain text, too. A token is hidden, and the model tells it "
    "from the tokens on both sides: **masked-word prediction**. A causal model would have to tell "
    "it from the tokens before it. Here are two small models of this course on one sentence."
)
show_hidden_board()

st.subheader("Who uses which half", anchor=False)
st.markdown(
    "| | Which masks it uses | How it was trained | Models | What it is for |\n"
    "|---|---|---|---|---|\n"
    "| **Encoder** | The encoder’s: every token sees the whole text | It guesses some tokens of a "
    "text (in BERT 15\u00a0%) from both sides. Most of them are hidden. "
    "| **BERT** (Devlin et al. 2019); **RoBERTa**, trained longer and on more text (Liu et al. "
    "2019); **DistilBERT**, 40\u00a0% smaller than BERT, with 97\u00a0% of its language "
    "understanding (Sanh et al. 2019) "
    "| To judge or compare texts: classes, names in a text, search. It is not made to write. |\n"
    "| **Decoder** | The decoder’s: every token sees itself and what came before "
    "| Next-token prediction "
    "| **GPT** (Radford et al. 2018); **LLaMA** (Touvron et al. 2023); **Claude**, which also "
    "writes token by token, but whose architecture Anthropic has not published "
    "| To write: answers, code, stories. A task is put before it as a text to be continued. |\n"
    "| **Both** | All three, as above | It translates sentences of which a translation is known "
    "(Transformer). Or it repairs damaged texts: it writes what is missing (T5) or the whole text "
    "(BART). "
    "| **Transformer** (Vaswani et al. 2017); **T5** (Raffel et al. 2020); **BART** (Lewis et al. "
    "2020) | One text into another: translation, summaries |\n\n"
    + tag(
        "published",
        "arXiv 1706.03762, 1810.04805, 1907.11692, 1910.01108, 2302.13971, 1910.10683, 1910.13461",
    )
)

idea, why, limits = st.columns(3)
with idea.container(border=True, height="stretch"):
    st.markdown(
        "**A way to picture it**  \n"
        "An interpreter reads a whole letter and makes notes on every word. Then the interpreter "
        "writes the translation, looking back at the notes before each word. The notes are the "
        "encoder’s output, and looking back is cross-attention.  \n"
        "*Where it breaks down:* the interpreter looks at one note at a time. Each layer of the "
        "decoder looks at all of them at once, with several heads, and mixes what it finds."
    )
with why.container(border=True, height="stretch"):
    st.markdown(
        "**Why most large models are decoders only**  \n"
        "A decoder can read the source, too, as the beginning of its own text. Then one stack of "
        "layers and one task, next-token prediction, are enough. The price is that the source is "
        "read in one direction. With a prefix mask, the source sees itself whole and only the rest "
        "is causal. In the comparison by the authors of T5, an encoder with a decoder did best. "
        f"{tag('published', 'Raffel et al. 2020, arXiv 1910.10683')}"
    )
with limits.container(border=True, height="stretch"):
    st.markdown(
        "**What attention weights do not say**  \n"
        "A cell tells where a head reads, not that this character decided the answer. The encoder "
        "has already mixed the characters, so the vector of one letter may carry the whole month. "
        "In recurrent networks for several tasks, attention weights often did not correlate with "
        "gradients as a measure of importance. "
        f"{tag('published', 'Jain and Wallace 2019, arXiv 1902.10186')}"
    )

show_check(
    "encoder_decoder-check",
    setting("date"),
    halves_questions,
    again="Ask about my date as it is now",
    settings=("date", "cross", "letter", "broken"),
)

for_engineers("the formula, the masks in code, accuracy, the training command", show_deeper)

close_lesson(
    "Encoder, decoder",
    recap=(
        "In an encoder every token sees the whole text. In a decoder each position sees only "
        "what is written before it.",
        "In cross-attention the queries come from what is written, and the keys and values from "
        "the encoder’s output.",
        "In training the decoder reads the target’s own past (teacher forcing), all positions in "
        "one pass. When it generates, it reads what it has written, errors included.",
    ),
)
