"""What the lesson asks: a count by hand, a row of cross-attention, two ways to read the past."""

from __future__ import annotations

from figures.numbers import percent
from pages.n2_architectures.encoder_decoder.date_pass import (
    EXAMPLE,
    NEIGHBOUR,
    NotReadableError,
    Rewriting,
    readable,
    rewritten,
    telling_head,
)
from ui.answers.check import Option, Question
from ui.prose import quoted
from ui.state import setting

SOURCE, TARGET = 6, 4  # tokens, for a count by hand
SHORT = "3 May 1987"  # shorter than the text it shares a batch with
DISTRACTORS = 2
ASKED = 4  # the last digit of the year


def halves_questions() -> tuple[Question, ...]:
    """One by hand, one about the reader's text, two about what the masks are for."""
    return count_question(), row_question(now_shown()), padding_question(), forcing_question()


def now_shown() -> Rewriting:
    """The text of the address; the example where it cannot be read."""
    try:
        return rewritten(readable(setting("date") or EXAMPLE))
    except NotReadableError:
        return rewritten(EXAMPLE)


def count_question() -> Question:
    """How many pairs do three masks allow?"""
    own, cross, encoder = TARGET * (TARGET + 1) // 2, TARGET * SOURCE, SOURCE * SOURCE
    total = own + cross + encoder
    worked = (
        f"The encoder: {SOURCE} × {SOURCE} = {encoder}. The decoder: 1 + 2 + 3 + 4 = {own}. "
        f"Cross-attention: {TARGET} × {SOURCE} = {cross}. Together {total}."
    )
    whole = encoder + TARGET * TARGET + cross
    return Question(
        "By hand: allowed pairs",
        f"A source has {SOURCE} tokens, a target {TARGET}, and nothing is padded. How many pairs "
        "of query and key do the three masks of encoder, decoder and cross-attention allow "
        "together?",
        (
            Option(
                str(whole),
                False,
                f"This counts the whole square of the decoder, {TARGET} × {TARGET}. {worked}",
            ),
            Option(str(total), True, worked),
            Option(
                str(own + cross),
                False,
                f"This leaves out the encoder, which reads in both directions. {worked}",
            ),
        ),
    )


def row_question(now: Rewriting) -> Question:
    """Which of the reader's characters gets the highest weight of a row?"""
    now = now if len(set(now.text)) > DISTRACTORS else rewritten(EXAMPLE)
    layer, head = telling_head(now)
    at = min(ASKED, len(now.ids)) - 1
    row = now.cross[layer, head, at]
    found = int(row.argmax())
    worked = (
        f"The highest weight of the row, {percent(float(row[found]))}, is that of "
        f"{quoted(now.text[found])} at position {found + 1}."
    )
    right = Option(place_of(now.text, found), True, worked)
    others = [i for i in row.argsort().tolist() if now.text[i] != now.text[found]]
    wrong = [
        Option(place_of(now.text, i), False, f"It gets {percent(float(row[i]))}. {worked}")
        for i in others[:DISTRACTORS]
    ]
    return Question(
        "A row of cross-attention",
        f"The text is {quoted(now.text)}. Which of its characters does head {layer + 1}.{head + 1} "
        f"attend to most when the model writes position {at + 1} of {quoted(now.written)}?",
        (*wrong[:1], right, *wrong[1:]),
        show={"date": now.text, "cross": f"{layer + 1}.{head + 1}", "letter": str(at + 1)},
        see="the marked row and its bars.",
    )


def place_of(text: str, i: int) -> str:
    """A character and where it stands."""
    return f"{quoted(text[i])} at position {i + 1}"


def padding_question() -> Question:
    """Why does an encoder need a padding mask?"""
    why = (
        "Padding stands only in the source here, and the encoder reads in both directions. Without "
        "the mask the real tokens would attend to it, and the answer would depend on how long the "
        "other texts of the batch are."
    )
    return Question(
        "Why padding is hidden",
        f"{quoted(SHORT)} and {quoted(NEIGHBOUR)} are computed together. What would change without "
        "the padding mask?",
        (
            Option(
                "Nothing: padding holds no information",
                False,
                f"A padding token has a vector like any other, and softmax gives it weight. {why}",
            ),
            Option("The vectors of the shorter text would be mixed with padding", True, why),
            Option(
                "The decoder would see its own future",
                False,
                f"The causal mask forbids this, and it stays. {why}",
            ),
        ),
        show={"date": SHORT},
        see="the three masks: the columns of padding are hidden from every query.",
    )


def forcing_question() -> Question:
    """What does the decoder read after its own error?"""
    why = (
        "In teacher forcing the input is the target, whatever was predicted. So an error costs its "
        "own loss and nothing more. In generation the next positions read the error."
    )
    return Question(
        "After an error",
        "In training, the model predicts “9” where the target has “0”. Which character does it "
        "read there when it predicts the next position?",
        (
            Option("“9”, its own prediction", False, f"That is generation. {why}"),
            Option("“0”, as in the target", True, why),
            Option(
                "None, the position is masked",
                False,
                f"The causal mask hides later positions only. {why}",
            ),
        ),
        show={"broken": "6.1"},
        see="the two rows “reads” under the changed target.",
    )
