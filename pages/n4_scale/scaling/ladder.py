"""Measured laws: do our own trainings follow a law?"""

import streamlit as st

from pages.n4_scale.scaling.counting_board import show_counting_board
from pages.n4_scale.scaling.doubling_board import show_doubling_board
from pages.n4_scale.scaling.ladder_board import show_ladder_board
from pages.n4_scale.scaling.ladder_deeper import show_deeper
from pages.n4_scale.scaling.ladder_questions import ladder_questions
from pages.n4_scale.scaling.samples_board import show_samples_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

open_lesson(
    "Measured laws",
    lead="We trained eight small models, a “ladder”, and measured their **loss** in nats "
    "(natural-log units) for each **token**, a word or a piece of one. Does it fall by a **power "
    "law**, L = c/x^α? Your sentence plays no part.",
)
show_ladder_board()

shows, not_, others = st.columns(3)
with shows.container(border=True, height="stretch"):
    st.markdown(
        f"**What our ladder shows** {tag('measured')}  \n"
        "The loss falls smoothly with the size and with the text. A power law is a straight line "
        "when both axes are logarithmic. A law with a floor misses by half a percent at most, as a "
        "root mean square. The points bend away from the straight line, because part of the loss "
        "stays. With more parameters, the part due to the limited text stays, and so does the part "
        "that no model can predict."
    )
with not_.container(border=True, height="stretch"):
    st.markdown(
        "**What it does not show**  \n"
        "Sizes over three powers of ten are a short range. In three of the six rows above, a "
        "parabola in the logarithms fits about as well as the law with a floor. Ten times further "
        "is a guess that trusts the formula. Four points give very wide intervals: try it."
    )
with others.container(border=True, height="stretch"):
    st.markdown(
        f"**What larger studies find** {tag('published')}  \n"
        "Kaplan et al. (2020) drew straight lines over many powers of ten. They noted that these "
        "must flatten before the loss is 0. Hoffmann et al. (2022) added a floor. "
        "Besiroglu et al. (2024) fitted it again and put it at 1.82 nats."
    )

st.subheader("Larger models need fewer tokens", anchor=False)
st.markdown(
    "Each dot is a finished training with its own decay of the learning rate. Kaplan et al. (2020) "
    "found the same at larger sizes and called it **sample efficiency**. Fewer tokens are not "
    "less compute, as the table shows."
)
show_samples_board()

st.subheader("Beyond 300 billion tokens", anchor=False)
st.markdown(
    "GPT-3 read 300 billion tokens, Llama 3 read 15 trillion. Touvron et al. (2023, arXiv "
    "2302.13971) saw a model of 7 billion parameters still improve after 1 trillion. A published "
    "law says how much each doubling is worth."
)
show_doubling_board()

st.subheader("Why Kaplan and Chinchilla disagree", anchor=False)
st.markdown(
    "In Kaplan et al. (2020) the best size grows as C^0.73, or as C^0.88 before they correct for "
    "the batch size. In Hoffmann et al. (2022) it grows as about C^0.5. At ten times the compute "
    "that is 5.4 or 7.6 against 3.2 times the size."
)
show_counting_board()

pearce, porian, sloppy = st.columns(3)
with pearce.container(border=True, height="stretch"):
    st.markdown(
        f"**What was counted** {tag('published', 'Pearce and Song 2024, arXiv 2406.12907')}  \n"
        "Kaplan et al. leave embeddings out of N and C. Small models consist mostly of embeddings. "
        "As they grow, their layers grow much faster than the whole. The picture above repeats "
        "this argument with the authors’ settings: the refit, 32,000 tokens, "
        "d_model ÷ layers = 39.2."
    )
with porian.container(border=True, height="stretch"):
    st.markdown(
        f"**How it was trained** {tag('published', 'Porian et al. 2024, arXiv 2406.19146')}  \n"
        "They repeated Kaplan’s setting and changed one thing after another, from 0.88 towards "
        "0.50:\n"
        "1. Count the operations of the last layer.\n"
        "2. Shorten the warm-up, which was too long for small models.\n"
        "3. Tune learning rate, batch and AdamW’s β₂ for each size.\n\n"
        "Then their exponent agrees with Hoffmann’s. A decay of the learning rate, which Hoffmann "
        "et al. suspected, is not essential."
    )
with sloppy.container(border=True, height="stretch"):
    st.markdown(
        "**How the two fit together**  \n"
        "The last layer is the unembedding, so the first step of Porian et al. and the count of "
        "Pearce and Song are the same cause, seen twice. The other steps are about small models "
        "that were trained worse than large ones. A law inherits every fault that changes with "
        "the size."
    )

show_check("ladder-check", "ladder", ladder_questions, again="Ask again")

for_engineers(
    "how the ladder was trained, what the intervals suppose, all 40 trainings at once, the code",
    show_deeper,
)

close_lesson(
    "Measured laws",
    recap=(
        "In log-log a power law is straight only where the floor is small or subtracted. A bow in "
        "the misses says that the form is wrong.",
        "An interval holds for its law. It knows nothing of a wrong form, and least of all far "
        "beyond the points.",
        "Larger models need fewer tokens for the same loss, and more compute for each. Every "
        "doubling of the tokens gains less than the one before.",
    ),
)
