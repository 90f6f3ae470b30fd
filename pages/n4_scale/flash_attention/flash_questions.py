"""What the FlashAttention lesson asks: a step and a count by hand, and what a tile's size does."""

from __future__ import annotations

from figures.numbers import count
from pages.n4_scale.flash_attention.tiles_board import SHOWN
from transformer_core.laws.memory_traffic import standard_traffic, tiled_traffic
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load

N, D = 1_000, 100  # round numbers for a count by hand
SMALL, LARGE = 2, 4  # tiles


def flash_questions() -> tuple[Question, ...]:
    """Two by hand, one about the reader's text, one about what is saved."""
    now = reader()
    n, d_head = min(len(now.token_ids), SHOWN), load(now.model_name).config.d_head
    return step_question(), count_question(), size_question(n, d_head), saving_question()


def step_question() -> Question:
    """A row of three keys, of which the third comes in a tile of its own."""
    found = (
        "The highest score is now ln 4, so all that was collected is multiplied by "
        "e^(0 − ln 4) = 1/4. l = 1/4 × 2 + 1 = 1.5, and o = 1/4 × 10 + 1 × 2 = 4.5. The output is "
        "4.5 ÷ 1.5 = 3. At once: (10 + 4 × 2) ÷ (2 + 4) = 3."
    )
    return Question(
        "By hand: one more tile",
        "After its first tile, a row keeps m = 0, l = 2 and o = 10 (take values of one number). "
        "The next tile holds one key with the score ln 4 and the value 2. What is the output o ÷ l "
        "after it?",
        (
            Option("3", True, found),
            Option("4", False, f"That is (10 + 2) ÷ (2 + 1), without the correction. {found}"),
            Option(
                "3.5",
                False,
                f"That is the mean of 10 ÷ 2 and 2, as if both tiles had the same weight. {found}",
            ),
        ),
    )


def count_question() -> Question:
    """How many numbers does the standard way move?"""
    plain = standard_traffic(N, D)
    once = tiled_traffic(N, D, N)
    found = (
        f"Q, K, V and O are {count(N * D)} numbers each. S and P have {count(N * N)} each, and "
        f"both are written once and read once: 4 × {count(N * D)} + 4 × {count(N * N)} = "
        f"{count(plain.total)}."
    )
    return Question(
        "By hand: the standard way",
        f"A head reads a text of n = {count(N)} tokens with d = {D}. How many numbers does the "
        "standard way read from slow memory and write there, without a mask?",
        (
            Option(
                count(once.total),
                False,
                f"That is Q, K, V and O alone, as if one tile held everything. {found}",
            ),
            Option(
                count(once.total + 2 * N * N),
                False,
                f"S and P are not only written. They are read again as well. {found}",
            ),
            Option(count(plain.total), True, found),
        ),
    )


def size_question(n: int, d_head: int) -> Question:
    """Does a larger tile move more or less for the reader's text?"""
    small, large = (tiled_traffic(n, d_head, tile, causal=True) for tile in (SMALL, LARGE))
    found = (
        f"Each tile of queries reads the keys and values up to its own end. In tiles of {SMALL} "
        f"the head moves {count(small.total)} numbers for your text, in tiles of {LARGE} "
        f"{count(large.total)}."
    )
    fewer = large.total < small.total
    return Question(
        "Larger tiles",
        f"Your text has {n} token{'s' if n > 1 else ''} here. The tile grows from {SMALL} × "
        f"{SMALL} to {LARGE} × {LARGE}. What happens to the number of bytes that the tiled way "
        "moves?",
        (
            Option(
                "It grows",
                False,
                f"A larger tile needs more fast memory, but keys are read fewer times. {found}",
            ),
            Option(
                "It stays the same",
                not fewer,
                f"The arithmetic stays the same, but keys are read fewer times. {found}"
                if fewer
                else f"All of your text fits into the smaller tile. {found}",
            ),
            Option(
                "It falls",
                fewer,
                found if fewer else f"It falls once the text is longer than a tile. {found}",
            ),
        ),
        show={"tile": str(LARGE)},
        see=f"the bars for tiles of {LARGE} × {LARGE}. Change the tile’s size and compare.",
    )


def saving_question() -> Question:
    """What does FlashAttention save?"""
    found = (
        "Every score is computed, and the result is the same up to rounding. The scores stay in "
        "fast memory, so fewer bytes move, and the computing units wait less."
    )
    return Question(
        "What it saves",
        "Why is FlashAttention faster than standard attention?",
        (
            Option(
                "It computes fewer scores",
                False,
                "Leaving out what the mask hides saves some, but that is not the point: without a "
                f"mask it is faster, too. {found}",
            ),
            Option(
                "It approximates the softmax",
                False,
                f"Other methods do so. The online softmax is exact. {found}",
            ),
            Option("It moves fewer bytes to and from slow memory", True, found),
        ),
    )
