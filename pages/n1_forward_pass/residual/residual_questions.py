"""What the Residual lesson asks: by hand, and about the reader's run; each answer is computed."""

from __future__ import annotations

from dataclasses import replace
from math import acos, degrees, hypot, sqrt

import torch
from torch import Tensor

from figures.numbers import number
from pages.n1_forward_pass.residual.word_vectors import SHOWN
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.residual_stream import summands
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

STREAM, ADDED = (3.0, 0.0), (0.0, 4.0)  # at a right angle, to be added by hand
STREAM_OF_TWO = (1.0, 7.0)  # its root mean square is a whole number
SQUARE = 0.1  # of a cosine, below which two vectors are nearly at a right angle


def residual_questions() -> tuple[Question, ...]:
    """About the layer and token that the reader looks at now."""
    now = reader()
    return _at_a_right_angle(now), _at_the_norm(now), doubled_question(now)


def _at_a_right_angle(now: Reader) -> Question:
    """The sum by hand; its picture is the longest addition that is nearly at a right angle."""
    token = _token(now)
    added = summands(trace(now.model_name, now.token_ids[:SHOWN]))[:, token]
    stream = added.cumsum(0)
    station = square_station(added, stream)
    vectors = stream[station - 1], added[station], stream[station]
    met, size, after = (float(vector.norm()) for vector in vectors)
    cosine = float(torch.cosine_similarity(*vectors[:2], dim=0).clamp(-1, 1))
    return replace(
        length_question(),
        show=_place(now, station),
        see=f"layer {(station + 1) // 2}’s {'attention' if station % 2 else 'MLP'} at "
        f"{quoted(now.pieces[token])}. The stream is {number(met, 1)} long, and what is added is "
        f"{number(size, 1)} long, at {degrees(acos(cosine)):.0f}°. At 90° the sum would be "
        f"√({number(met, 1)}² + {number(size, 1)}²) = {number(hypot(met, size), 1)} long. It is "
        f"{number(after, 1)}.",
    )


def square_station(added: Tensor, stream: Tensor) -> int:
    """Of what is added, [station, d_model], the longest that is nearly square to what it meets."""
    cosines = torch.cosine_similarity(added[1:], stream[:-1], dim=-1).abs()
    near = cosines <= max(SQUARE, float(cosines.min()))
    share = added[1:].norm(dim=-1) / stream[:-1].norm(dim=-1)
    return 1 + int((share * near).argmax())


def _at_the_norm(now: Reader) -> Question:
    """The norm by hand; its picture is the norm before the attention of the reader's layer."""
    d_model, word = load(now.model_name).config.d_model, quoted(now.pieces[_token(now)])
    return replace(
        norm_question(),
        show=_place(now, _before_attention(now)),
        see=f"the norm before layer {now.layer + 1}’s attention, at {word}. "
        f"After its division the vector is √{d_model} ≈ {number(sqrt(d_model), 1)} long, as "
        f"every vector of {d_model} numbers is.",
    )


def _token(now: Reader) -> int:
    return min(now.token, len(now.token_ids[:SHOWN]) - 1)


def _before_attention(now: Reader) -> int:
    """The station of the attention in the reader's layer."""
    return 2 * now.layer + 1


def _place(now: Reader, station: int, twice: bool = False) -> dict[str, str]:
    """Where the picture goes: a token, and what is added to its stream; the stream doubled."""
    return {
        "token": str(_token(now) + 1),
        "layer": str((station + 1) // 2),
        "station": str(station),
        "twice": "yes" if twice else "",
    }


def length_question() -> Question:
    """How long is the sum of two vectors at a right angle?"""
    before, added, after = hypot(*STREAM), hypot(*ADDED), hypot(STREAM[0], ADDED[1])
    told = f"({STREAM[0]:.0f}, {STREAM[1]:.0f})", f"({ADDED[0]:.0f}, {ADDED[1]:.0f})"
    worked = (
        f"The sum is ({STREAM[0]:.0f}, {ADDED[1]:.0f}), and its length is √(3² + 4²) = "
        f"{number(after, 0)}. Additions to a real stream are often near a right angle, too, as the "
        "row “Angle” shows."
    )
    return Question(
        "Adding vectors, by hand",
        f"A stream is the vector {told[0]}, of length {number(before, 0)}. A sublayer adds "
        f"{told[1]}, of length {number(added, 0)}. How long is the stream then?",
        (
            Option(
                number(before + added, 0),
                False,
                f"Lengths add up only if both vectors point the same way. {worked}",
            ),
            Option(number(after, 0), True, worked),
            Option(
                number(added - before, 0),
                False,
                f"That would be so if they pointed in opposite directions. {worked}",
            ),
        ),
    )


def norm_question() -> Question:
    """What does RMSNorm make of two numbers?"""
    a, b = STREAM_OF_TWO
    size, length, total = sqrt((a * a + b * b) / 2), hypot(a, b), a + b
    worked = (
        f"√((1² + 7²) / 2) = √25 = {size:.0f}, and 1/{size:.0f} = {a / size:.1f}, "
        f"7/{size:.0f} = {b / size:.1f}. The result has the length √2, as every vector of two "
        "numbers has after this norm. LayerNorm subtracts the mean of the numbers first."
    )
    return Question(
        "A norm, by hand",
        f"A stream is ({a:.0f}, {b:.0f}). The norm of many models, RMSNorm, divides each number by "
        "the root mean square: the square root of the mean of the squared numbers. What is left, "
        "without ε and gain?",
        (
            Option(
                f"({a / total:.3f}, {b / total:.3f})",
                False,
                f"That divides by the sum of the numbers. {worked}",
            ),
            Option(
                f"({a / length:.2f}, {b / length:.2f})",
                False,
                f"That divides by the length, √50, and gives a vector of length 1. {worked}",
            ),
            Option(f"({a / size:.1f}, {b / size:.1f})", True, worked),
        ),
    )


def doubled_question(now: Reader) -> Question:
    """What does a norm make of a stream twice as long?"""
    token = _token(now)
    model = load(now.model_name).model
    x = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].resid_pre[0, token]
    norm = model.blocks[now.layer].attention_norm
    with torch.inference_mode():
        once, twice = (norm_steps(norm, each).standardised.norm() for each in (x, 2 * x))
    ratio = float(twice / once)
    before, after = number(float(once)), number(float(twice))
    changed = (
        f"{after} long, exactly as before"
        if after == before
        else f"{after} long instead of {before}"
    )
    found = (
        f"Before gain and bias it would be {changed}. The norm divides by the stream’s own spread, "
        "and that doubles too. So a sublayer reads the stream’s direction, not its length."
    )
    return Question(
        "A stream twice as long",
        f"Suppose all numbers in the stream of {quoted(now.pieces[token])} were doubled before "
        f"the attention norm of layer {now.layer + 1}. What would the attention read?",
        (
            Option(
                "A vector twice as long",
                ratio > 1.9,
                f"The stream would be twice as long, but attention reads the normed copy. {found}",
            ),
            Option("The same vector, but for rounding and ε", ratio < 1.05, found),
            Option(
                "A longer vector, but less than twice as long",
                1.05 <= ratio <= 1.9,
                f"Nothing in the norm lets a part of the length through. {found}",
            ),
        ),
        show=_place(now, _before_attention(now), twice=True),
        see="the same norm, with “double the stream” switched on: the stream is now "
        f"{number(float(2 * x.norm()), 1)} long. Switch it off: the length after the norm stays.",
    )
