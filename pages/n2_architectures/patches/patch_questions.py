"""What the lesson asks: a count by hand, a place in raster order, the class token, the order."""

from __future__ import annotations

from figures.numbers import count, percent
from pages.n2_architectures.patches.picture_pass import Seen, examples, seen, shape_reader
from transformer_core.drawings import CHANNELS, KINDS, SIZE
from ui.answers.check import Option, Question

PIXELS, PATCH = 32, 8  # for a count by hand
ROW, COLUMN = 3, 2  # of a patch, from 1
LAYER, HEAD = 3, 1  # from 1
ASKED = "star"


def patch_questions() -> tuple[Question, ...]:
    """Two by hand, one about a head of the model, one about what a Transformer knows."""
    return count_question(), place_question(), head_question(), order_question()


def count_question() -> Question:
    """How many tokens, and how long is each?"""
    n, width = (PIXELS // PATCH) ** 2, PATCH**2 * CHANNELS
    worked = (
        f"{PIXELS} ÷ {PATCH} = {PIXELS // PATCH} patches in a row and in a column, so "
        f"{PIXELS // PATCH} · {PIXELS // PATCH} = {n} tokens. Each holds {PATCH} · {PATCH} pixels "
        f"of {CHANNELS} numbers: {width}. Check: {n} · {width} = {count(n * width)} = "
        f"{PIXELS} · {PIXELS} · {CHANNELS}."
    )
    return Question(
        "By hand: tokens and their length",
        f"A colour picture of {PIXELS} × {PIXELS} pixels is cut into patches of {PATCH} × {PATCH} "
        "pixels. How many tokens are there, and how many numbers has each before the projection?",
        (
            Option(
                f"{n} tokens of {PATCH**2} numbers", False, f"Each pixel has 3 colours. {worked}"
            ),
            Option(f"{n} tokens of {width} numbers", True, worked),
            Option(
                f"{PATCH**2} tokens of {n * CHANNELS} numbers",
                False,
                f"This takes the patch size for the number of patches. {worked}",
            ),
        ),
        show={"cut": "14"},
        see="the table: for large patches few rows, each of many numbers.",
    )


def place_question() -> Question:
    """Which row of the table is a patch?"""
    columns = SIZE // shape_reader().config.patch_size
    right = (ROW - 1) * columns + COLUMN
    worked = (
        f"{ROW - 1} whole rows of {columns} patches come before it, then {COLUMN - 1} in its own "
        f"row: {ROW - 1} · {columns} + {COLUMN} = {right}."
    )
    return Question(
        "By hand: raster order",
        f"The picture is cut into {columns} × {columns} patches. Which row of the table is the "
        f"patch in row {ROW}, column {COLUMN} of the picture?",
        (
            Option(f"Row {right}", True, worked),
            Option(
                f"Row {(COLUMN - 1) * columns + ROW}",
                False,
                f"This counts columns first. {worked}",
            ),
            Option(f"Row {ROW * COLUMN}", False, f"A place is not a product. {worked}"),
        ),
        show={"cut": "4", "patch": str(right)},
        see="the marked patch and its row of the table.",
    )


def head_question() -> Question:
    """What else than patches can a head read from?"""
    now = asked_picture()
    row = now.attention[LAYER - 1, HEAD - 1, 0]
    worked = (
        f"All {len(row)} tokens share one softmax: {len(row) - 1} patches and the class token "
        f"itself. In this head the class token keeps {percent(float(row[0]))}, and the patches "
        f"together get {percent(float(row[1:].sum()))}."
    )
    return Question(
        "The rest of a row",
        f"The weights of the class token in layer {LAYER}, head {HEAD} are shown over the patches. "
        "Do the weights of the patches add up to 1?",
        (
            Option(
                "Yes, softmax makes each row add up to 1", False, f"Not of patches alone. {worked}"
            ),
            Option("No, the class token attends to itself, too", True, worked),
            Option(
                "No, patches without ink are masked",
                False,
                f"There is no mask in this encoder. {worked}",
            ),
        ),
        show={"shape": ASKED, "look": f"{LAYER}.{HEAD}"},
        see="the sentence above the chosen head.",
    )


def asked_picture() -> Seen:
    """The held-out drawing that a question is about."""
    return seen(examples()[KINDS.index(ASKED)])


def order_question() -> Question:
    """What does a Transformer know of a picture without positions?"""
    why = (
        "Attention compares vectors and takes weighted sums, and neither knows the order. Without "
        "positions the class token reads the same set of vectors, so the answer stays the same."
    )
    return Question(
        "Patches in another order",
        "The patches of a picture are shuffled. A Vision Transformer without positions reads them. "
        "What does its prediction do?",
        (
            Option("It stays the same", True, why),
            Option(
                "It becomes a guess among all shapes", False, f"The picture is lost to us. {why}"
            ),
            Option(
                "It changes a little, because neighbours are new",
                False,
                f"Only a net that is built of neighbourhoods would notice. {why}",
            ),
        ),
    )
