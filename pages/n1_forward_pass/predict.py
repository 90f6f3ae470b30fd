"""Predict: how does a vector become the next word?"""

import streamlit as st

from transformer_core.generation import draw, filter_steps, generate, min_p, top_k, top_p
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load
from ui.prediction_board import show_prediction_board
from ui.sampling_settings import RANGES

reader = open_lesson(
    "How does a vector become the next word?",
    step="Predict",
    minutes=6,
    lead="x",
)
config = load(reader.model_name).config
for name in RANGES:
    address_field(name)

show_prediction_board(reader)
close_lesson("Predict", recap=("To be written.",))
