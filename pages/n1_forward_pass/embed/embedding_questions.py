"""What the Embed lesson asks: worked out by hand, or from what the model adds and when."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from figures.numbers import number
from pages.n1_forward_pass.embed.embedding_board import looked_at
from transformer_core.lens.embedding_map import cosines
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import LoadedModel, load
from ui.prose import spaced
from ui.state import Reader

FIRST, SECOND = (3.0, 4.0), (4.0, 3.0)  # vectors of length 5


def embedding_questions() -> tuple[Question, ...]:
    """By hand, about the token of the sentence that the reader looks at, and about meanings."""
    now = reader()
    loaded = load(now.model_name)
    with torch.inference_mode():
        return cosine_question(), place_question(now, loaded, looked_at(now)), meaning_question()


def cosine_question() -> Question:
    """The cosine of two vectors of two numbers each."""
    cosine = float(cosines(torch.tensor([FIRST]), torch.tensor(SECOND))[0])
    (a, b), (c, d) = ([round(x) for x in each] for each in (FIRST, SECOND))
    dot = a * c + b * d
    by_hand = (
        f"The dot product is {a}·{c} + {b}·{d} = {dot}. Each length is √({a}² + {b}²) = 5, since "
        f"{a}² + {b}² = 25. So the cosine is {dot} ÷ (5 × 5) = {number(cosine)}."
    )
    return Question(
        "Work it out",
        f"Two rows are ({a}, {b}) and ({c}, {d}). What is their cosine: the dot product divided by "
        "both lengths?",
        (
            Option(number(cosine), True, by_hand),
            Option(
                "1.00",
                False,
                "Both vectors have the same length and the same numbers, but in another order, so "
                f"they do not point the same way. {by_hand}",
            ),
            Option(
                f"{dot}.00",
                False,
                f"That is the dot product. It still has to be divided by both lengths. {by_hand}",
            ),
            Option(
                number(dot / (a + b) ** 2),
                False,
                f"That takes {a} + {b} as the length. The length is the root of the sum of the "
                f"squares. {by_hand}",
            ),
        ),
    )


def place_question(now: Reader, loaded: LoadedModel, token: int) -> Question:
    """The same token at another position: which vectors are the same?"""
    row = loaded.model.embedding[now.token_ids[token]]
    other = 0 if token else loaded.most_tokens - 1
    here, there = entering(loaded, row, token), entering(loaded, row, other)
    cosine = float(F.cosine_similarity(here, there, dim=0))
    same = torch.equal(here, there)
    word = spaced(now.pieces[token])
    why = (
        "This model adds nothing to the row here. Both vectors are the same, number by number; "
        "positions come in later, inside attention."
        if same
        else "The id is the same, so the row is the same. Then the vector of another position is "
        f"added, so what enters layer 1 differs: the cosine is {number(cosine, smallest=0)}."
    )
    return Question(
        "Another position",
        f"{word} stands at position {token + 1}. Imagine it at position {other + 1}. What stays "
        "the same?",
        (
            Option(
                "Its row, and the vector that enters layer 1",
                same,
                why if same else f"The lookup alone would give the same vector twice. {why}",
            ),
            Option(
                "Its row, but not the vector that enters layer 1",
                not same,
                f"It is so in models that add a vector for each position. {why}" if same else why,
            ),
            Option(
                "Neither of the two",
                False,
                "A word’s place matters for its meaning, so another row seems likely. But the row "
                f"is looked up by the id alone, which knows nothing of positions. {why}",
            ),
        ),
        show={"token": str(token + 1)},
        see=f"{word} at position {token + 1}: its row of the table, and what enters layer 1.",
    )


def entering(loaded: LoadedModel, row: Tensor, position: int) -> Tensor:
    """What enters layer 1, of a row at a position counted from 0."""
    return loaded.model.position.embed(row[None, None], position)[0, 0]


def meaning_question() -> Question:
    """Where do the two meanings of a word part?"""
    why = (
        "The lookup knows only the id, and it is the same. Attention is the first step that brings "
        "in other tokens, so the two vectors part from layer 1 on. Compare the lines of “One row, "
        "many meanings”."
    )
    return Question(
        "Two meanings",
        "“bank” stands in a sentence about money and in one about a river, each time as the same "
        "token. Where can the model begin to tell the two meanings apart?",
        (
            Option(
                "In the embedding matrix: each meaning has a row",
                False,
                f"A dictionary may do so, but this table has one row per token. {why}",
            ),
            Option("In the layers, by attention to other tokens", True, why),
            Option(
                "Nowhere: a token has one vector",
                False,
                f"It has one row, but that is only where its vector starts. {why}",
            ),
        ),
    )
