"""What the Decoding lesson asks: two counts by hand, what a draft may spoil, why servers batch."""

from __future__ import annotations

from transformer_core.laws.costs import positions_with_cache, positions_without_cache
from transformer_core.speculative import expected_tokens
from ui.answers.check import Option, Question

PROMPT, NEW = 10, 4
ALPHA, DRAFTED = 0.5, 2


def decoding_questions() -> tuple[Question, ...]:
    """Each has the same answer for every text."""
    return positions_question(), expected_question(), wrong_drafts_question(), batch_question()


def positions_question() -> Question:
    """How many positions are computed with the cache?"""
    with_cache = positions_with_cache(PROMPT, NEW)
    without = positions_without_cache(PROMPT, NEW)
    found = (
        f"The prompt takes {PROMPT} positions and gives the first token. The other {NEW - 1} take "
        f"one position each: {PROMPT} + {NEW - 1} = {with_cache}. Without the cache it would be "
        f"10 + 11 + 12 + 13 = {without}."
    )
    return Question(
        "By hand: positions",
        f"A prompt has {PROMPT} tokens, and {NEW} tokens are written after it, with the cache. How "
        "many positions does the model compute in all?",
        (
            Option(
                str(PROMPT + NEW),
                False,
                f"This counts the last token, too. Nothing is computed from it any more. {found}",
            ),
            Option(str(with_cache), True, found),
            Option(str(without), False, f"That is the sum without the cache. {found}"),
        ),
        show={"cache": "without"},
        see="your text without the cache: at the last pass, compare the two counts.",
    )


def expected_question() -> Question:
    """Tokens of a round with two guesses, each accepted half of the time."""
    found = (
        "Half of the rounds accept the first guess, and a quarter the second as well. One token "
        f"is always the model’s own: 1 + 0.5 + 0.25 = {expected_tokens(ALPHA, DRAFTED)}."
    )
    return Question(
        "By hand: a draft of two",
        f"Each round drafts γ = {DRAFTED} guesses. Each guess is accepted with probability "
        f"α = {ALPHA}, if the one before it was. How many tokens does a round bring on average?",
        (
            Option("1", False, f"That is the model’s own token alone. {found}"),
            Option("2", False, f"A second guess needs the first to be right, too. {found}"),
            Option(str(expected_tokens(ALPHA, DRAFTED)), True, found),
        ),
    )


def wrong_drafts_question() -> Question:
    """What do bad guesses do to the text?"""
    found = (
        "A guess stays only if the model would have chosen it. A bad draft costs time, but it "
        "changes no token."
    )
    return Question(
        "A bad draft",
        "All guesses of a draft are wrong, and the model decodes greedily. What happens to the "
        "text, compared with decoding without a draft?",
        (
            Option("It gets worse", False, f"No wrong guess stays in it. {found}"),
            Option("It stays the same and takes longer", True, found),
            Option(
                "It stays the same and comes faster",
                False,
                f"Each round still brings one token, but it drafts and checks in vain. {found}",
            ),
        ),
    )


def batch_question() -> Question:
    """Why are many texts decoded together?"""
    found = (
        "A step has to read all weights from memory, whether it computes one token or fifty. In a "
        "batch they are read once for all texts. Each text’s cache is still its own."
    )
    return Question(
        "Many at a time",
        "A server decodes the texts of many visitors in one batch. What is read from memory only "
        "once for all of them?",
        (
            Option("The weights", True, found),
            Option("The keys and values", False, f"They belong to one text each. {found}"),
            Option("The logits", False, f"They are computed for each text separately. {found}"),
        ),
    )
