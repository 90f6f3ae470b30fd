"""The syllabus: every page in its order, the question it answers and how long its essentials take.

A page stands in the folder of its lesson; a lesson with two pages keeps both in one folder.

The minutes are counted: a minute for 180 words of running text with the first sentence, what the
boards say included; 20 seconds for each thing that the text asks to do with a board; 45 seconds
for each question of the check. What is folded for engineers does not count.

A `task` puts a page on the short way: one thing to do there, in about two minutes.
"""

from ui.navigation.course import Lesson

WHY = "n0_why"
FORWARD_PASS = "n1_forward_pass"
ARCHITECTURES = "n2_architectures"
LEARNING = "n3_learning"
SCALE = "n4_scale"
REFERENCE = "n5_reference"

START = Lesson(
    f"{FORWARD_PASS}/at_a_glance/at_a_glance",
    "At a glance",
    "What does a Transformer do with a sentence?",
    minutes=3,
    task="Read which next token is the most probable. Then change a word above. Is it still?",
)

PARTS: dict[str, tuple[Lesson, ...]] = {
    "Why": (
        START,
        Lesson(
            f"{WHY}/next_word/next_word",
            "Next word",
            "What must one know to guess the next word?",
            minutes=10,
        ),
        Lesson(
            f"{WHY}/recurrence/recurrence",
            "Recurrence",
            "What came before, and why did attention win?",
            minutes=12,
        ),
    ),
    "Forward pass": (
        Lesson(
            f"{FORWARD_PASS}/tokenize/tokenize",
            "Tokenize",
            "How does text become numbers?",
            minutes=7,
            task="Press “Learn it merge by merge”. How many tokens does your text have at first, "
            "and how many at the end?",
        ),
        Lesson(
            f"{FORWARD_PASS}/embed/embed",
            "Embed",
            "How does a token become a vector with a meaning?",
            minutes=9,
            task="Search for “king” in the map of the vocabulary. Which words lie nearest to it?",
        ),
        Lesson(
            f"{FORWARD_PASS}/positions/positions",
            "Positions",
            "How does it know the order of the words?",
            minutes=8,
            task="Under “Does the order matter?”, press “Reverse”. How far does the prediction "
            "move?",
        ),
        Lesson(
            f"{FORWARD_PASS}/attend/attend",
            "Attend",
            "Which words does each word read from?",
            minutes=9,
            task="Click a row of the last map. Which word does this word attend to most? Then "
            "choose another head.",
        ),
        Lesson(f"{FORWARD_PASS}/mask/mask", "Mask", "Who may look at whom?", minutes=6),
        Lesson(
            f"{FORWARD_PASS}/heads/heads",
            "Heads",
            "Why many heads instead of one?",
            minutes=6,
            task="Press “Previous token”. In the large map, find the stripe: each word attends "
            "to the one before it.",
        ),
        Lesson(
            f"{FORWARD_PASS}/heads/circuits",
            "Circuits",
            "How do heads work together, and which of them matter?",
            minutes=9,
        ),
        Lesson(
            f"{FORWARD_PASS}/mlp/mlp",
            "MLP",
            "What happens to each token on its own?",
            minutes=8,
            task="Choose another token. Is the same neuron the strongest?",
        ),
        Lesson(
            f"{FORWARD_PASS}/residual/residual",
            "Residual",
            "What runs through all layers, and what keeps it in range?",
            minutes=7,
            task="Read the row “Guess” from left to right. From which layer on does the last guess "
            "stay?",
        ),
        Lesson(
            f"{FORWARD_PASS}/predict/predict",
            "Predict",
            "How does a vector become the next word?",
            minutes=12,
            task="Drag the temperature to 2. What happens to the probability of the first token?",
        ),
    ),
    "Architectures": (
        Lesson(
            f"{ARCHITECTURES}/encoder_decoder/encoder_decoder",
            "Encoder, decoder",
            "Encoder, decoder or both?",
            minutes=11,
        ),
        Lesson(
            f"{ARCHITECTURES}/patches/patches",
            "Pictures and sound",
            "How do pictures and sound become tokens?",
            minutes=11,
        ),
        Lesson(
            f"{ARCHITECTURES}/workbench/workbench",
            "Workbench",
            "What follows from a configuration?",
            minutes=8,
        ),
    ),
    "Learning": (
        Lesson(
            f"{LEARNING}/gradient/gradient",
            "Gradient step",
            "How does it learn?",
            minutes=13,
        ),
        Lesson(
            f"{LEARNING}/train/train",
            "Train one",
            "Can you train one yourself?",
            minutes=7,
        ),
        Lesson(
            f"{LEARNING}/snapshots/snapshots",
            "Watch it learn",
            "What appears in a model while it learns?",
            minutes=9,
        ),
        Lesson(
            f"{LEARNING}/pretraining/pretraining",
            "Pretraining",
            "What does pretraining give, and what follows it?",
            minutes=12,
        ),
    ),
    "Scale": (
        Lesson(
            f"{FORWARD_PASS}/residual/depth",
            "Depth",
            "What makes a deep stack trainable?",
            minutes=7,
        ),
        Lesson(
            f"{FORWARD_PASS}/positions/length",
            "Length",
            "What comes after the last position?",
            minutes=6,
        ),
        Lesson(
            f"{SCALE}/scaling/scaling",
            "Scaling",
            "How large a model, and how much text, for a given budget?",
            minutes=7,
            task="Press “Gopher”. Which adds more to its loss: its limited size or its limited "
            "text?",
        ),
        Lesson(
            f"{SCALE}/scaling/ladder",
            "Measured laws",
            "Do our own trainings follow a law?",
            minutes=11,
            engineers=True,
        ),
        Lesson(
            f"{SCALE}/cost/cost", "Cost", "What does a long text cost?", minutes=6, engineers=True
        ),
        Lesson(
            f"{SCALE}/decoding/decoding",
            "Decoding",
            "How is one token after another made fast?",
            minutes=15,
            engineers=True,
        ),
        Lesson(
            f"{SCALE}/long_context/long_context",
            "Long context",
            "How can a model read a very long text?",
            minutes=12,
            engineers=True,
        ),
        Lesson(
            f"{SCALE}/flash_attention/flash_attention",
            "FlashAttention",
            "How is attention computed without writing its scores down?",
            minutes=9,
            engineers=True,
        ),
        Lesson(
            f"{SCALE}/experiments/experiments",
            "Experiments",
            "What do small models show when they are measured?",
            minutes=5,
            engineers=True,
        ),
    ),
    "Reference": (
        Lesson(
            f"{REFERENCE}/contents/contents",
            "Contents",
            "What is on each page, and for whom?",
        ),
        Lesson(f"{REFERENCE}/glossary/glossary", "Glossary", "What do the terms mean?"),
        Lesson(
            f"{REFERENCE}/write_it/write_it",
            "Write it",
            "Can you write it yourself?",
            minutes=9,
        ),
    ),
}
