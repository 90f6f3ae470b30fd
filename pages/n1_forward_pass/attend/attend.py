"""Attend: which words does each word read from?"""

import streamlit as st

from pages.n1_forward_pass.attend.attend_deeper import show_deeper
from pages.n1_forward_pass.attend.attention_board import show_attention_board
from pages.n1_forward_pass.attend.attention_questions import attention_questions
from pages.n1_forward_pass.attend.worked_board import show_worked_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load

reader = open_lesson(
    "Attend",
    lead="In **self-attention** each **token** (a word or a piece of one) collects information "
    "from the tokens before it and from itself. Its :blue[**query**] says what it looks for, its "
    ":orange[**key**] what it can be found by, and its :green[**value**] is what it hands over.",
)
config = load(reader.model_name).config

show_worked_board()
st.subheader("The same steps in your sentence", anchor=False)
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
        "A director describes a part (:blue[query]) and compares it with the headline of each "
        "portfolio (:orange[key]). The better the fit, the more screen time an actor gets. What "
        "reaches the film is the acting (:green[value]), not the headline.  \n"
        "*Where it breaks down:* a director casts one actor. A head mixes all of them, each by its "
        "attention weight."
    )
with football.expander("The football pass", icon=":material/sports_soccer:"):
    st.markdown(
        "A player calls for a kind of ball (:blue[query]). Each team-mate’s place on the field "
        "says which kind they could play (:orange[key]). The ball then flies from the team-mate to "
        "the caller (:green[value]), as a value moves from the token with the key to the token "
        "with the query. Players who have not come on yet cannot pass: that is the mask.  \n"
        "*Where it breaks down:* there is one ball, and the passer no longer has it. A value is "
        "copied to everyone who calls, and each caller receives a mixture."
    )
with voter.expander("The voter", icon=":material/how_to_vote:"):
    st.markdown(
        "A voter has one vote and may split it, as the attention weights of a row add up to 1. The "
        "voter compares wishes (:blue[query]) with the programme of each candidate so far "
        "(:orange[key]). A candidate has a say (:green[value]) in proportion to the vote.  \n"
        "*Where it breaks down:* an election has one result for all voters. In attention each "
        "token gets a result of its own, from its own vote alone."
    )

for_engineers("why these matrices, all of it in one formula, the code", show_deeper)

close_lesson(
    "Attend",
    recap=(
        "A :blue[query] times a :orange[key] is a score: how well the two tokens fit. The score is "
        f"divided by √{config.d_head}, so that wide heads do not have larger scores.",
        "The mask hides the tokens that come later. The softmax turns each row of scores into "
        "attention weights that add up to 1.",
        "What moves between tokens is the :green[value], mixed by the attention weights of each "
        "head and translated by W_O.",
    ),
)
