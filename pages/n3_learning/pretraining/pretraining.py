"""Pretraining: what does it give, and what follows it?"""

import streamlit as st

from pages.n3_learning.pretraining.assistant_board import show_assistant
from pages.n3_learning.pretraining.history import show_history, show_open
from pages.n3_learning.pretraining.pretraining_deeper import show_deeper
from pages.n3_learning.pretraining.pretraining_questions import pretraining_questions
from pages.n3_learning.pretraining.reward_board import show_reward_board
from pages.n3_learning.pretraining.transfer_chart import show_transfer, show_without_labels
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

reader = open_lesson(
    "Pretraining",
    lead="**Pretraining** teaches a model to predict the next token (a word or a piece of one) of "
    "plain text. **Fine-tuning** continues the training on few examples of a task, each with its "
    "right answer, the **label**.",
)
show_transfer()

st.subheader("How it came about", anchor=False)
st.markdown(
    "Labels cost people’s time, so there are thousands or millions of them. Texts and pictures "
    "without labels are there in far greater numbers. The question was how to learn from both. "
    + tag("published", "sources below each line")
)
show_history()

st.subheader("Without any label", anchor=False)
show_without_labels(reader)

st.subheader("From language model to assistant", anchor=False)
pretrained, tuned, preferred, checked = st.columns(4, border=True)
pretrained.markdown(
    "**1. Pretraining**  \nData: any text, trillions of tokens. It needs no labels: each next "
    "token is the label. Result: a model that continues texts."
)
tuned.markdown(
    "**2. Fine-tuning**  \nData: conversations that people wrote. The loss stays the same, "
    "next-token prediction on the answers. Result: a model that answers."
)
preferred.markdown(
    "**3. Human feedback**  \nData: which of two answers people prefer. A second model learns to "
    "predict this, and the first is rewarded by it (**RLHF**, arXiv 2203.02155). "
    + tag("published", "Ouyang et al. 2022")
)
checked.markdown(
    "**4. Verifiable rewards**  \nData: tasks whose answer a program can check, as in mathematics "
    "and code (arXiv 2411.15124). No second model has to guess what is good. "
    + tag("published", "Lambert et al. 2024")
)
st.markdown(
    "People preferred the answers of a model of 1.3 billion parameters trained with stages 2 and 3 "
    "to those of GPT-3, which has 175 billion and only stage 1. "
    + tag("published", "Ouyang et al. 2022")
)
st.markdown(
    "SmolLM2 went through stages 1 and 2. Then it was trained by **DPO**, which learns from pairs "
    "of answers directly, without a second model. "
    + tag("published", "SmolLM2’s model card")
    + " "
    + tag("published", "Rafailov et al. 2023")
)
show_assistant(reader)

st.subheader("A reward that a program can check", anchor=False)
st.markdown(
    "Stage 4 in small: fable-tiny goes on from a beginning, and the word “happy” earns points. "
    "What a text earns beyond the mean of the others is its **advantage** A. A step on −A ln p "
    "makes texts with A above 0 more probable (**REINFORCE**, Williams 1992; groups as in Shao et "
    "al. 2024, arXiv 2402.03300). The **KL penalty** costs β points for each nat (natural-log "
    "unit) that a text has become more probable than at the start."
)
show_reward_board()
st.caption(
    "Try each reward with β = 0 first, then with 0.05. A program checks exactly what it was told "
    "to check. What it was not told, good English here, is lost unless something holds it."
)

st.subheader("What runs out, and what is open", anchor=False)
show_open()

show_check("pretraining-check", (), pretraining_questions)

for_engineers("the policy gradient, PPO and GRPO, ways to fine-tune, the code", show_deeper)

close_lesson(
    "Pretraining",
    recap=(
        "Pretraining needs no labels: the next token is the label. A pretrained network learns "
        "from few labelled examples what it does not learn from random weights.",
        "An assistant is a language model trained further: on answers, on preferences, and on "
        "rewards that a program can check.",
        "Reinforcement learning raises what is rewarded and nothing else. A KL penalty keeps the "
        "model near its start.",
    ),
)
