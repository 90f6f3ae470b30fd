"""Mask: who may look at whom?"""

from pages.n1_forward_pass.mask.four_words import show_four_words
from pages.n1_forward_pass.mask.mask_board import show_mask_board
from pages.n1_forward_pass.mask.mask_deeper import show_deeper
from pages.n1_forward_pass.mask.mask_questions import mask_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson

reader = open_lesson(
    "Mask",
    lead="A **mask** says for each token, a word or a piece of one, which tokens its attention may "
    "look at. Choose a pattern or paint your own, and the model runs again under it. Its **loss** "
    "in nats (natural-log units) is the mean of −ln p, where p is the probability of each next "
    "token.",
)

show_mask_board()
show_four_words(reader.model_name)
show_check(
    "mask-check",
    (reader.model_name, reader.token_ids),
    mask_questions,
    again="Ask again",
)

for_engineers(
    "who hears from whom, prefix and padding, a training without the mask, the code", show_deeper
)

close_lesson(
    "Mask",
    recap=(
        "A mask hides cells before the softmax, so a hidden token gets an attention weight of "
        "exactly 0. Where two masks are combined, a cell is open only if it is open in both.",
        "Under the causal mask one pass over a text predicts every next token at once. Training "
        "uses all of these predictions (teacher forcing).",
        "Without the causal mask the token to be predicted can be copied from the input. The loss "
        "then no longer measures prediction.",
    ),
)
