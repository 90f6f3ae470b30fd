"""Patterns of attention on the reader's text: who hears from whom, and what is then predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from pages.n4_scale.long_context.pattern_run import both_predictions
from transformer_core.lens.layer_masks import LAYER_PATTERNS
from ui.models import load
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

PREDICTIONS = "/app/static/pattern-predictions"  # below the app's own address
SHOWN = 40  # tokens: as many cells as can be told apart on a phone
WIDEST = 16

# What each is, and who described or uses it.
NOTES = {
    "full": "Each token may look at itself and at every token before it (Vaswani et al. 2017).",
    "sliding": "Each token may look at the last few tokens, itself included (Beltagy et al. "
    "2020). Information travels on by one token less than the width in each layer.",
    "chunks": "The text is cut into chunks of equal length. A token may look at its own chunk "
    "only, so nothing ever crosses a border. Llama 4 therefore adds full layers.",
    "dilated": "A window with gaps: every second token of a range twice as wide (Beltagy et al. "
    "2020). Tokens at an odd distance never hear of each other.",
    "growing": "Gaps of 1, 2, 4 and 8 tokens, one after another from layer to layer: the stack "
    "reaches further with the same number of pairs.",
    "blocks": "Its own block, the block before it, and the first block, which all may see. This is "
    "BigBird’s pattern (Zaheer et al. 2020) without its random blocks.",
    "mixed": "Three layers with a window, then one full layer, again and again. One full layer is "
    "enough for every token to hear from all before it.",
}


class PatternEntry(TypedDict):
    """A pattern for the menu."""

    name: str
    title: str
    note: str


class PatternData(TypedDict):
    """The first tokens of `n_text`, the patterns, and where to ask for predictions."""

    pass_id: str
    pieces: list[str]
    n_text: int
    n_layers: int
    widest: int
    patterns: list[PatternEntry]
    numbers: str
    sentence: dict[str, str]


class Guess(TypedDict):
    """A next token and its probability; `otherwise`: its probability in the other pass."""

    piece: str
    p: float
    otherwise: float


class PredictionData(TypedDict):
    """The likeliest next tokens with all keys, and under the pattern."""

    full: list[Guess]
    patterned: list[Guess]


def show_pattern_board(reader: Reader) -> None:
    """The first picture."""
    component(__file__)(key="pattern-board", data=describe_patterns(reader))


def describe_patterns(reader: Reader) -> PatternData:
    """Everything but the masks, which the browser makes as the hand asks for them."""
    loaded, ids = load(reader.model_name), reader.token_ids[:SHOWN]
    return {
        "pass_id": f"{reader.model_name} {ids}",
        "pieces": list(reader.pieces[:SHOWN]),
        "n_text": len(reader.token_ids),
        "n_layers": loaded.config.n_layers,
        "widest": WIDEST,
        "patterns": [
            {"name": name, "title": pattern.title, "note": NOTES[name]}
            for name, pattern in LAYER_PATTERNS.items()
        ],
        "numbers": f"{base_path()}{PREDICTIONS}",
        "sentence": reader.sentence,
    }


def packed_predictions(raw: Mapping[str, str]) -> bytes:
    """Two passes over the shown tokens; what is not offered is a window of four."""
    now = read_state(raw)
    name = raw.get("pattern", "")
    name = name if name in LAYER_PATTERNS else "sliding"
    width = min(max(whole_number(raw.get("width", "")) or 4, 1), WIDEST)
    full, patterned = both_predictions(now.model_name, now.token_ids[:SHOWN], name, width)
    answer: PredictionData = {
        "full": _guesses(now, full, patterned),
        "patterned": _guesses(now, patterned, full),
    }
    return pack(answer, {})


def _guesses(now: Reader, first: list[float], other: list[float]) -> list[Guess]:
    best = sorted(range(len(first)), key=lambda token: -first[token])[:3]
    pieces = load(now.model_name).tokenizer.pieces(best)
    return [
        {"piece": piece, "p": first[token], "otherwise": other[token]}
        for piece, token in zip(pieces, best, strict=True)
    ]


ROUTES = [data_route(PREDICTIONS, lambda raw: Answer(packed_predictions(raw)))]
