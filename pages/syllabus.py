"""The syllabus: every page in its order, the question it answers and how long its essentials take.

A page stands in the folder of its lesson; a lesson with two pages keeps both in one folder.
"""

from ui.frame import Lesson

FORWARD_PASS = "n1_forward_pass"
SCALE = "n2_scale"
REFERENCE = "n3_reference"

START = Lesson(f"{FORWARD_PASS}/at_a_glance/at_a_glance", "At a glance", minutes=3)

PARTS: dict[str, tuple[Lesson, ...]] = {
    "Forward pass": (
        START,
        Lesson(
            f"{FORWARD_PASS}/tokenize/tokenize",
            "Tokenize",
            "How does text become numbers?",
            minutes=6,
        ),
        Lesson(
            f"{FORWARD_PASS}/embed/embed",
            "Embed",
            "How does a token become a vector with a meaning?",
            minutes=12,
        ),
        Lesson(
            f"{FORWARD_PASS}/positions/positions",
            "Positions",
            "How does it know the order of the words?",
            minutes=12,
        ),
        Lesson(
            f"{FORWARD_PASS}/attend/attend",
            "Attend",
            "Which words does each word read from?",
            minutes=15,
        ),
        Lesson(f"{FORWARD_PASS}/mask/mask", "Mask", "Who may look at whom?", minutes=12),
        Lesson(
            f"{FORWARD_PASS}/heads/heads",
            "Heads",
            "Why many heads instead of one?",
            minutes=10,
        ),
        Lesson(
            f"{FORWARD_PASS}/heads/circuits",
            "Circuits",
            "How do heads work together, and which of them matter?",
            minutes=10,
        ),
        Lesson(
            f"{FORWARD_PASS}/mlp/mlp",
            "MLP",
            "What happens to each token on its own?",
            minutes=12,
        ),
        Lesson(
            f"{FORWARD_PASS}/residual/residual",
            "Residual",
            "What runs through all layers, and what keeps it in range?",
            minutes=10,
        ),
        Lesson(
            f"{FORWARD_PASS}/predict/predict",
            "Predict",
            "How does a vector become the next word?",
            minutes=15,
        ),
    ),
    "Scale": (
        Lesson(
            f"{FORWARD_PASS}/residual/depth",
            "Depth",
            "What makes a deep stack trainable?",
            minutes=9,
        ),
        Lesson(
            f"{FORWARD_PASS}/positions/length",
            "Length",
            "What comes after the last position?",
            minutes=7,
        ),
        Lesson(
            f"{SCALE}/scaling/scaling",
            "Scaling",
            "How large a model, and how much text, for a given budget?",
            minutes=10,
        ),
        Lesson(f"{SCALE}/cost/cost", "Cost", "What does a long text cost?", minutes=10),
        Lesson(
            f"{SCALE}/experiments/experiments",
            "Experiments",
            "What do small models show when they are measured?",
            minutes=15,
        ),
    ),
    "Reference": (Lesson(f"{REFERENCE}/glossary/glossary", "Glossary"),),
}
