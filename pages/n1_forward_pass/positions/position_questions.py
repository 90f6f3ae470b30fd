"""What the Positions lesson asks: worked out by hand, or computed from the reader's own run."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import torch

from figures.numbers import number, percent
from pages.n1_forward_pass.positions.position_board import SHOWN, with_scheme
from pages.n1_forward_pass.positions.word_order import bare
from transformer_core.lens.word_order import first_attention, relative_change
from transformer_core.positions import RotaryPosition
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.known_models import called
from ui.models import HEAVY_PASSES, load, trace
from ui.prose import plain, quoted
from ui.state import Reader

FILLERS = 10
VALUES, MIXED = (2.0, 6.0), (0.75, 0.25)  # of two tokens, to be mixed by hand
TURNED = (5, 3)  # positions of a query and a key whose angle is worked out by hand
NOTICED = 1e-5  # of a row's length; rounding moves it by about a millionth


def position_questions() -> tuple[Question, ...]:
    """By hand, and about the token that the reader looks at now."""
    now = reader()
    turn, mixture = _at_two_tokens(now), _in_two_orders(now)
    if len(now.token_ids) == 1:
        return turn, mixture, repeated_question(now)
    return turn, moved_question(now) or mixture, _swapped_below(now)


def _at_two_tokens(now: Reader) -> Question:
    """The angle by hand; its picture has two of the reader's tokens stand there."""
    found = with_scheme(now, "rope")
    if found is None or len(found[1]) <= TURNED[0] - TURNED[1]:
        return turn_question()
    lent, ids = found
    gap = TURNED[0] - TURNED[1]
    query = min(max(now.token, gap), len(ids) - 1)
    layer = min(now.layer, lent.config.n_layers - 1)
    pieces = lent.tokenizer.pieces(list(ids))
    return replace(
        turn_question(),
        show=_moved(layer, min(now.head, lent.config.n_heads - 1), query, query - gap, TURNED[0]),
        see=f"{quoted(pieces[query])} and {quoted(pieces[query - gap])} stand at positions "
        f"{TURNED[0]} and {TURNED[1]}. Beside the arrows of one pair stands the same sum with its "
        f"own angles, in radians: (α − β) + {gap} × θ.",
    )


def _moved(layer: int, head: int, query: int, key: int, at: int) -> dict[str, str]:
    """Where the picture of RoPE goes, counted from 1: the query stands at position `at`."""
    counted = {"layer": layer, "head": head, "token": query, "key": key}
    return {"scheme": "rope", **{name: str(i + 1) for name, i in counted.items()}, "at": str(at)}


def _in_two_orders(now: Reader) -> Question:
    """The sum by hand; its picture has the reader's text in two orders."""
    return replace(
        mixture_question(),
        show={"scheme": "none"},
        see="your tokens without positions and without a mask, as typed and in reverse. Each token "
        "gets the same output in both.",
    )


