"""What the Embed lesson asks: each answer is computed from the model's own matrix."""

from __future__ import annotations

from itertools import chain

import torch
import torch.nn.functional as F
from torch import Tensor

from figures.numbers import number, percent
from pages.n1_forward_pass.embed.embedding_answers import similar_to
from pages.n1_forward_pass.embed.embedding_board import looked_at
from pages.n1_forward_pass.embed.embedding_table import components, drawn
from transformer_core.lens.embedding_map import cosines, nearest, project
from ui.check import Option, Question
from ui.frame import reader
from ui.models import LoadedModel, load
from ui.prose import quoted, spaced
from ui.state import Reader

NEIGHBOURS = 8


def embedding_questions() -> tuple[Question, ...]:
    """About the token of the sentence that the reader looks at now."""
    now = reader()
    loaded = load(now.model_name)
    token = looked_at(now)
    with torch.inference_mode():
        return (
            neighbour_question(now, loaded, token),
            place_question(now, loaded, token),
            map_question(now, loaded, token),
        )


def neighbour_question(now: Reader, loaded: LoadedModel, token: int) -> Question:
    """Which of four tokens is nearest? One is; the others come from further down the list."""
    token_id = now.token_ids[token]
    similar = similar_to(loaded, token_id)
    offered = _distinct(loaded, similar.argsort(descending=True).tolist(), token_id)
    best = spaced(_piece(loaded, offered[0]))
    shown = sorted(offered, key=lambda each: _piece(loaded, each))
    return Question(
        "Neighbours",
        f"Which of these rows points most nearly the same way as that of "
        f"{spaced(now.pieces[token])}?",
        tuple(
            Option(
                spaced(_piece(loaded, each)),
                each == offered[0],
                f"Its cosine is {_written(float(similar[each]))}; that of {best} is "
                f"{_written(float(similar[offered[0]]))}, the highest of these. The rows were "
                "learnt by predicting the next token alone: nobody told the model which words "
                "belong together.",
            )
            for each in shown
        ),
    )


def _distinct(loaded: LoadedModel, ranked: list[int], token_id: int) -> list[int]:
    """The nearest, and three from further down, whole words where there are any.

    No two of them, nor one and the token itself, differ in a space or a capital only.
    """
    chosen: list[int] = []
    looks = {quoted(_piece(loaded, token_id)).lower()}
    for start in (0, 30, 300, len(ranked) // 2):
        near = (i for i in ranked[start:] if quoted(_piece(loaded, i)).lower() not in looks)
        other = next(near)
        words = (i for i in chain((other,), near) if start == 0 or _is_word(_piece(loaded, i)))
        chosen.append(next(words, other))
        looks.add(quoted(_piece(loaded, chosen[-1])).lower())
    return chosen


def _is_word(piece: str) -> bool:
    return piece.startswith(" ") and piece.strip().isalpha() and len(piece) > 3


def place_question(now: Reader, loaded: LoadedModel, token: int) -> Question:
    """The same token at another place: how alike are the two vectors that enter block 1?"""
    row = loaded.model.embedding[now.token_ids[token]]
    other = 0 if token else loaded.most_tokens - 1
    here, there = _entering(loaded, row, token), _entering(loaded, row, other)
    cosine = float(F.cosine_similarity(here, there, dim=0))
    same = torch.equal(here, there)
    found = (
        "Exactly the same: this model adds nothing to the row. Positions come in later, inside "
        "attention."
        if same
        else f"Their cosine is {_written(cosine)}: the row is the same, but a different position's "
        "row is added to it."
    )
    return Question(
        "Another place",
        f"{spaced(now.pieces[token])} stands at position {token + 1}. If it stood at position "
        f"{other + 1}, how alike would the vector be that enters block 1?",
        (
            Option("The same, number by number", same, found),
            Option("Cosine of 0.9 or more", not same and cosine >= 0.9, found),
            Option("Cosine from 0.5 to 0.9", not same and 0.5 <= cosine < 0.9, found),
            Option("Cosine under 0.5", not same and cosine < 0.5, found),
        ),
    )


def _entering(loaded: LoadedModel, row: Tensor, position: int) -> Tensor:
    return loaded.model.position.embed(row[None, None], position)[0, 0]


def map_question(now: Reader, loaded: LoadedModel, token: int) -> Question:
    """Of the nearest dots on the flat map, how many are nearest in all dimensions?"""
    token_id = now.token_ids[token]
    kept = neighbours_kept(loaded, token_id)
    axes = components(loaded)
    found = (
        f"{kept} of {NEIGHBOURS}. The first two axes hold "
        f"{percent(float(axes.shares[:2].sum()))} of the variance; what lies along the other "
        f"{loaded.config.d_model - 2} falls on top of each other."
    )
    return Question(
        "The map",
        f"Take the {NEIGHBOURS} dots nearest to {spaced(now.pieces[token])} on the map of axes 1 "
        f"and 2. How many are among the {NEIGHBOURS} tokens of the map that are nearest in all "
        f"{loaded.config.d_model} dimensions?",
        (
            Option("None", kept == 0, found),
            Option("1 or 2", 1 <= kept <= 2, found),
            Option("3 to 5", 3 <= kept <= 5, found),
            Option("6 or more", kept >= 6, found),
        ),
    )


def neighbours_kept(loaded: LoadedModel, token_id: int) -> int:
    """Of the tokens on the map, how many of the nearest by cosine are nearest on axes 1 and 2?"""
    rows, row = drawn(loaded), loaded.model.embedding[token_id]
    own = (token_id,) if token_id < len(rows) else ()
    places = project(torch.cat((rows, row[None])), components(loaded))[:, :2]
    near = nearest(cosines(rows, row), NEIGHBOURS, own)
    flat = nearest(-(places[:-1] - places[-1]).norm(dim=1), NEIGHBOURS, own)
    return len(set(near.tolist()) & set(flat.tolist()))


def _written(cosine: float) -> str:
    """Never in powers of ten, as on the boards."""
    return number(cosine, smallest=0)


def _piece(loaded: LoadedModel, token_id: int) -> str:
    return loaded.tokenizer.pieces([token_id])[0]
