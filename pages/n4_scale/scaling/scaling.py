"""Scaling: how large a model, and how much text, for a given budget?"""

import streamlit as st

from pages.n4_scale.scaling.scaling_arithmetic import show_six
from pages.n4_scale.scaling.scaling_board import show_scaling_board
from pages.n4_scale.scaling.scaling_deeper import show_deeper
from pages.n4_scale.scaling.scaling_examples import shown_model
from pages.n4_scale.scaling.scaling_questions import scaling_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load
from ui.state import setting

reader = open_lesson(
    "Scaling",
    lead="Training *N* parameters on *D* tokens (words or pieces of words) takes about "
    "**C = 6 N D** floating-point operations (FLOP). A **scaling law**, fitted to many trainings, "
    "predicts the **loss** in nats (natural-log units): the mean of −ln p, where p is the "
    "probability given to the next token. Your sentence plays no part.",
)
show_scaling_board(reader.model_name)
st.markdown(shown_model(load(reader.model_name)))

with st.container(border=True):
    show_six()

show_check(
    "scaling-check",
    setting("law"),
    scaling_questions,
    again="Ask about the point where I am",
    settings=("params", "train"),
)

for_engineers(
    "what rounding does, why models are trained for longer, the code",
    show_deeper,
)

close_lesson(
    "Scaling",
    recap=(
        "The reducible part of the loss falls as a power of the parameters and of the tokens. The "
        "floor E remains, however large the model.",
        "For each budget C = 6 N D one pair of N and D is best. The loss is nearly flat around it, "
        "so the estimate of that pair is uncertain.",
        "About 20 tokens per parameter are cheapest to train, by two of the Chinchilla paper’s "
        "methods and by the refit. For heavy use, a smaller model trained for longer is cheaper.",
    ),
)
