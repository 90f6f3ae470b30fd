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
    lead="Yes, in less than a minute. A tiny Transformer begins with random numbers and sees 64 "
    "examples at each **step**. The **gradient** of its **loss** says how to change each number. "
    "A process beside this page does it while you watch.",
)
show_train_board()

st.subheader("What to look for", anchor=False)
loss, attention, rate = st.columns(3, border=True)
loss.markdown(
    "**The loss begins near the uniform guess.** Before training, all V tokens of the vocabulary "
    "are about equally probable, so each costs ln V. Then the model learns which tokens can occur "
    "at all, and only later which one is right. The held-out loss tells whether it has learnt a "
    "rule or only its examples."
)
attention.markdown(
    "**Attention gets a pattern.** At first each token attends about equally to all before it. "
    "In sorting, the row of a digit of the answer comes to attend to the digits that may be next. "
    "Nobody has told the model to: the gradient alone makes it."
)
rate.markdown(
    "**The learning rate decides.** With 0.00001, half of sorting is learnt in 600 steps. With "
    "0.1, the model stays at about a third of the digits. With 1, the loss explodes: the steps are "
    "larger than the weights themselves. Type these three and compare. " + tag("measured")
)

show_check("train-check", "train", train_questions, again="Ask again")

st.subheader("Two tasks that need more", anchor=False)
addition, induction = st.columns(2, border=True)
addition.markdown(
    "**Addition: a table or a rule?** Small networks can learn such sums by heart first, and find "
    "the rule much later. This is called **grokking**. Weight decay brings the rule sooner. "
    + tag("published", "Power et al. 2022, arXiv 2201.02177")
    + " Here four in five sums are learnt from, and weight decay is strong. So the held-out sums "
    "follow the others closely."
)
induction.markdown(
    "**Induction: one layer is too few.** A head has to find where the same letter stood before, "
    "and read the letter after it. This takes two heads in two layers, one after the other. Models "
    "with one layer do not form such heads. "
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
        "Too low a learning rate wastes steps, too high a rate throws away what was learnt. "
        "Attention patterns form because they lower the loss.",
    ),
)
