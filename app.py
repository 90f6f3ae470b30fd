"""The app: what its server answers, and the pages of the syllabus."""

import streamlit as st

from pages.n0_why.next_word import guess_board, pairs_board
from pages.n0_why.recurrence import reach_board, waiting_board
from pages.n1_forward_pass.at_a_glance import forward_pass
from pages.n1_forward_pass.attend import attention_board
from pages.n1_forward_pass.embed import embedding_answers
from pages.n1_forward_pass.heads import head_parts, removal_board, split_board
from pages.n1_forward_pass.mask import mask_answers
from pages.n1_forward_pass.positions import position_board
from pages.n1_forward_pass.residual import without_board, word_vectors
from pages.n2_architectures.encoder_decoder import dates_board, hidden_board
from pages.n2_architectures.patches import patch_board
from pages.n3_learning.gradient import overfit_board, step_board
from pages.n3_learning.pretraining import reward_board
from pages.n3_learning.snapshots import birth_board
from pages.n3_learning.train import train_board
from pages.n4_scale.decoding import (
    draft_board,
    machine_board,
    passes_board,
    rolling_board,
)
from pages.n4_scale.flash_attention import tiles_board
from pages.n4_scale.long_context import pattern_board, stretch_board
from pages.n5_reference.contents.syllabus import PARTS, START
from ui.frame import open_frame
from ui.serving.server import around, is_visited

if not is_visited():
    # Imported by `streamlit run` or uvicorn: they serve what this name holds.
    app = st.App(
        __file__,
        **around(
            routes=[
                *forward_pass.ROUTES,
                *guess_board.ROUTES,
                *pairs_board.ROUTES,
                *reach_board.ROUTES,
                *waiting_board.ROUTES,
                *embedding_answers.ROUTES,
                *attention_board.ROUTES,
                *mask_answers.ROUTES,
                *without_board.ROUTES,
                *word_vectors.ROUTES,
                *head_parts.ROUTES,
                *split_board.ROUTES,
                *removal_board.ROUTES,
                *position_board.ROUTES,
                *dates_board.ROUTES,
                *hidden_board.ROUTES,
                *patch_board.ROUTES,
                *step_board.ROUTES,
                *overfit_board.ROUTES,
                *birth_board.ROUTES,
                *reward_board.ROUTES,
                *passes_board.ROUTES,
                *draft_board.ROUTES,
                *machine_board.ROUTES,
                *rolling_board.ROUTES,
                *train_board.ROUTES,
                *tiles_board.ROUTES,
                *pattern_board.ROUTES,
                *stretch_board.ROUTES,
            ],
            start=forward_pass.SCRIPT,
            first_pass=forward_pass.make_first_pass,
            first_question=forward_pass.first_question,
        ),
    )
else:
    st.set_page_config("Forward Pass", "assets/favicon.png", layout="wide")
    parts = {
        part: [
            (each, st.Page(f"pages/{each.file}.py", title=each.title, default=each == START))
            for each in lessons
        ]
        for part, lessons in PARTS.items()
    }
    open_frame(parts)
