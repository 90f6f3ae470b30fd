"""What Long context asks: worked out by hand with small numbers."""

from __future__ import annotations

from transformer_core.laws.pattern_costs import full_pairs, layers_to_reach, window_pairs
from ui.answers.check import Option, Question

WINDOW, BACK = 5, 20
CHUNK, DEEP = 4, 10
TOKENS, NARROW = 10, 3


def long_context_questions() -> tuple[Question, ...]:
    """The same for every text."""
    return layers_question(), chunk_question(), pairs_question(), linear_question()


def layers_question() -> Question:
    """How many layers does a window need to reach back?"""
    layers = layers_to_reach(BACK, WINDOW)
    worked = (
        f"A window of {WINDOW} holds the token itself and {WINDOW - 1} before it. So each layer "
        f"passes information on by {WINDOW - 1} tokens: {BACK} ÷ {WINDOW - 1} = {layers}."
    )
    return Question(
        "By hand: layers",
        f"Each layer has a sliding window of {WINDOW} tokens, the token itself included. After how "
        f"many layers can a token have heard from the one {BACK} tokens before it?",
        (
            Option(str(BACK // WINDOW), False, f"The token itself takes one place. {worked}"),
            Option(str(layers), True, worked),
            Option("Never: it is outside of the window", False, f"Others pass it on. {worked}"),
        ),
        show={"pattern": "sliding", "width": str(WINDOW), "layers": str(layers)},
        see=f"a window of {WINDOW}. Move the number of layers and watch the right map grow by "
        f"{WINDOW - 1} tokens for each.",
    )


def chunk_question() -> Question:
    """Whom does the first token of a chunk hear from?"""
    worked = (
        f"Position {2 * CHUNK + 1} is the first of the third chunk. The tokens before it are in "
        "other chunks, which it never sees, and neither does any token that it sees."
    )
    return Question(
        "The border",
        f"All {DEEP} layers of a model use chunks of {CHUNK} tokens. From how many tokens can the "
        f"one at position {2 * CHUNK + 1} have heard in the end, itself included?",
        (
            Option("1", True, worked),
            Option(str(CHUNK), False, f"That holds for the last token of a chunk. {worked}"),
            Option(
                str(2 * CHUNK + 1), False, f"More layers help windows, but not chunks. {worked}"
            ),
        ),
        show={"pattern": "chunks", "width": str(CHUNK), "layers": str(DEEP)},
        see="chunks of 4 and ten layers. Click the first token after a red border.",
    )


def pairs_question() -> Question:
    """How many pairs does a window leave?"""
    left, whole = window_pairs(TOKENS, NARROW), full_pairs(TOKENS)
    worked = (
        f"The first two tokens look at 1 and 2 tokens, the other {TOKENS - 2} at {NARROW} each: "
        f"1 + 2 + {TOKENS - 2} × {NARROW} = {left}. Full attention has 10 × 11 ÷ 2 = {whole}."
    )
    return Question(
        "By hand: pairs",
        f"A text has {TOKENS} tokens. How many pairs of query and key does a causal window of "
        f"{NARROW} tokens compare in one layer?",
        (
            Option(str(left), True, worked),
            Option(str(TOKENS * NARROW), False, f"The first tokens have fewer keys. {worked}"),
            Option(str(whole), False, f"That is full attention. {worked}"),
        ),
        show={"pattern": "sliding", "width": str(NARROW), "layers": "1"},
        see="a window of 3 in one layer. Count the cells of the first three rows in the left map.",
    )


def linear_question() -> Question:
    """Linear attention with two tokens and single numbers."""
    worked = (
        "The state adds φ(k) × v: 1 × 6 + 2 × 3 = 12. The total adds φ(k): 1 + 2 = 3. "
        "φ(q) = 1 multiplies both, so the output is 12 ÷ 3 = 4."
    )
    return Question(
        "By hand: linear attention",
        "Two tokens have φ(k) = 1 and 2, and values 6 and 3. The second token asks with φ(q) = 1. "
        "What does linear attention give it?",
        (
            Option("3", False, f"That is the second value alone. {worked}"),
            Option("4", True, worked),
            Option("12", False, f"That is the state before it is divided. {worked}"),
        ),
    )
