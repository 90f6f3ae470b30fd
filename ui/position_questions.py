"""What the Positions lesson asks: each answer is computed from the reader's own run."""

from __future__ import annotations

from math import sqrt

import torch

from transformer_core.positions import RotaryPosition
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.position_board import with_scheme
from ui.position_charts import raw_shares
from ui.prose import quoted
from ui.state import Reader
from ui.word_order import SHOWN, bare_change, read_order

FILLERS = 10
NOTICED = 1e-5  # of a row's length; rounding moves it by about a millionth


def position_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now."""
    now = reader()
    return (*moved_question(now), layer_question(now), raw_question(now))


def moved_question(now: Reader) -> tuple[Question, ...]:
    """Ten tokens are put before the sentence: what becomes of a RoPE score?"""
    found = with_scheme(now, "rope")
    if found is None:
        return ()
    lent, ids = found
    pieces = lent.tokenizer.pieces(list(ids))
    query, head = min(now.token, len(ids) - 1), min(now.head, lent.config.n_heads - 1)
    key = max(0, query - 2)
    as_is, shifted, apart = moved_scores(lent.name, ids, head, query, key)
    why = (
        f"At positions {query} and {key} the score is {as_is:.3f}; at {query + FILLERS} and "
        f"{key + FILLERS}, with the same two vectors, it is {shifted:.3f}. Both hands of each dial "
        f"turn by the same angle. Only another distance changes it: {FILLERS} further apart it "
        f"would be {apart:.3f}."
    )
    return (
        Question(
            "Both words move",
            f"In head 1.{head + 1} of {lent.name}, {quoted(pieces[query])} and "
            f"{quoted(pieces[key])} score {as_is:.2f}. Now {FILLERS} tokens are put before the "
            "sentence. Layer 1 still makes the same query and key; RoPE turns them further. The "
            "score?",
            (
                Option("It shrinks: both stand further from the start", False, why),
                Option("It stays", True, why),
                Option(f"It becomes {apart:.2f}: {FILLERS} more steps of turning", False, why),
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


def _heads(x: torch.Tensor, d_head: int) -> torch.Tensor:
    """[1, position, head * d_head] to [head, position, d_head]."""
    return x[0].unflatten(-1, (-1, d_head)).transpose(0, 1)


def layer_question(now: Reader) -> Question:
    """Positions out, causal mask on, the earlier words reversed: when does the last word notice?"""
    ids = now.token_ids[:SHOWN]
    change = bare_change(load(now.model_name), ids, read_order("", len(ids)), causal=True)
    noticed = next((i for i, moved in enumerate(change) if moved > NOTICED), None)
    moved = ", ".join(f"{100 * share:.2f} %" for share in change[:4])
    why = (
        f"Its row moves by {moved}{' …' if len(change) > 4 else ''} after layers 1, 2 and so on. "
        "In layer 1 it adds up the same set of words, whose order a sum cannot see. But the causal "
        "mask gave each earlier word another set to read, and layer 2 reads the result."
        if noticed is not None
        else "Its row never moves: there are too few words or layers for an order to show."
    )
    return Question(
        "Without positions",
        f"Take the positions out of {now.model_name}, leave the causal mask, and reverse all words "
        f"before {quoted(now.pieces[len(ids) - 1])}. After which layer does its row first differ?",
        (
            Option("After layer 1", noticed == 0, why),
            Option("After a later layer", noticed is not None and noticed > 0, why),
            Option("After none: without positions order cannot show", noticed is None, why),
        ),
    )


def raw_question(now: Reader) -> Question:
    """How much of a token is left when its position is added to one number?"""
    shares = raw_shares(now.model_name, now.token_ids[now.token])["one number"]
    p = min(max(now.token, 5), len(shares) - 1)
    kept = shares[p]
    why = (
        f"{100 * kept:.1f} % is left: the norm divides by a size that is now mostly p. At position "
        f"{len(shares) - 1} it would be {100 * shares[-1]:.1f} %."
    )
    return Question(
        "A plain number",
        f"Suppose {quoted(now.pieces[now.token])} stood at position {p}, and {p} were added to one "
        "number of its embedding. How much of the token’s size is left after the norm?",
        (
            Option("More than half", kept > 0.5, why),
            Option("Between a tenth and a half", 0.1 < kept <= 0.5, why),
            Option("Less than a tenth", kept <= 0.1, why),
        ),
    )
