"""A reader's own text, character by character, and the tokenizer of a model that has learnt it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.live_training.tasks import Pair, Sample
from transformer_core.tokenizer import Tokenizer, TokenizerError
from transformer_core.transformer import Transformer

LENGTH = 64  # characters that are read at a time
MOST_SYMBOLS = 160  # the most frequent characters; all others are one token, `UNKNOWN`
UNKNOWN = "\ufffd"
HELD_OUT = 0.1  # share of the text, its end
SPANS = 32  # of the held-out part that are scored
GIVEN, WRITTEN, TEMPERATURE = 24, 100, 0.8
EXAMPLE = 24


@dataclass(frozen=True)
class OwnText:
    """A text to learn from; its last tenth is held out.

    symbols: `UNKNOWN`, then the text's characters in the order of Unicode. train, tail: ids.
    """

    symbols: tuple[str, ...]
    train: Tensor
    tail: Tensor
    context_length: int = LENGTH

    @classmethod
    def of(cls, text: str) -> OwnText:
        """Line ends are written in one way, blanks around the text are left out."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        common = [c for c, _ in Counter(text).most_common(MOST_SYMBOLS)]
        symbols = (UNKNOWN, *sorted(set(common) - {UNKNOWN}))
        ids = torch.tensor(encode(text, symbols))
        cut = min(int(len(ids) * (1 - HELD_OUT)), len(ids) - LENGTH - 1)
        return cls(symbols, ids[:cut], ids[cut:])

    def batch(self, size: int, generator: torch.Generator) -> Pair:
        """Spans that begin anywhere; each character's target is the one after it."""
        starts = torch.randint(len(self.train) - LENGTH, (size,), generator=generator)
        return _split(self.train[starts[:, None] + torch.arange(LENGTH + 1)])

    def held_out(self) -> Pair:
        """Spans of the end of the text, evenly spread; they overlap where it is short."""
        starts = torch.linspace(0, len(self.tail) - LENGTH - 1, SPANS).long()
        return _split(self.tail[starts[:, None] + torch.arange(LENGTH + 1)])

    def example(self) -> Tensor:
        """The first characters of the held-out part."""
        return self.tail[:EXAMPLE]

    def samples(self, model: Transformer) -> list[Sample]:
        """The model goes on from the first held-out characters: drawn at a fixed temperature."""
        generator = torch.Generator().manual_seed(0)
        ids = self.tail[:GIVEN]
        for _ in range(WRITTEN):
            logits = model(ids[None, -LENGTH:], last_only=True)[0, -1]
            drawn = torch.multinomial((logits / TEMPERATURE).softmax(-1), 1, generator=generator)
            ids = torch.cat((ids, drawn))
        text = "".join(self.symbols[i] for i in ids.tolist())
        return [Sample(text[:GIVEN], text[GIVEN:], "")]


def _split(spans: Tensor) -> Pair:
    return spans[:, :-1], spans[:, 1:]


def encode(text: str, symbols: Sequence[str]) -> list[int]:
    """Ids of a text's characters; id 0 for one that is not among the symbols."""
    places = {symbol: i for i, symbol in enumerate(symbols)}
    return [places.get(character, 0) for character in text]


class CharacterEncoding:
    """A vocabulary of single characters: nothing is joined, so `ranks` holds these alone."""

    name = "characters"
    pattern = r"(?s:.)"
    special_tokens: Mapping[str, int] = {}
    unknown: int | None = 0

    def __init__(self, symbols: Sequence[str]) -> None:
        self.symbols = tuple(symbols)
        self.n_vocab = len(self.symbols)

    @property
    def ranks(self) -> Mapping[bytes, int]:
        """Each character's bytes."""
        return {symbol.encode(): i for i, symbol in enumerate(self.symbols)}

    def encode(self, text: str) -> list[int]:
        """One id a character; 0 for one that the text of the training did not have."""
        return encode(text, self.symbols)

    def token_bytes(self, token_id: int) -> bytes:
        """KeyError for an id beyond."""
        if not 0 <= token_id < self.n_vocab:
            raise KeyError(token_id)
        return self.symbols[token_id].encode()


def read_characters(content: str) -> Tokenizer:
    """The tokenizer of a list of characters as JSON; TokenizerError where it is none."""
    try:
        symbols = json.loads(content)
    except ValueError as error:
        raise TokenizerError("The list of characters is not valid JSON.") from error
    if not isinstance(symbols, list) or not all(isinstance(each, str) for each in symbols):
        raise TokenizerError("The list of characters is no list of texts.")
    return Tokenizer(CharacterEncoding(symbols))
