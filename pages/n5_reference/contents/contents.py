"""Contents: every page, the question it answers, for whom it is, and the short way through."""

import streamlit as st

from pages.n5_reference.contents.contents_list import show_pages, show_short_way
from ui.navigation.course import way_on

st.header("What is on each page, and for whom?", anchor=False)
with st.container(key="lesson-lead"):
    st.markdown(
        "Each page answers one question. Its **essentials** need no knowledge of the field. What "
        "goes deeper, and the code that ran, is folded under **For engineers**. The minutes are "
        "estimated, for the essentials."
    )
show_short_way()
show_pages()
way_on("Contents")
