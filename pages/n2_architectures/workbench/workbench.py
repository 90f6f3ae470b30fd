"""Workbench: what follows from a configuration?"""

from pages.n2_architectures.workbench.workbench_board import show_workbench
from pages.n2_architectures.workbench.workbench_deeper import show_deeper
from pages.n2_architectures.workbench.workbench_questions import workbench_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.state import setting

reader = open_lesson(
    "Workbench",
    lead="Some 20 settings describe how a Transformer is built: its **configuration**. From them "
    "follow its drawing, its **parameters** (the numbers that training sets), its arithmetic and "
    "its memory. Choose two models, or change any setting.",
)
show_workbench(reader, setting("left"), setting("right"))

show_check(
    "workbench-check",
    "workbench",
    workbench_questions,
    again="Ask again",
    settings=(),
)

for_engineers("every count beside the published one, the formulas as code", show_deeper)

close_lesson(
    "Workbench",
    recap=(
        "In a layer of GPT-2’s kind, matrices hold 12·d² numbers: 4·d² in attention and 8·d² in "
        "the MLP. With the embedding, such matrices are nearly all of a model.",
        "The arithmetic grows with the parameters that a token meets, the memory with all of them. "
        "A mixture of experts separates the two.",
        "The cache grows with the layers, the key-value heads and their width. Shared heads (GQA) "
        "and latent attention (MLA) make it smaller.",
    ),
)
