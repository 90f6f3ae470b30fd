"""Mask for engineers: what flows through all layers, other masks' uses, a training, the code."""

import streamlit as st

from pages.n1_forward_pass.mask.mask_board import show_mask_flow
from pages.n1_forward_pass.mask.peeking import show_peeking
from transformer_core.attention import masked_softmax
from transformer_core.lens.mask_effects import dependence
from transformer_core.lens.peeking import Pupil
from transformer_core.lens.prediction import surprise
from transformer_core.masks import causal_mask
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load

USES = (
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


def show_deeper() -> None:
    """Two boards with words between them, then the code."""
    show_mask_flow()
    st.subheader("What a prefix and padding are for", anchor=False)
    st.markdown(USES)
    trained = show_peeking()
    show_code(causal_mask, "The causal mask")
    show_code(masked_softmax, "Where the mask acts")
    show_code(surprise, "The loss of every position of one pass")
    small = load(reader().model_name).is_small
    show_code(dependence, "The gradients", "" if small else "for each row of gradients above")
    if trained:
        show_code(Pupil.learn, "One step of the two trainings", "when the two were trained")
