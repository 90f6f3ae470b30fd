"""What the Positions lesson asks: each answer is computed from the reader's own run."""

from __future__ import annotations

from math import sqrt

import torch

from figures.numbers import number, percent
from pages.n1_forward_pass.positions.position_board import SHOWN, with_scheme
from pages.n1_forward_pass.positions.position_charts import raw_shares
from pages.n1_forward_pass.positions.word_order import bare
from transformer_core.lens.word_order import first_attention, relative_change
from transformer_core.positions import RotaryPosition
from ui.check import Option, Question
from ui.frame import reader
from ui.known_models import called
from ui.models import HEAVY_PASSES, load, trace
from ui.prose import plain, quoted
from ui.state import Reader

FILLERS = 10
NOTICED = 1e-5  # of a row's length; rounding moves it by about a millionth


def position_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now."""
    now = reader()
    if len(now.token_ids) == 1:
        return repeated_question(now), raw_question(now)
    return (*moved_question(now), swapped_question(now), raw_question(now))


def moved_question(now: Reader) -> tuple[Question, ...]:
    """Ten tokens are put before the sentence: what becomes of a RoPE score?"""
    found = with_scheme(now, "rope")
    if found is None:
        return ()
    lent, ids = found
    pieces = lent.tokenizer.pieces(list(ids))
    query = min(max(now.token, 1), len(ids) - 1)
    head = min(now.head, lent.config.n_heads - 1)
    key = max(0, query - 2)
    as_is, shifted, apart = moved_scores(lent.name, ids, head, query, key)
    why = (
        f"At positions {query} and {key} the score is {_read(as_is)}; at {query + FILLERS} and "
        f"{key + FILLERS}, with the same two vectors, it is {_read(shifted)}. Both hands of each "
        f"dial turn by the same angle. Only another distance changes it: {FILLERS} further apart "
        f"it would be {_read(apart)}."
    )
    return (
        Question(
            "Both words move",
            f"In head 1.{head + 1} of {plain(called(lent.name))}, {quoted(pieces[query])} and "
            f"{quoted(pieces[key])} score {_read(as_is)}. Now {FILLERS} tokens are put before the "
            "sentence. Layer 1 still makes the same query and key; RoPE turns them further. The "
            "score?",
            (
                Option("It shrinks: both stand further from the start", False, why),
                Option("It stays", True, why),
                Option(f"It becomes {_read(apart)}: {FILLERS} more steps of turning", False, why),
            ),
        ),
    )


def moved_scores(
    name: str, ids: tuple[int, ...], head: int, query: int, key: int
) -> tuple[float, float, float]:
    """Layer 1's score as it is, both words moved by `FILLERS`, and the query alone moved by it."""
    model, first = load(name).model, trace(name, ids).blocks[0]
    attention, position = model.blocks[0].attention, model.position
    assert isinstance(position, RotaryPosition)
    with torch.inference_mode():
        read = first.attention_norm if model.config.block == "pre_norm" else first.resid_pre
        q = _heads(attention.q_proj(read), model.config.d_head)[head, query]
        group = head // (model.config.n_heads // model.config.n_kv_heads)
        k = _heads(attention.k_proj(read), model.config.d_head)[group, key]

        def score(at: int, other: int) -> float:
            a, b = (position.rotate(v[None, None, None], p) for v, p in ((q, at), (k, other)))
            return float((a * b).sum()) / sqrt(model.config.d_head)

        moved = score(query + FILLERS, key + FILLERS)
        return score(query, key), moved, score(query + FILLERS, key)


def _read(score: float) -> str:
    return number(score, 3)


def _heads(x: torch.Tensor, d_head: int) -> torch.Tensor:
    """[1, position, head * d_head] to [head, position, d_head]."""
    return x[0].unflatten(-1, (-1, d_head)).transpose(0, 1)


def swapped_question(now: Reader) -> Question:
    """Positions out, causal mask on, two tokens swapped: whose row does layer 1 change?"""
    change = swapped_change(now.model_name, now.token_ids[:SHOWN])
    first, later = change[:2], change[2:]
    told = " and ".join(percent(share) for share in first)
    why = (
        "Each row adds up the words up to its own. Swapped, one of the first two reads a word more "
        f"than before and the other a word fewer: their rows move by {told} of their length. "
        "Every later word adds up the same set as before, and a sum cannot see its order; layer 2 "
        "can, as it reads rows that have moved."
        if max(first) > NOTICED
        else "The first two tokens are the same, so nothing has been swapped."
    )
    alone, all_later = max(first) > NOTICED, max(later, default=0.0) > NOTICED
    return Question(
        "Without positions",
        f"Take the positions out of {plain(called(now.model_name))}, leave the causal mask, and "
        f"swap the first two tokens, {quoted(now.pieces[0])} and {quoted(now.pieces[1])}. Which "
        "tokens get another row from layer 1’s attention, each followed to its new place?",
        (
            Option("Those two only", alone and not all_later, why),
            Option("Later ones too: they read the two the other way round", all_later, why),
            Option("None: without positions order cannot show", not alone, why),
        ),
    )


def swapped_change(name: str, ids: tuple[int, ...]) -> list[float]:
    """How far each token's row moves, as a share of its length, when the first two are swapped."""
    order = [1, 0, *range(2, len(ids))]
    with HEAVY_PASSES, torch.inference_mode():
        model, typed = bare(load(name)), torch.tensor(ids)
        rows, swapped = (first_attention(model, each, True) for each in (typed, typed[order]))
        return list(map(float, relative_change(rows, swapped[order])))


def repeated_question(now: Reader) -> Question:
    """A lone token written twice: does the second enter layer 1 as the first does?"""
    loaded, piece = load(now.model_name), quoted(now.pieces[0])
    with torch.inference_mode():
        first, second = loaded.model.embed(torch.tensor([now.token_ids * 2]))[0]
        cosine = float(torch.cosine_similarity(first, second, dim=0))
    same = bool(torch.equal(first, second))
    why = f"Their cosine is {_read(cosine)}. " + (
        "In this scheme nothing is added to the embedding: both enter as the same row."
        if same
        else "To each the vector of its position was added before layer 1."
    )
    return Question(
        "Twice the same token",
        f"Suppose your text were {piece} twice, cut into that token two times. How alike are the "
        f"two vectors that enter layer 1 of {plain(called(now.model_name))}?",
        (
            Option("The same, number by number", same, why),
            Option("Alike, but not the same", not same and cosine > 0.5, why),
            Option("Not much alike: cosine at most 0.5", not same and cosine <= 0.5, why),
        ),
    )


def raw_question(now: Reader) -> Question:
    """How much of a token is left when its position is added to one number?"""
    n = min(len(now.token_ids), SHOWN)
    token = (min(now.token, n - 1) + (n + 1) // 2) % n  # the chart shows the reader's own
    shares = raw_shares(now.model_name, now.token_ids[token])["one number"]
    p = min(max(token, 5), len(shares) - 1)
    kept = shares[p]
    why = (
        f"{percent(kept)} is left: the norm divides by a size that is now mostly p. At position "
        f"{len(shares) - 1} it would be {percent(shares[-1])}."
    )
    return Question(
        "A plain number",
        f"Suppose {quoted(now.pieces[token])} stood at position {p}, and {p} were added to one "
        "number of its embedding. How much of the token’s size is left after the norm?",
        (
            Option("More than half", kept > 0.5, why),
            Option("Between a tenth and a half", 0.1 < kept <= 0.5, why),
            Option("Less than a tenth", kept <= 0.1, why),
        ),
    )
