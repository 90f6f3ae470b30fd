"""Attend: which words does each word read from?"""

import streamlit as st

from pages.n1_forward_pass.attend.attention_board import show_attention_board
from pages.n1_forward_pass.attend.attention_questions import attention_questions
from pages.n1_forward_pass.attend.worked_board import show_worked_board
from transformer_core.attention import Attention, masked_softmax
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import close_lesson, open_lesson
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

st.subheader("Why these matrices?", anchor=False)
three, output, formula = st.columns(3)
with three.container(border=True, height="stretch"):
    st.markdown(
        "**Three matrices make three vectors**  \n"
        "To look for a noun and to be a noun are two different things. With the same vector for "
        "both, every token would fit itself well, and the scores would be symmetric: “she” would "
        "attend to “Ann” as “Ann” attends to “she”. :blue[W_Q] and :orange[W_K] make two vectors "
        "of one token, so that looking and being found can be learnt apart. A third matrix, "
        ":green[W_V], makes the value. So a token can be found by one property and hand over "
        "another."
    )
with output.container(border=True, height="stretch"):
    st.markdown(
        "**What W_V and W_O do**  \n"
        f":green[W_V] selects from a token’s {config.d_model} numbers what this head carries "
        f"away: {config.d_head} numbers. The attention weights mix these values. W_O translates "
        f"the mixture back into {config.d_model} numbers, which are added to the residual stream. "
        "That is the running vector of a token, to which every layer adds. W_Q and W_K decide "
        "*where* a head attends. W_V and W_O decide *what* it brings from there. The two "
        "decisions are independent (Elhage et al. 2021)."
    )
with formula.container(border=True, height="stretch"):
    st.markdown(
        "**All of it in one formula**  \n"
        "`softmax(Q Kᵀ / √d + M) V`  \n"
        "Q, K and V hold one row for each token. Q Kᵀ holds the score of each query with each key. "
        f"d is the number of numbers in a key, here {config.d_head}. M is the mask: 0 where a "
        "token may look and −∞ where a token comes later. The softmax raises e to each entry and "
        "divides by the sum of the row. Since e to the −∞ is 0, hidden tokens get the weight 0 and "
        "each row adds up to 1 (Vaswani et al. 2017, equation 1, which leaves M out)."
    )

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

show_code(Attention.trace)
show_code(masked_softmax, "Mask and softmax")

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
