"""Long context: how can a model read a very long text?"""

import streamlit as st

from pages.n4_scale.long_context.linear_board import show_linear
from pages.n4_scale.long_context.long_context_deeper import show_deeper
from pages.n4_scale.long_context.long_context_questions import long_context_questions
from pages.n4_scale.long_context.needle_board import show_needle_board
from pages.n4_scale.long_context.pattern_board import show_pattern_board
from pages.n4_scale.long_context.published_stacks import show_published_stacks
from pages.n4_scale.long_context.stretch_board import show_stretch_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.navigation.course import link_to
from ui.provenance import tag

reader = open_lesson(
    "Long context",
    lead="In full attention each **token** (a word or a piece of one) is compared with every token "
    "before it. A text twice as long then has four times as many pairs. So long texts are "
    "read through **patterns** that leave pairs out.",
)
show_pattern_board(reader)

st.subheader("What is lost", anchor=False)
st.markdown(
    "A pattern can forbid every way between two tokens. Then no training helps. In a recorded "
    "experiment, small models had to recall a planted pair, a needle in a haystack, at growing "
    "distance. The dashed line is what could be right at best, given the pattern alone."
)
show_needle_board()
shows, not_shown, larger = st.columns(3)
with shows.container(border=True, height="stretch"):
    st.markdown(
        "**What it shows**  \nA fact beyond the reach of a pattern is not recalled. Within reach, "
        "recall still has to be learnt, and some patterns make that hard."
    )
with not_shown.container(border=True, height="stretch"):
    st.markdown(
        "**What it does not show**  \nThe models are tiny, and the text is made of planted pairs "
        "and fillers. How much natural text needs such far pairs is another question."
    )
with larger.container(border=True, height="stretch"):
    st.markdown(
        "**What larger studies find**  \nAmong 17 models that are said to read 32,000 tokens or "
        "more, only half kept up at 32,000 in tests harder than one needle. "
        f"{tag('published', 'Hsieh et al. 2024, arXiv 2404.06654')}"
    )
link_to("Experiments", "The recorded experiment with all its settings", experiment="needle")

st.subheader("Positions that training never showed", anchor=False)
st.markdown(
    "Less work is not enough. **RoPE** turns pairs of numbers in queries and keys by an angle that "
    "grows with the position, and beyond the trained length some angles are new. "
    "**Interpolation** slows all pairs equally (Chen et al. 2023, arXiv 2306.15595). "
    "**NTK-aware** scaling slows the slow pairs most, and **YaRN** only those that need it (both "
    "in Peng et al. 2023, arXiv 2309.00071)."
)
show_stretch_board()
link_to("Length", "One pair of RoPE by hand, and other positional schemes: Length")

st.subheader("Sums made beforehand", anchor=False)
st.markdown(
    "The softmax forces attention to look at each pair. **Linear attention** uses the product of "
    "two positive vectors instead, φ(q) and φ(k). Then the sum over the keys does not depend on "
    "the query. It can be carried along as a **state** of fixed size, as in a recurrent network "
    "(Katharopoulos et al. 2020, arXiv 2006.16236)."
)
show_linear(reader)
st.markdown(
    "The price: the state is a summary. It cannot hold every pair of a long text apart, so exact "
    "recall suffers (Arora et al. 2023, arXiv 2312.04927). Several published models therefore "
    "mix: many cheap layers, and a full one now and then."
)
show_published_stacks()

show_check(
    "long_context-check", (), long_context_questions, again="Ask again", settings=("pattern",)
)

for_engineers("windows in blocks, how RoPE is stretched, the code", show_deeper)

close_lesson(
    "Long context",
    recap=(
        "A window of w tokens passes information on by w − 1 tokens in each layer. Across the "
        "border of a chunk, nothing passes in any number of layers.",
        "A layer with a window or chunks does work that grows with n, not with n². A full layer "
        "now and then brings back what lies far apart.",
        "RoPE reads further if its slow pairs are slowed down. That a text can be read does not "
        "mean that everything in it is found.",
    ),
)
