"""Pictures and sound: how do pictures and sound become tokens?"""

import streamlit as st

from pages.n2_architectures.patches.patch_board import accuracy, show_patch_board
from pages.n2_architectures.patches.patch_questions import patch_questions
from pages.n2_architectures.patches.patches_deeper import show_deeper
from pages.n2_architectures.patches.recorded_pictures import show_recorded_pictures
from pages.n2_architectures.patches.sound_board import show_sound_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag
from ui.state import setting

open_lesson(
    "Pictures and sound",
    lead="A Transformer reads a row of vectors. Nothing says that they must come from words. A "
    "**Vision Transformer** cuts a picture into **patches** and makes each patch a **token**.",
)
show_patch_board()
st.caption(accuracy())

st.subheader("How many pictures does it need?", anchor=False)
show_recorded_pictures()

st.subheader("Sound and video", anchor=False)
st.markdown(
    "A sound is cut in time. For short **frames** one computes how strong each band of frequencies "
    "is. Together they are a **spectrogram**: a picture whose columns become tokens. A video is "
    "cut in space and in time."
)
show_sound_board()

picture, positions, answers = st.columns(3)
with picture.container(border=True, height="stretch"):
    st.markdown(
        "**A way to picture it**  \n"
        "A picture is cut into the pieces of a jigsaw. The pieces lie in a row, each with the "
        "number of its place on the back. Every piece can ask every other piece about its "
        "pattern.  \n"
        "*Where it breaks down:* the pieces of a jigsaw have shapes that fit only at one place. "
        "Patches are equal squares. Without the numbers on the back, nobody could tell their order."
    )
with positions.container(border=True, height="stretch"):
    st.markdown(
        "**Why not one token for each pixel?**  \n"
        "Attention compares every token with every other. A picture of 224 × 224 pixels has 50,176 "
        "pixels and about 2.5 billion pairs of them. In patches of 16 × 16 pixels it has 196 "
        "tokens and 38,416 pairs. The price is that a patch is mixed into one vector before any "
        f"layer sees it. {tag('published', 'sizes of ViT-B/16, Dosovitskiy et al. 2021')}"
    )
with answers.container(border=True, height="stretch"):
    st.markdown(
        "**What attention weights do not say**  \n"
        "A bright patch is one that a head reads from. It need not be the reason for the answer. "
        "After the first layer the vector of a patch already holds what it has read from others. "
        "In recurrent networks, attention weights and importance often differed. "
        f"{tag('published', 'Jain and Wallace 2019, arXiv 1902.10186')}"
    )

show_check(
    "patches-check",
    (setting("shape"), setting("drawing")),
    patch_questions,
    again="Ask about my picture as it is now",
    settings=("shape", "patch", "cut", "look"),
)

for_engineers("the formulas, what the tests compare, held-out shapes, the code", show_deeper)

close_lesson(
    "Pictures and sound",
    recap=(
        "A picture (H, W, C) in patches of P × P pixels is N = (H ÷ P) · (W ÷ P) tokens of "
        "P · P · C numbers. One matrix turns each into a vector.",
        "Without positions the patches have no order. Learned positions find rows and columns by "
        "themselves.",
        "A convolutional net is built to look at neighbours. A Vision Transformer has to learn "
        "that. In published studies it wins only after millions of pictures.",
        "Sound becomes frames of a spectrogram, video becomes blocks of space and time. More "
        "tokens cost the square in attention.",
    ),
)
