"""The syllabus: page configuration and navigation, nothing else."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.frame import open_frame
from ui.serving.server import MIDDLEWARE, ROUTES, warm_start

if get_script_run_ctx(suppress_warning=True) is None:
    # Imported by `streamlit run` or uvicorn: they serve what this name holds.
    app = st.App(__file__, lifespan=warm_start, routes=ROUTES, middleware=MIDDLEWARE)
else:
    st.set_page_config("Forward Pass", "assets/favicon.png", layout="wide")
    glance = st.Page("pages/n1_forward_pass/at_a_glance.py", title="At a glance", default=True)
    steps = [
        st.Page("pages/n1_forward_pass/tokenize.py", title="Tokenize"),
        st.Page("pages/n1_forward_pass/embed.py", title="Embed"),
        st.Page("pages/n1_forward_pass/attend.py", title="Attend"),
        st.Page("pages/n1_forward_pass/heads.py", title="Heads"),
        st.Page("pages/n1_forward_pass/mask.py", title="Mask"),
        st.Page("pages/n1_forward_pass/mlp.py", title="MLP"),
        st.Page("pages/n1_forward_pass/residual.py", title="Residual"),
        st.Page("pages/n1_forward_pass/positions.py", title="Positions"),
        st.Page("pages/n1_forward_pass/predict.py", title="Predict"),
    ]
    scale = [
        st.Page("pages/n2_scale/scaling.py", title="Scaling"),
        st.Page("pages/n2_scale/cost.py", title="Cost"),
        st.Page("pages/n2_scale/experiments.py", title="Experiments"),
    ]
    pages = [glance, *steps, *scale]
    page = st.navigation(pages, position="top")
    open_frame(pages, text_runs=page != glance)
    page.run()
