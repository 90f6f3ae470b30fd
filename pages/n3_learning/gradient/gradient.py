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
    lead="The **loss** of a text is the mean cost of its **tokens** (words or pieces of words), in "
    "**nats** (natural-log units). The **gradient** says for each weight how the loss changes with "
    "it. A step moves all weights a little against the gradient.",
)
show_step_board(reader, setting("rate"))

st.subheader("Where the gradient begins", anchor=False)
st.markdown(
    "The first gradient is that of the logits, and it can be computed by hand. **Backpropagation** "
    "carries it back through the layers by the chain rule, so that one backward pass gives the "
    f"gradient of every weight. {tag('published', 'Rumelhart et al. 1986')}"
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
    "An **optimizer** turns gradients into steps. **SGD** takes the gradient as it is; momentum "
    "adds up past gradients. **Adam** gives each weight a step of about the same size. "
    f"{tag('published', 'Kingma and Ba 2014')} **AdamW** lets weights shrink apart from that. "
    f"{tag('published', 'Loshchilov and Hutter 2017')} **Muon** makes the step of a matrix about "
    f"equally long in all directions. {tag('published', 'Jordan et al. 2024')}"
)
show_race_board()

st.subheader("Warm-up and decay", anchor=False)
st.markdown(
    "The learning rate changes during training. It grows in the first steps (**warm-up**). One "
    "reason of several is that Adam’s running means rest on few gradients then. It falls at the "
    "end (**decay**), so that the last steps settle instead of jumping across the valley."
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
        "*Where it breaks down:* a hill has two directions. fable-tiny has 865,344, one for each "
        "weight, and a backward pass finds the slope in all of them at once."
    )
with stays.container(border=True, height="stretch"):
    st.markdown(
        "**What a step here is, and what it is not**  \n"
        "- The steps change a copy. The model that all readers share stays as it is.\n"
        "- One text is repeated, so the copy learns it by heart. A training would see another text "
        "at every step.\n"
        "- Plain gradient descent is the simplest rule. The Fable models were trained with Muon "
        "for the matrices of their layers and AdamW for all other weights.\n"
        "- Post-training, such as learning from human feedback, uses the same steps with another "
        "loss."
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
        "The gradient holds for short steps. A learning rate that is too high jumps across the "
        "valley, and the loss explodes.",
        "A falling training loss is no proof of learning. Only text that was held out can show "
        "whether the model overfits.",
    ),
)
