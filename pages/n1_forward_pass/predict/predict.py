"""Predict: how does a vector become the next word?"""

import streamlit as st

from pages.n1_forward_pass.predict.assistant_board import show_assistant
from pages.n1_forward_pass.predict.generation_board import show_generation_board
from pages.n1_forward_pass.predict.prediction_board import show_prediction_board
from pages.n1_forward_pass.predict.prediction_questions import prediction_questions
from pages.n1_forward_pass.predict.sampling_settings import RANGES
from pages.n1_forward_pass.predict.surprise_board import show_surprise_board
from pages.n1_forward_pass.predict.two_ways_board import show_two_ways_board
from transformer_core.generation import filter_steps, generate
from transformer_core.lens.prediction import surprise
from transformer_core.transformer import Transformer
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

LEANING = " Training on conversations, which came later, makes shares lean towards their words."

reader = open_lesson(
    "How does a vector become the next word?",
    step="Predict",
    minutes=7,
    lead="The last layer leaves a vector at each word. Its dot product with the row of every "
    "token in the vocabulary is that token's score, its **logit**. The **softmax** turns logits "
    "into shares that add up to 1, the probabilities; a draw by them picks the "
    ":violet[**next token**].",
)
loaded = load(reader.model_name)
config = loaded.config
for name in RANGES:
    address_field(name)

show_prediction_board(reader)
lessons = st.session_state["lessons"]
if config.tied_embeddings and "Embed" in lessons:
    st.page_link(
        lessons["Embed"],
        label="One matrix, used twice: see Embed",
        icon=":material/link:",
    )

st.subheader("How well did the model expect your own words?", anchor=False)
show_surprise_board(reader)

st.subheader("Writing on, with a memory", anchor=False)
st.markdown(
    "To write, the model appends the token it drew and predicts again. The :orange[keys] and "
    ":green[values] of earlier positions never change, because no position sees a later one. So "
    "they are kept, in the **KV cache**, and each step computes one new position only."
)
show_generation_board()
show_two_ways_board()

show_assistant(reader)

show_check(
    "predict-check",
    (reader.model_name, reader.token_ids),
    prediction_questions,
    again="Ask about the word I am looking at",
)

st.subheader("What these shares are, and what they are not", anchor=False)
text, truth, choice = st.columns(3, border=True)
text.markdown(
    "**How often, in texts like these.** Training lowers one number: the mean surprise at the "
    "next token of its texts. That is smallest when a share of 30 % goes to what comes 30 times "
    "in 100. So a share is the model's estimate of how such texts go on."
    + (LEANING if loaded.tokenizer.chat_template else "")
)
truth.markdown(
    "**Not how true.** Nothing in the sum asks whether a sentence is true, and the softmax must "
    "hand out all of 1, also after nonsense. Texts that are often wrong teach the wrong words. A "
    "large share says: usual here."
)
choice.markdown(
    "**Not yet a choice.** Always the likeliest (greedy) gives the same text each time and tends "
    "to run in circles. Plain chance also reaches into the long tail, whose tokens are rare one by "
    "one but not together. Between the two lie temperature, top-k (arXiv 1805.04833), top-p "
    "(arXiv 1904.09751) and min-p (arXiv 2407.01082)."
)

show_code(Transformer.unembed, "From the final vector to the logits")
show_code(filter_steps, "Temperature, then the cuts")
show_code(surprise, "Surprise")
show_code(generate, "Writing on")

close_lesson(
    "Predict",
    recap=(
        f"The final vector times the row of each of the {config.vocab_size:,} tokens gives the "
        "logits; divided by the temperature, the softmax makes them shares of 1.",
        "top-k, top-p and min-p cut the tail, each in its own way; what is left is divided by its "
        "sum, and a draw picks.",
        "−ln of the share of the word that came is its surprise; the mean is the loss that "
        "training lowers.",
    ),
)
