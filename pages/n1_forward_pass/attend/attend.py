"""Attend: which words does each word read from?"""

import streamlit as st

from pages.n1_forward_pass.attend.attention_board import show_attention_board
from pages.n1_forward_pass.attend.attention_questions import attention_questions
from transformer_core.attention import Attention, masked_softmax
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "Which words does each word read from?",
    step="Attend",
    minutes=5,
    lead="Every word (here: token) asks a question (its :blue[**query**]), shows what it can be "
    "found by (its :orange[**key**]) and has something to hand over (its :green[**value**]). A "
    "**head** is one such reading; a **layer** holds several.",
)
config = load(reader.model_name).config

show_attention_board(reader)
show_check(
    "attend-check",
    (reader.model_name, reader.token_ids),
    attention_questions,
    again="Ask about the head I am looking at",
)

st.subheader("Three ways to picture it", anchor=False)
casting, football, voter = st.columns(3)
with casting.expander("The casting director", icon=":material/theater_comedy:"):
    st.markdown(
        "A director describes a part (:blue[query]) and holds it against the headline of each "
        "portfolio (:orange[key]). The better the fit, the more screen time; what reaches the film "
        "is the acting itself (:green[value]), not the headline.  \n"
        "*Where it limps:* a director casts one actor, a head mixes all of them by share."
    )
with football.expander("The football pass", icon=":material/sports_soccer:"):
    st.markdown(
        "The player on the ball looks for someone free on the left (:blue[query]); each "
        "team-mate's place says what they offer (:orange[key]). Only who is already on the field "
        "can be played to: the mask. What comes back is the move they make of it "
        "(:green[value]).  \n"
        "*Where it limps:* here every player passes at once, and each pass is split."
    )
with voter.expander("The voter", icon=":material/how_to_vote:"):
    st.markdown(
        "Each word has one vote and may split it: the shares of a row add up to 1. It compares its "
        "wishes (:blue[query]) with every programme on the list so far (:orange[key]), and each "
        "candidate shapes the outcome (:green[value]) by the share it got.  \n"
        "*Where it limps:* in each of the "
        f"{config.n_layers * config.n_heads} heads the same word votes anew, by other wishes."
    )

show_code(Attention.trace)
show_code(masked_softmax, "Mask and softmax")

close_lesson(
    "Attend",
    recap=(
        ":blue[Query] times :orange[key] says how well two words fit; divided by "
        f"√{config.d_head}, it does not grow with the width of the head.",
        "The mask hides what comes later; the softmax, e to each score ÷ the row’s sum, makes "
        "shares of 1.",
        "What moves between words is the :green[value], mixed by those shares, head by head.",
    ),
)
