"""What the lesson asks: a weighted sum, a draw and two merges by hand, and what a slip would do."""

from __future__ import annotations

from ui.answers.check import Option, Question


def write_questions() -> tuple[Question, ...]:
    """One for each exercise; the board goes to it when an answer is given."""
    return attention_question(), mask_question(), sampler_question(), merges_question()


def attention_question() -> Question:
    """Scores ln 3 and 0, values 8 and 4."""
    found = (
        "The powers are 3 and 1, so the weights are ¾ and ¼. The sum is ¾ × 8 + ¼ × 4 = 6 + 1 = 7."
    )
    return Question(
        "By hand: a weighted sum",
        "Two keys have the scores ln 3 and 0. Their values are the numbers 8 and 4. What does "
        "attention return?",
        (
            Option("6", False, f"That would be the plain mean of the values. {found}"),
            Option("7", True, found),
            Option("8", False, f"Only the value with the highest score would give this. {found}"),
        ),
        show={"exercise": "attention"},
        see="the exercise on attention, whose second test has the same weights.",
    )


def mask_question() -> Question:
    """row[:i] in place of row[: i + 1]."""
    found = (
        "row[:i] ends before place i, so token i would not see itself. The first token would see "
        "nothing at all. Of no scores there is no highest one, so max stops with an error."
    )
    return Question(
        "A slip in the mask",
        "Somebody writes visible = row[:i] instead of row[: i + 1]. What happens?",
        (
            Option("Nothing, both are the same", False, found),
            Option("The program stops with an error at the first token", True, found),
            Option("Each token sees one token of the future", False, found),
        ),
        show={"exercise": "mask"},
        see="the exercise on the mask. Write the slip and run the tests.",
    )


def sampler_question() -> Question:
    """Probabilities 0.5, 0.3, 0.2 and u = 0.75."""
    found = (
        "The running sums are 0.5, 0.8 and 1. The first one above 0.75 is 0.8, at the second token."
    )
    return Question(
        "By hand: a draw",
        "Three tokens have the probabilities 0.5, 0.3 and 0.2, in this order. The random number u "
        "is 0.75. Which token is drawn?",
        (
            Option("The first", False, f"It is drawn for u below 0.5. {found}"),
            Option("The second", True, found),
            Option("The third", False, f"It is drawn for u from 0.8 on. {found}"),
        ),
        show={"exercise": "sampler"},
        see="the exercise on the sampler, in which u decides in the same way.",
    )


def merges_question() -> Question:
    """The word "aab" with the merges ab, then aa."""
    found = (
        "The neighbours in a, a, b make the pairs aa and ab. The pair ab was learned first, so it "
        "is joined: a, ab. The pair that is left, a + ab, was never learned."
    )
    return Question(
        "By hand: two merges",
        "A vocabulary has learned two pairs: first ab, then aa. Into which tokens is the word aab "
        "cut?",
        (
            Option("aa, b", False, f"That joins from the left, not by order of learning. {found}"),
            Option("a, ab", True, found),
            Option("aab", False, f"No pair that makes aab was learned. {found}"),
        ),
        show={"exercise": "merges"},
        see="the exercise on byte-pair encoding. Its second test asks the same of abc.",
    )