def moved_question(now: Reader) -> Question | None:
    """Ten tokens are put before: what of a RoPE score? None where no model with RoPE is left."""
    found = with_scheme(now, "rope")
    if found is None:
        return None
    lent, ids = found
    pieces = lent.tokenizer.pieces(list(ids))
    query = min(max(now.token, 1), len(ids) - 1)
    head = min(now.head, lent.config.n_heads - 1)
    key = max(0, query - 2)
    as_is, shifted, apart = moved_scores(lent.name, ids, head, query, key)
    why = (
        f"At positions {query + 1} and {key + 1} the score is {_read(as_is)}. At positions "
        f"{query + 1 + FILLERS} and {key + 1 + FILLERS}, with the same two vectors, it is "
        f"{_read(shifted)}. Both arrows of each pair turn by the same angle, so the angle between "
        "them stays."
    )
    return Question(
        "Both tokens move",
        f"In layer 1, head {head + 1} of {plain(called(lent.name))}, {quoted(pieces[query])} "
        f"and {quoted(pieces[key])} have the score {_read(as_is)}. Now {FILLERS} tokens are put "
        "before the sentence. Layer 1 makes the same query and key; RoPE turns them further. "
        "What happens to the score?",
        (
            Option(
                "It shrinks: both are further from the start",
                False,
                f"The start plays no part, only the distance between the two. {why}",
            ),
            Option("It stays the same", True, why),
            Option(
                f"It becomes {_read(apart)}: each turns {FILLERS} steps further",
                False,
                f"That is the score if only the query moves by {FILLERS}. Here the key moves "
                f"as well. {why}",
            ),
        ),
        show=_moved(0, head, query, key, query + 1 + FILLERS),
        see="the dials have turned, and the sum below them is the same. Slide the two apart.",
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


def _swapped_below(now: Reader) -> Question:
    """Two tokens swapped; its picture is the shuffle test in that order, which keeps the last."""
    asked, n = swapped_question(now), len(now.token_ids[:SHOWN])
    if n < 3 or now.token_ids[0] == now.token_ids[1]:
        return asked
    return replace(
        asked,
        show={"order": ".".join(map(str, (2, 1, *range(3, n))))},
        see=f"the first two tokens have changed places. Without positions, under the causal mask, "
        f"the vector of {quoted(now.pieces[n - 1])} is the same after layer 1: it moves from layer "
        "2 on. The models with positions notice the order in their predictions.",
    )


def swapped_question(now: Reader) -> Question:
    """Positions out, causal mask on, two tokens swapped: whose row does layer 1 change?"""
    change = swapped_change(now.model_name, now.token_ids[:SHOWN])
    first, later = change[:2], change[2:]
    told = " and ".join(percent(share) for share in first)
    why = (
        "Each token adds up what it reads, up to itself. After the swap one of the first two reads "
        f"a token more than before, the other a token fewer. Their outputs move by {told} of "
        "their length. Every later token adds up the same set as before, and a sum does not know "
        "the order of its terms. Layer 2 can notice it, since it reads outputs that have moved."
        if max(first) > NOTICED
        else "The first two tokens are the same, so nothing has been swapped."
    )
    alone, all_later = max(first) > NOTICED, max(later, default=0.0) > NOTICED
    return Question(
        "Without positions",
        f"Take the positions out of {plain(called(now.model_name))}, keep the causal mask, and "
        f"swap the first two tokens, {quoted(now.pieces[0])} and {quoted(now.pieces[1])}. Follow "
        "each token to its new position. For which of them does the output of layer 1’s attention "
        "change?",
        (
            Option("For those two only", alone and not all_later, why),
            Option(
                "For later ones too: they read the two in another order",
                all_later,
                why if all_later else f"They do read them in another order, but only add up. {why}",
            ),
            Option(
                "For none: without positions order cannot show",
                not alone,
                f"Without the mask it would be so. {why}" if alone else why,
            ),
        ),
    )


def swapped_change(name: str, ids: tuple[int, ...]) -> list[float]:
    """How far each token's row moves, as a share of its length, when the first two are swapped."""
    order = [1, 0, *range(2, len(ids))]
    with HEAVY_PASSES, torch.inference_mode():
        model, typed = bare(load(name)), torch.tensor(ids)
        rows, swapped = (first_attention(model, each, True) for each in (typed, typed[order]))
        return list(map(float, relative_change(rows, swapped[order])))


def mixture_question() -> Question:
    """Does a weighted sum notice that two tokens have changed places?"""
    (dog, man), (more, less) = VALUES, MIXED
    as_typed, by_place = more * dog + less * man, more * man + less * dog
    why = (
        f"{more} × {number(dog, 0)} + {less} × {number(man, 0)} = {number(as_typed, 0)}. Without "
        "positions, a weight depends on the two tokens alone. So each token takes its weight along "
        "to its new place, and the sum has the same terms in another order."
    )
    return Question(
        "A sum, by hand",
        f"There are no positions and no mask. “bites” takes “dog”, whose value is the number "
        f"{number(dog, 0)}, with a weight of {more}, and “man”, whose value is {number(man, 0)}, "
        f"with {less}. What is the mixture, and what is it when “dog” and “man” change places?",
        (
            Option(
                f"{number(as_typed, 0)}, then {number(by_place, 0)}",
                False,
                f"That would be so if a weight belonged to a place. {why}",
            ),
            Option(f"{number(as_typed, 0)} both times", True, why),
            Option(
                f"{number((dog + man) / 2, 0)} both times",
                False,
                f"That is the mean: it takes the same of both. {why}",
            ),
        ),
    )


def repeated_question(now: Reader) -> Question:
    """A lone token written twice: does the second enter layer 1 as the first does?"""
    loaded, piece = load(now.model_name), quoted(now.pieces[0])
    with torch.inference_mode():
        first, second = loaded.model.embed(torch.tensor([now.token_ids * 2]))[0]
        cosine = float(torch.cosine_similarity(first, second, dim=0))
    same = bool(torch.equal(first, second))
    why = f"Their cosine is {_read(cosine)}. " + (
        "In this scheme nothing is added to the embedding, so both enter as the same vector."
        if same
        else "The vector of its own position was added to each before layer 1."
    )
    return Question(
        "The same token twice",
        f"Suppose your text were {piece} twice, cut into the same token two times. Are the two "
        f"vectors that enter layer 1 of {plain(called(now.model_name))} the same?",
        (
            Option("Yes, number by number", same, why),
            Option("No: each has its own position in it", not same, why),
        ),
    )


def turn_question() -> Question:
    """Two arrows and their angle, by hand."""
    theta, alpha, beta = 30, 50, 20  # degrees
    query, key = TURNED
    between = alpha - beta + (query - key) * theta
    why = (
        f"Before turning they are {alpha} − {beta} = {alpha - beta} degrees apart. The query is "
        f"turned by ({query} − 1) × {theta}, the key by ({key} − 1) × {theta}. The difference is "
        f"({query} − {key}) × {theta} = {(query - key) * theta}, and {alpha - beta} + "
        f"{(query - key) * theta} = {between}."
    )
    return Question(
        "Work it out",
        f"One pair of RoPE turns by {theta} degrees per position. Before turning, the query’s "
        f"arrow stands at {alpha} degrees and the key’s at {beta}. The query is at position "
        f"{query}, the key at position {key}. What is the angle between them after turning?",
        (
            Option(
                f"{alpha - beta} degrees",
                False,
                f"That would be so if both stood at the same position. {why}",
            ),
            Option(
                f"{(query - key) * theta} degrees",
                False,
                f"That is how much further the query turns. They also began apart. {why}",
            ),
            Option(f"{between} degrees", True, why),
            Option(
                f"{alpha - beta + (query - 1) * theta} degrees",
                False,
                f"That turns the query but leaves the key where it was. {why}",
            ),
        ),
    )
