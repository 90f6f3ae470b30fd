"""The board: a sentence, one of its tokens hidden, and what both models say stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st
from torch import Tensor

from figures.numbers import count, number, percent
from pages.n2_architectures.encoder_decoder.hidden_pass import (
    CAUSAL,
    MODEL,
    Hidden,
    NotToldError,
    costs,
    hidden,
    masked_record,
    tellable,
)
from transformer_core.checkpoints import CheckpointError
from transformer_core.shipped_vocabulary import load_shipped
from ui.provenance import tag
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import settings_named

NUMBERS = "/app/static/hidden"  # below the app's own address
TYPED, PLACE = "sentence", "hidden"  # in the address
EXAMPLES = (
    "The cat sat down because she was tired.",
    "Tom was thirsty, so he drank a glass of water.",
    "She opened the door and walked into the room.",
    "They went to the park and played with a ball.",
)
FIRST_GUESSES = 5
END = "(end of text)"


class GuessData(TypedDict):
    """What a model says of a hidden token: -ln p of the token that stands there, its place among
    all guesses from 0, and the first guesses.
    """

    nats: float
    rank: int
    first: list[tuple[str, float]]


class HiddenHeader(TypedDict):
    """A sentence in tokens, or why there is none (`problem`); `place` tells most."""

    typed: str
    problem: str
    pieces: list[str]
    place: int
    both_ways: list[GuessData]
    before_only: list[GuessData]
    examples: list[str]
    told: dict[str, str]
    numbers: str


def show_hidden_board() -> None:
    """The sentence that the address names; without the models a notice stands here."""
    try:
        data = packed_hidden(settings_named(TYPED, PLACE))
    except CheckpointError as error:
        st.error(f"The masked-word model cannot be shown. {error}", icon=":material/error:")
        return
    component(__file__)(key="hidden-board", data=data)
    st.caption(_measured())


def packed_hidden(raw: Mapping[str, str]) -> bytes:
    """All that the board shows of a sentence; of an example where the address names none."""
    typed = raw.get(TYPED, "") or (EXAMPLES[0] if "asked" not in raw else "")
    problem, now = "", None
    try:
        now = hidden(tellable(typed))
    except NotToldError as error:
        problem = str(error)
    header: HiddenHeader = {
        "typed": typed[:400],
        "problem": problem,
        "pieces": now.pieces if now else [],
        "place": now.telling if now else 0,
        "both_ways": _guesses(now.both_ways, now) if now else [],
        "before_only": _guesses(now.before_only, now) if now else [],
        "examples": list(EXAMPLES),
        "told": {PLACE: raw.get(PLACE, "")[:3]},
        "numbers": f"{base_path()}{NUMBERS}",
    }
    return pack(header, {})


def _guesses(logprobs: Tensor, now: Hidden) -> list[GuessData]:
    nats = costs(logprobs, now.ids).tolist()
    first = logprobs.topk(FIRST_GUESSES)
    ranks = (logprobs > -costs(logprobs, now.ids)[:, None]).sum(1).tolist()
    return [
        {
            "nats": nats[i],
            "rank": ranks[i],
            "first": list(
                zip(_named(first.indices[i]), first.values[i].exp().tolist(), strict=True)
            ),
        }
        for i in range(len(now.ids))
    ]


def _named(ids: Tensor) -> list[str]:
    """Tokens as the board names them."""
    tokenizer = load_shipped()
    pieces = tokenizer.pieces(ids.tolist())
    ends = [token == tokenizer.end_of_text for token in ids.tolist()]
    return [END if is_end else piece for piece, is_end in zip(pieces, ends, strict=True)]


def _measured() -> str:
    record = masked_record()
    found = record["held_out"]
    both, before = found["both_ways"], found["before_only"]
    return (
        f"The masked-word model was trained for this page. It has {count(record['parameters'])} "
        f"parameters and has read {record['tokens_seen'] / 1e6:.0f} million tokens of simple "
        f"stories and novels. On {count(found['tokens'])} held-out tokens its first guess is right "
        f"for {percent(both['right'] / found['tokens'])}; that of {CAUSAL}, which reads only what "
        f"came before, for {percent(before['right'] / found['tokens'])}. A token costs "
        f"{number(both['nats'])} and {number(before['nats'])} nats on average. The two models also "
        "differ in their width, their texts and the length of their training, so not all of the "
        f"difference comes from the direction. {tag('measured', f'assets/models/{MODEL}')}"
    )


ROUTES = [data_route(NUMBERS, lambda raw: Answer(packed_hidden({**raw, "asked": "1"})))]
