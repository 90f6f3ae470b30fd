"""The syllabus: page configuration and navigation, nothing else."""

import streamlit as st

from pages.n1_forward_pass.at_a_glance import forward_pass
from pages.n1_forward_pass.attend import attention_board
from pages.n1_forward_pass.embed import embedding_answers
from pages.n1_forward_pass.heads import head_parts, removal_board, split_board
from pages.n1_forward_pass.mask import mask_answers
from pages.n1_forward_pass.positions import position_board
from pages.n1_forward_pass.residual import without_board, word_vectors
from ui.frame import open_frame
from ui.serving.server import around, is_visited

if not is_visited():
    # Imported by `streamlit run` or uvicorn: they serve what this name holds.
    app = st.App(
        __file__,
        **around(
            routes=[
                *forward_pass.ROUTES,
                *embedding_answers.ROUTES,
                *attention_board.ROUTES,
                *mask_answers.ROUTES,
                *without_board.ROUTES,
                *word_vectors.ROUTES,
                *head_parts.ROUTES,
                *split_board.ROUTES,
                *removal_board.ROUTES,
                *position_board.ROUTES,
            ],
            start=forward_pass.SCRIPT,
            first_pass=forward_pass.make_first_pass,
            first_question=forward_pass.first_question,
        ),
    )
else:
    st.set_page_config("Forward Pass", "assets/favicon.png", layout="wide")
    parts = {
        "n1_forward_pass": {
            "at_a_glance": "At a glance",
            "tokenize": "Tokenize",
            "embed": "Embed",
            "attend": "Attend",
            "heads": "Heads",
            "mask": "Mask",
            "mlp": "MLP",
            "residual": "Residual",
            "positions": "Positions",
            "predict": "Predict",
        },
        "n2_scale": {"scaling": "Scaling", "cost": "Cost", "experiments": "Experiments"},
        "n3_reference": {"glossary": "Glossary"},
    }
    pages = [
        st.Page(f"pages/{part}/{name}/{name}.py", title=title, default=name == "at_a_glance")
        for part, lessons in parts.items()
        for name, title in lessons.items()
    ]
    page = st.navigation(pages, position="top")
    open_frame(pages, text_runs=page != pages[0])
    page.run()
