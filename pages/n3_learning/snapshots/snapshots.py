"""Watch it learn: what appears in a model while it learns?"""

import streamlit as st

from pages.n3_learning.snapshots.birth_board import show_birth_board
from pages.n3_learning.snapshots.snapshots_deeper import show_deeper
from pages.n3_learning.snapshots.snapshots_questions import snapshots_questions
from pages.n3_learning.snapshots.steps_board import show_steps_board
from pages.n3_learning.snapshots.where_found import show_where_found
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

reader = open_lesson(
    "Watch it learn",
    lead="A **snapshot** is a copy of a model’s weights at one step of its training. Drag the "
    "step: each snapshot of a small story model reads your sentence in tokens (words or pieces of "
    "words).",
)
show_steps_board(reader)

st.subheader("First frequencies, then pairs, then more", anchor=False)
frequencies, pairs, more = st.columns(3, border=True)
frequencies.markdown(
    "**Frequencies.** Before training, all tokens are about equally probable. The first thing to "
    "learn is how often each occurs. A **unigram** predicts by these counts alone, whatever stands "
    "before."
)
pairs.markdown(
    "**Pairs.** Then the token before begins to count. A **bigram** predicts by how often each "
    "token follows the one before. Other language models were found to learn in about this order. "
    + tag("published", "Chang and Bergen 2022")
)
more.markdown(
    "**More.** Later predictions move away from both, since more of the text before counts. "
    + tag("published", "Belrose et al. 2024")
    + " The distance in the picture is the KL divergence: how many nats (natural-log units) a "
    "token the model would lose, compared with the counts, on text that follows the counts."
)

st.subheader("A circuit is born: two heads that copy", anchor=False)
st.markdown(
    "After a pattern has been read once, its second copy can be predicted by copying. That takes "
    "two heads. A **previous-token head** writes a note at each token: which one stood before it. "
    "An **induction head** in a later layer uses these notes to find what followed the same token "
    "earlier (Elhage et al. 2021). The model below has two layers. It was trained for this "
    "picture, on text mixed with random patterns that repeat. Its tokens are single characters."
)
show_birth_board()

st.subheader("Where it was found, and where not", anchor=False)
show_where_found()
st.caption(
    f"{tag('measured')} Percentages are mean attention weights on the token after an earlier copy, "
    "in made-up repeats. The second test asks the same of everyday sentences, and also that the "
    "head raises the score (logit) of that token. All models here but SmolLM2 had made-up repeats "
    "in their training. Larger models form such heads early and within a short time; models of one "
    "layer do not (Olsson et al. 2022)."
)

show_check(
    "snapshots-check",
    reader.text,
    snapshots_questions,
    again="Ask again",
)

for_engineers("how distance, scores and ablation are computed, the tables, the code", show_deeper)

close_lesson(
    "Watch it learn",
    recap=(
        "A language model first learns how often tokens occur, then which token follows which, and "
        "then uses more of the text before.",
        "Induction needs two heads in different layers. The loss of a second copy stays high until "
        "both have formed, and then falls within few steps.",
        "Without the previous-token head the induction head loses its target, since its keys are "
        "made from what that head wrote. This is K-composition.",
    ),
)
