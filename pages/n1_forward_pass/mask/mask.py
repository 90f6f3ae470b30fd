"""Mask: who may look at whom?"""

from pages.n1_forward_pass.mask.mask_board import show_mask_board
from pages.n1_forward_pass.mask.mask_questions import mask_questions
from pages.n1_forward_pass.mask.peeking import show_peeking
from transformer_core.attention import masked_softmax
from transformer_core.lens.mask_effects import dependence
from transformer_core.lens.peeking import Pupil
from transformer_core.masks import causal_mask, sliding_window_mask
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "Who may look at whom?",
    step="Mask",
    minutes=6,
    lead="A **mask** is a table of yes and no: which token (row) may read from which (column). "
    "Choose a pattern, Full, Causal and Sliding window first, or paint your own: the model runs "
    "again under it, in all layers and heads. Its **loss** is the mean of −ln p(next token).",
)
address_field("mask")

show_mask_board()
trained = show_peeking()
show_check(
    "mask-check",
    (reader.model_name, reader.token_ids),
    mask_questions,
    again="Ask about the mask I have chosen",
)

show_code(sliding_window_mask, "One pattern of the menu")
show_code(causal_mask, "The rule that it is combined with, by &")
show_code(masked_softmax, "Where the mask acts")
small = load(reader.model_name).is_small
show_code(dependence, "The gradients", "" if small else "for each row of gradients on this page")
if trained:
    show_code(Pupil.learn, "One step of the two trainings", "when the two were trained")

close_lesson(
    "Mask",
    recap=(
        "A mask hides cells before the softmax; what a row may not see gets a weight of exactly 0, "
        "and patterns combine by AND.",
        "A model is fit for the mask it was trained with. With the future in sight a loss "
        "measures no prediction, whether it falls or rises.",
        "Without the causal mask, training rewards copying the next token from the input, which "
        "is not there when text has to be written.",
    ),
)
