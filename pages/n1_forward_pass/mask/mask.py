"""Mask: who may look at whom?"""

import streamlit as st

from pages.n1_forward_pass.mask.mask_board import show_mask_board
from pages.n1_forward_pass.mask.mask_questions import mask_questions
from pages.n1_forward_pass.mask.peeking import show_peeking
from transformer_core.attention import masked_softmax
from transformer_core.lens.mask_effects import dependence, token_losses
from transformer_core.lens.peeking import Pupil
from transformer_core.masks import causal_mask
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "Mask",
    lead="A **mask** says for each token, a word or a piece of one, which tokens its attention may "
    "look at. Choose a pattern or paint your own, and the model runs again under it.",
)
address_field("mask")

show_mask_board()
with st.expander("What a prefix and padding are for", icon=":material/menu_book:"):
    st.markdown(
        "- **A decoder**, such as this model, writes a text from left to right. The causal mask "
        "makes every position a fair prediction of the next token. A decoder that reads its own "
        "output back in, token by token, is called **autoregressive**.\n"
        "- **An encoder**, such as BERT, reads a finished text. It needs no causal mask, so every "
        "token may look both ways. But the texts of a batch differ in length. The short ones are "
        "filled up with padding tokens, and a **padding mask** hides those.\n"
        "- **A prefix** is the given part of a text, such as a question or a text to be "
        "summarised. Nobody has to predict it, so its tokens may look at each other in both "
        "directions. The part to be written stays causal (Raffel et al. 2020).\n"
        "- In **self-attention**, as in this model, a text looks at itself. In **cross-attention** "
        "it looks at a second text, for example at the sentence to be translated.\n"
        "- Causal decoders need padding too. Where it stands at the end, the causal mask hides it "
        "from all real tokens. Where it stands in front, it needs a padding mask as well."
    )
trained = show_peeking()
show_check(
    "mask-check",
    (reader.model_name, reader.token_ids),
    mask_questions,
    again="Ask again",
)

show_code(causal_mask, "The causal mask")
show_code(masked_softmax, "Where the mask acts")
show_code(token_losses, "The loss of every position of one pass")
small = load(reader.model_name).is_small
show_code(dependence, "The gradients", "" if small else "for each row of gradients on this page")
if trained:
    show_code(Pupil.learn, "One step of the two trainings", "when the two were trained")

close_lesson(
    "Mask",
    recap=(
        "A mask hides cells before the softmax, so a hidden token gets an attention weight of "
        "exactly 0. Two masks are combined by AND.",
        "Under the causal mask one pass over a text predicts every next token at once. Training "
        "uses all of these predictions (teacher forcing).",
        "Without the causal mask the token to be predicted can be copied from the input. The loss "
        "then no longer measures prediction.",
    ),
)
