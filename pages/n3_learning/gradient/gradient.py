"""Gradient step: how does it learn?"""

import streamlit as st

from pages.n3_learning.gradient.gradient_deeper import show_deeper
from pages.n3_learning.gradient.gradient_questions import gradient_questions
from pages.n3_learning.gradient.overfit_board import show_overfit_board
from pages.n3_learning.gradient.pull_board import show_pull_board
from pages.n3_learning.gradient.race_board import show_race_board
from pages.n3_learning.gradient.schedule_board import show_schedule_board
from pages.n3_learning.gradient.step_board import show_step_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag
from ui.state import setting

reader = open_lesson(
    "Gradient step",
    lead="A **token** (a word or a piece of one) costs −ln of the probability that the model gave "
    "it, in **nats** (natural-log units). The **loss** of a text is the mean cost. The "
    "**gradient** says for each weight how the loss changes with it. A step moves all weights a "
    "little against the gradient.",
)
show_step_board(reader, setting("rate"))

st.subheader("Where the gradient begins", anchor=False)
st.markdown(
    "A **logit** is the score of a possible next token; the softmax turns all logits into "
    "probabilities. A logit’s gradient can be computed by hand. **Backpropagation** carries it "
    "back through the layers by the chain rule, so that one backward pass gives the gradient of "
    f"every weight. {tag('published', 'Rumelhart et al. 1986')}"
)
show_pull_board(reader)

st.subheader("Learning by heart is not learning", anchor=False)
st.markdown(
    "Real training takes each step on a **batch** of texts, and a new batch at every step. What "
    "counts is the loss on text that was **held out**, which no step has used. Here a small model "
    "learns to predict letters from a few spans of text."
)
show_overfit_board()

st.subheader("Better steps: momentum, Adam, Muon", anchor=False)
st.markdown(
    "An **optimizer** turns gradients into steps. **SGD** (stochastic gradient descent) takes the "
    "gradient as it is. **Momentum** adds up past gradients. **Adam** gives each weight a step of "
    f"about the same size. {tag('published', 'Kingma and Ba 2014')} **AdamW** also makes all "
    "weights a little smaller at each step, which is called weight decay. "
    f"{tag('published', 'Loshchilov and Hutter 2017')} **Muon** makes the step of a matrix about "
    f"equally long in all directions. {tag('published', 'Jordan et al. 2024')}"
)
show_race_board()

st.subheader("Warm-up and decay", anchor=False)
st.markdown(
    "In most trainings the learning rate changes. It grows in the first steps (**warm-up**): among "
    "other reasons, Adam’s running means rest on few gradients then. It falls at the end "
    "(**decay**), so that the last steps settle instead of jumping across the valley."
)
show_schedule_board()

picture, stays = st.columns(2)
with picture.container(border=True, height="stretch"):
    st.markdown(
        "**A way to picture it**  \n"
        "You walk down a hill in fog. You feel the slope under your feet and take a step "
        "downwards. The learning rate is how long the step is for a given slope. Too short, and "
        "the way takes all day. Too long, and you land on the other side of the valley, higher "
        "up.  \n"
        "*Where it breaks down:* on a hill you can move in two directions. fable-tiny can move in "
        "865,344, one for each weight, and a backward pass finds the slope in all of them at once."
    )
with stays.container(border=True, height="stretch"):
    st.markdown(
        "**What a step here is, and what it is not**  \n"
        "- The steps change a copy. The model that all readers share stays as it is.\n"
        "- One text is repeated, so the copy learns it by heart. Real training takes other texts "
        "at every step.\n"
        "- Plain gradient descent is the simplest rule. The Fable models were trained with Muon "
        "for the matrices of their layers and AdamW for all other weights.\n"
        "- Later training, for example from human feedback, takes the same kind of steps with "
        "another loss."
    )

show_check(
    "gradient-check",
    (reader.model_name, reader.token_ids),
    gradient_questions,
    again="Ask about my text as it is now",
    settings=("rate",),
)

for_engineers("the chain rule, the optimizers as formulas, where it is defined", show_deeper)

close_lesson(
    "Gradient step",
    recap=(
        "Training lowers one number, the loss. The gradient of a logit is p − 1 for the token that "
        "came and p for every other; backpropagation carries it to every weight.",
        "What the gradient forecasts holds for short steps only. Too high a learning rate jumps "
        "across the valley, and the loss can explode.",
        "A falling training loss is no proof of learning. Only text that was held out can show "
        "whether the model overfits.",
    ),
)
