"""Predict: how does a vector become the next word?"""

import streamlit as st

from pages.n1_forward_pass.predict.generation_board import show_generation_board
from pages.n1_forward_pass.predict.predict_deeper import show_deeper
from pages.n1_forward_pass.predict.prediction_board import show_prediction_board
from pages.n1_forward_pass.predict.prediction_questions import prediction_questions
from pages.n1_forward_pass.predict.surprise_board import show_surprise_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load
from ui.navigation.course import link_to
from ui.provenance import tag

LEANING = (
    " Fine-tuning on conversations, which came later, moves probabilities towards their words."
)

reader = open_lesson(
    "Predict",
    lead="The **final norm** rescales the last vector. Its dot product with the row "
    "of a token (a word or a piece of one) is that token’s **logit**. The **softmax** turns logits "
    "into probabilities, and a draw picks the :violet[**next token**].",
)
loaded = load(reader.model_name)
config = loaded.config

show_prediction_board(reader)
if config.tied_embeddings:
    link_to("Embed", "One matrix, used twice: see Embed")

st.subheader("How well did the model expect your own words?", anchor=False)
show_surprise_board(reader)

st.subheader("Writing on, with a memory", anchor=False)
st.markdown(
    "To write a text, the model predicts a token, appends it to its input, and predicts again. A "
    "model that reads its own output in this way is called **autoregressive**. This one can read "
    f"at most {config.context_length:,} tokens at once, its **context window**.  \n"
    "The :orange[keys] and :green[values] of earlier positions never change, because no position "
    "attends to a later one. They are kept in the **KV cache**, so each step computes only one new "
    "position."
)
show_generation_board()

show_check(
    "predict-check",
    (reader.model_name, reader.token_ids),
    prediction_questions,
    again="Ask about the word I am looking at",
)

st.subheader("What these probabilities are, and what they are not", anchor=False)
text, truth, choice = st.columns(3, border=True)
text.markdown(
    "**How often, in texts like these.** Training lowers one number, the **loss**: the mean "
    "of −ln p over the training texts, where p is the probability given to the next token. It is "
    "smallest when a token that comes 30 times in 100 gets a probability of 30 %. So a "
    "probability here is the model's estimate of how such texts continue."
    + (LEANING if loaded.tokenizer.chat_template else "")
)
truth.markdown(
    "**Not how true.** No step of the computation asks whether a sentence is true. The softmax "
    "always gives out a probability of 1 in all, even after nonsense. A fluent statement that is "
    "false or has no support is called a **hallucination**. "
    + tag("published", "Ji et al. 2023")
    + " A high probability says: this is usual in such texts."
)
choice.markdown(
    "**Not yet a choice.** To take the most probable token each time is called **greedy "
    "decoding**. A plain draw also reaches the long tail, whose tokens are rare one by one but not "
    "together. Between the two lie temperature, top-k (Fan et al. 2018, arXiv 1805.04833), top-p "
    "(Holtzman et al. 2020, arXiv 1904.09751) and min-p (Nguyen et al. 2024, arXiv 2407.01082)."
)

link_to("Write it", "Write a sampler, attention and byte-pair encoding yourself")

for_engineers("why not always take the most probable token, the code", show_deeper)

close_lesson(
    "Predict",
    recap=(
        "The final norm brings the last layer's vector to a common size. Its dot products with the "
        f"rows of all {config.vocab_size:,} tokens are the logits. They are divided by the "
        "temperature, and the softmax turns them into probabilities.",
        "Top-k, top-p and min-p each remove a part of the tail. The rest is divided by its sum, "
        "and a draw picks the next token. The order of temperature and filters matters.",
        "The loss of a token is −ln of its probability. The mean of all is the loss that training "
        "lowers, and perplexity = e^loss. Entropy is the loss that the model itself expects.",
    ),
)
