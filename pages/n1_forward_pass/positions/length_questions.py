"""What Length asks: worked out by hand with small numbers."""

from __future__ import annotations

from pages.n1_forward_pass.positions.far_board import READ, SLOPE, TRAINED, TURN
from ui.answers.check import Option, Question

APART = 300  # positions between a query and a key
FAR = 400  # tokens back


def length_questions() -> tuple[Question, ...]:
    """The same for every text."""
    return divided_question(), interpolated_question(), alibi_question()


def divided_question() -> Question:
    """Which position has the number 0.6 in a text of ten?"""
    worked = (
        "3/5 = 0.6, and 6/10 = 0.6. So the same number stands for position 3 in one text and for "
        "position 6 in the other. A step to the next token is 0.2 in one and 0.1 in the other."
    )
    return Question(
        "By hand: divided by the length",
        "Suppose each position is divided by the length of the text. In a text of 5 tokens, the "
        "token at position 3 gets the number 0.6. Which position gets 0.6 in a text of 10 tokens?",
        (
            Option("Position 3", False, f"That would be 3/10 = 0.3 in the longer text. {worked}"),
            Option("Position 6", True, worked),
            Option(
                "None: 0.6 is taken", False, f"Each text is divided by its own length. {worked}"
            ),
        ),
        show={"chart": "raw-positions", "curve": "p ÷ length in one number"},
        see="the curve of p ÷ length. The token stays whole at every position, but the number that "
        "is added no longer tells the position by itself.",
    )


def interpolated_question() -> Question:
    """How far does a pair turn over 300 positions, if positions are halved?"""
    turned, factor = TURN * APART, READ // TRAINED
    worked = (
        f"Interpolation shrinks every position to a half, so {APART} positions count as "
        f"{APART // factor}, and {APART // factor} × {TURN} = {turned / factor:g} degrees. "
        f"Training has shown distances up to {TRAINED - 1}, so this angle is known."
    )
    return Question(
        "By hand: position interpolation",
        f"A pair of RoPE turns by {TURN} degrees for each position. The model was trained on "
        f"{TRAINED} positions and is to read {READ}, so interpolation halves all positions. A "
        f"query and a key are {APART} positions apart. By how many degrees more is the query "
        "turned?",
        (
            Option(f"{turned:g} degrees", False, f"That is so without interpolation. {worked}"),
            Option(f"{turned / factor:g} degrees", True, worked),
            Option(
                f"{turned / factor**2:g} degrees",
                False,
                f"That halves twice: it is enough to halve the positions. {worked}",
            ),
        ),
        show={"distance": str(APART), "halved": "yes"},
        see=f"a distance of {APART} with all positions halved. Switch the halving off: the point "
        "leaves the angles that training has shown.",
    )


def alibi_question() -> Question:
    """What does ALiBi do at a distance that training never showed?"""
    worked = (
        f"{FAR} × 1/{SLOPE} = {FAR // SLOPE}. The line goes on at any distance, so nothing new "
        f"comes up. But e to the −{FAR // SLOPE} is almost 0: this head hardly reads that far. "
        "Heads with a smaller slope reach further."
    )
    return Question(
        "By hand: ALiBi",
        f"A head of ALiBi lowers each score by 1/{SLOPE} for every token of distance. It was "
        f"trained on {TRAINED} positions. Now a token stands {FAR} tokens behind. What happens to "
        "its score?",
        (
            Option(
                "Nothing: no slope was trained for this distance",
                False,
                f"The slope is fixed in advance, and it holds for all distances. {worked}",
            ),
            Option(f"It is lowered by {FAR // SLOPE}", True, worked),
            Option(
                f"It is lowered by {TRAINED // SLOPE}, as at the last trained position",
                False,
                f"The line does not end with the trained length. {worked}",
            ),
        ),
        show={"distance": str(FAR), "halved": ""},
        see=f"the line of ALiBi at a distance of {FAR}. It has no bend where training ended.",
    )
