"""What the field's terms mean, in a sentence or two each."""

import streamlit as st

from ui.answers.check import show_my_answers
from ui.glossary import terms
from ui.navigation.course import way_on

st.header("What do the terms mean?", anchor=False)
with st.container(key="lesson-lead"):
    st.markdown(
        "Each term is explained in a sentence or two. On the other pages, a dotted line under a "
        "term shows the same explanation when you point at the term, tap it or reach it with Tab."
    )
with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    typed = st.text_input("Find a term", key="glossary-find", live="300ms", width=320)
    show_my_answers()
wanted = typed.strip().lower()
found = [term for term in terms() if wanted in " ".join((term.name, *term.also, term.says)).lower()]
half = (len(found) + 1) // 2
with st.container(key="glossary"):
    for column, part in zip(st.columns(2, gap="large"), (found[:half], found[half:]), strict=True):
        column.markdown(
            "\n\n".join(
                f"**{term.name}**"
                + f" :small[· {term.lesson}]" * bool(term.lesson)
                + f"  \n{term.says}"
                for term in part
            )
        )
if not found:
    st.caption("No term has this in its name or its explanation.")
st.caption(f"{len(found)} of {len(terms())} terms. The small word names the lesson about it.")
way_on("Glossary")
