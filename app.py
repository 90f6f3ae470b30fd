"""The syllabus: page configuration and navigation, nothing else."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.frame import open_frame
from ui.server import ROUTES, warm_start

if get_script_run_ctx(suppress_warning=True) is None:
    # Imported by `streamlit run` or uvicorn: they serve what this name holds.
    app = st.App(__file__, lifespan=warm_start, routes=ROUTES)
else:
    st.set_page_config("Forward Pass", "assets/favicon.png", layout="wide")
    pages = [
        st.Page("pages/n1_forward_pass/at_a_glance.py", title="At a glance", default=True),
        st.Page("pages/n1_forward_pass/attend.py", title="Attend"),
    ]
    page = st.navigation(pages, position="top")
    open_frame(page, pages)
    page.run()
