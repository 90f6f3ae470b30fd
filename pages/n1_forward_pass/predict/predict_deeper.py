"""Predict for engineers: greedy decoding and its loops, and the code."""

import streamlit as st

from pages.n1_forward_pass.predict.two_ways_board import offer_loop, show_two_ways_board
from transformer_core.generation import filter_steps, generate
from transformer_core.lens.prediction import token_losses
from transformer_core.transformer import Transformer
from ui.code_drawer import show_code
from ui.frame import reader
from ui.known_models import SHIPPED
from ui.provenance import tag

REPEATED = (
    " The Fable models also met made-up repetitions in training, which strengthens the effect."
)


def show_deeper() -> None:
    """Two ways to write on, then the code."""
    now = reader()
    st.subheader("Why not always take the most probable token?", anchor=False)
    st.markdown(
        "Always taking the most probable token is called **greedy decoding**. It gives the same "
        "text each time, and the text often gets caught in a loop. A repetition is evidence that "
        "the text repeats itself, so the model expects the next round even more. "
        + tag("published", "Holtzman et al. 2020")
        + " "
        + tag("published", "Xu et al. 2022")
        + (REPEATED if now.model_name in SHIPPED else "")
    )
    offer_loop(now)
    show_two_ways_board()
    show_code(Transformer.unembed, "From the normed vector to the logits")
    show_code(filter_steps, "Temperature, then the filters")
    show_code(token_losses, "The loss of each token")
    show_code(generate, "Writing on")
