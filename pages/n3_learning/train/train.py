"""Train one: can you train one yourself?"""

import streamlit as st

from pages.n3_learning.train.train_board import show_train_board
from pages.n3_learning.train.train_deeper import show_deeper
from pages.n3_learning.train.train_questions import train_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

open_lesson(
    "Train one",
    lead="Yes, in less than a minute. A tiny Transformer begins with random weights and sees a "
    "batch of examples at each **step**. Its **loss** is high where it gives the right token a low "
    "probability. The **gradient** of the loss says how to change each weight.",
)
show_train_board()

st.subheader("What to look for", anchor=False)
loss, attention, rate = st.columns(3, border=True)
loss.markdown(
    "**The loss begins near the uniform guess.** Before training, all V tokens (digits, letters or "
    "signs) are about equally probable, so each costs ln V nats (natural-log units). The held-out "
    "loss is that of examples which were not learnt from. It tells whether the model has learnt a "
    "rule or only its examples."
)
attention.markdown(
    "**Attention gets a pattern.** At first each token attends about equally to itself and all "
    "before it. In sorting, each digit of the answer comes to attend to the given digits that may "
    "be next. Nobody has told the model to do so. It lowers the loss."
)
rate.markdown(
    "**The learning rate decides.** After 600 steps of sorting, a rate of 0.00001 gets about half "
    "of the digits right, and 0.1 about 40 %. With 1, the loss explodes: the steps are larger "
    "than the weights themselves. Type these three and compare. " + tag("measured")
)

show_check("train-check", "train", train_questions, again="Ask again")

st.subheader("Two tasks that need more", anchor=False)
addition, induction = st.columns(2, border=True)
addition.markdown(
    "**Addition: a table or a rule?** Small networks can learn such sums by heart first, and find "
    "the rule much later. This is called **grokking**. With weight decay, which shrinks all "
    "weights a little at each step, half as many examples were enough. "
    + tag("published", "Power et al. 2022, arXiv 2201.02177")
    + " Here four in five sums are learnt from, and weight decay is strong. The held-out sums then "
    "follow the others closely."
)
induction.markdown(
    "**Induction: one layer is too few.** A head has to find where the same letter stood before, "
    "and read the letter after it. This takes two heads in two layers, one after the other. "
    "Language models with one layer do not form such heads. "
    + tag("published", "Olsson et al. 2022, arXiv 2209.11895")
    + " Here, after 300 steps, two layers get all letters right and one layer about 70 %. "
    + tag("measured")
)

for_engineers("the update, the process and its limits, the code", show_deeper)

close_lesson(
    "Train one",
    recap=(
        "Training is a loop: take a batch, compute the loss, compute its gradient, change each "
        "weight a little against it.",
        "A uniform guess costs ln V. What counts is the loss and the accuracy on examples that "
        "were held out.",
        "Too low a learning rate wastes steps. Too high a rate throws away what was learnt. "
        "Attention patterns form because they lower the loss.",
    ),
)
