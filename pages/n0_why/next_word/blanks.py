"""A text as words and blanks, what the model makes of its tokens, and what of one blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import torch

from pages.n0_why.next_word.known_texts import MINE, KnownText
from transformer_core.lens.guessing import WordCost, cut_words, likely_words, word_costs
from transformer_core.lens.prediction import ranks, token_losses
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.state import Reader

MOST_GUESS, MOST_LETTERS = 12, 60  # tokens and characters of a reader's guess
LIKELY, LISTED, CHOICES = 6, 5, 4
NEAR = 2  # tokens: all that the tempting word has been told
EXPECTED = 3  # likeliest tokens told for each token
GOES_ON = "How the word goes on that has begun."


@dataclass(frozen=True)
class CutText:
    """A text in tokens; words: first token and the one after the last, of each; the blanks are
    numbers of words. kinds and takes: of each token, empty where nothing is said.
    """

    key: str
    token_ids: tuple[int, ...]
    words: tuple[tuple[int, int], ...]
    blanks: tuple[int, ...]
    kinds: tuple[str, ...]
    takes: tuple[str, ...]


class WordData(TypedDict):
    """A word after a context: its tokens, and -ln p of each in nats."""

    text: str
    pieces: list[str]
    nats: list[float]


class TextHeader(TypedDict):
    """A text in tokens and words (first token, the one after the last); blanks are words.

    Of each token but the first: nats, its rank from 0, and the likeliest. Of each: what it asks
    for and why. `open`: the reader knows the text, so nothing of it is hidden.
    """

    key: str
    open: bool
    pieces: list[str]
    words: list[tuple[int, int]]
    said: list[str]
    blanks: list[int]
    nats: list[float]
    ranks: list[int]
    expected: list[list[tuple[str, float]]]
    kinds: list[str]
    takes: list[str]


class BlankHeader(TypedDict):
    """One word left out: itself, four to choose from, the likeliest words, the tempting one, which
    is the likeliest after the last tokens alone (`near`), where it is no sign.
    """

    word: int
    truth: WordData
    options: list[WordData]
    likely: list[WordData]
    tempting: str
    near: str


def room_in(loaded: LoadedModel) -> int:
    """Tokens of a text that are used: a guess needs room after it."""
    return loaded.most_tokens - MOST_GUESS


def cut_mine(reader: Reader) -> CutText:
    """The reader's sentence: each of its words but the first is a blank."""
    loaded = load(reader.model_name)
    n = room_in(loaded)
    ids, pieces = reader.token_ids[:n], reader.pieces[:n]
    words = tuple(cut_words(pieces))
    kinds = tuple("spelling" if goes_on else "" for goes_on in _going_on(pieces, words))
    takes = tuple(GOES_ON * bool(kind) for kind in kinds)
    return CutText(MINE, ids, words, tuple(range(1, len(words))), kinds, takes)


def _going_on(pieces: tuple[str, ...], words: tuple[tuple[int, int], ...]) -> Iterator[bool]:
    """Of each token: whether it goes on with the letters of a word that has begun."""
    begin = {start for start, _ in words}
    for i, piece in enumerate(pieces):
        yield i not in begin and piece[:1].isalpha() and pieces[i - 1][-1:].isalpha()


def cut_known(text: KnownText, loaded: LoadedModel) -> CutText:
    """One of the lesson's own texts, as far as the model's context reaches."""
    ids: list[int] = []
    words: list[tuple[int, int]] = []
    marks: dict[int, tuple[str, str]] = {}
    blanks: list[int] = []
    for part in text.parts:
        new = loaded.tokenizer.encode(part.text)
        if len(ids) + len(new) > room_in(loaded):
            break
        if part.kind:
            blanks.append(len(words))
            marks.update(
                dict.fromkeys(range(len(ids), len(ids) + len(new)), (part.kind, part.takes))
            )
            words.append((len(ids), len(ids) + len(new)))
        else:
            cut = cut_words(loaded.tokenizer.pieces(new))
            words += [(len(ids) + start, len(ids) + end) for start, end in cut]
        ids += new
    spans = tuple(words)
    going_on = _going_on(tuple(loaded.tokenizer.pieces(ids)), spans)
    said = [
        ("spelling", GOES_ON) if goes_on else marks.get(i, ("", ""))
        for i, goes_on in enumerate(going_on)
    ]
    kinds, takes = (tuple(each) for each in zip(*said, strict=True))
    return CutText(text.key, tuple(ids), spans, tuple(blanks), kinds, takes)


@lru_cache(maxsize=64)
def describe_text(model_name: str, text: CutText) -> TextHeader:
    """What one pass says of each token of a text."""
    loaded, ids = load(model_name), torch.tensor(text.token_ids)
    if text.key == MINE:
        logits = trace(model_name, text.token_ids).logits[0]
    else:
        with HEAVY_PASSES, torch.inference_mode():
            logits = loaded.model(ids[None])[0]
    with torch.inference_mode():
        best = logits[:-1].softmax(-1).topk(EXPECTED)
        pieces = loaded.tokenizer.pieces
        expected = [
            list(zip(pieces(row), shares, strict=True))
            for row, shares in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]
        return {
            "key": text.key,
            "open": text.key == MINE,
            "pieces": pieces(list(text.token_ids)),
            "words": list(text.words),
            "said": [loaded.tokenizer.decode(list(text.token_ids[a:b])) for a, b in text.words],
            "blanks": list(text.blanks),
            "nats": token_losses(logits, ids).tolist(),
            "ranks": ranks(logits[:-1], ids[1:]).tolist(),
            "expected": expected,
            "kinds": list(text.kinds),
            "takes": list(text.takes),
        }


@lru_cache(maxsize=128)
def words_after(model_name: str, context: tuple[int, ...], n: int) -> tuple[WordCost, ...]:
    """About n of the model's likely next words."""
    loaded = load(model_name)
    with HEAVY_PASSES, torch.inference_mode():
        return tuple(likely_words(loaded.model, loaded.tokenizer, context, n))


def costs_after(
    model_name: str, context: tuple[int, ...], words: list[tuple[int, ...]]
) -> list[WordCost]:
    """What each of these words costs after a context."""
    with HEAVY_PASSES, torch.inference_mode():
        return word_costs(load(model_name).model, context, words)


def describe_word(loaded: LoadedModel, word: WordCost) -> WordData:
    """For the board."""
    ids = list(word.token_ids)
    return {
        "text": loaded.tokenizer.decode(ids),
        "pieces": loaded.tokenizer.pieces(ids),
        "nats": list(word.nats),
    }


@lru_cache(maxsize=256)
def describe_blank(model_name: str, text: CutText, word: int) -> BlankHeader:
    """What the model would say in a word's place, and four words to choose from."""
    loaded = load(model_name)
    start, end = text.words[word]
    context = text.token_ids[:start]
    likely = words_after(model_name, context, LIKELY)
    near = words_after(model_name, context[-NEAR:], CHOICES)
    nats = describe_text(model_name, text)["nats"][start - 1 : end - 1]
    truth = WordCost(text.token_ids[start:end], tuple(nats))
    chosen = [truth]
    chosen += _others(loaded, chosen, likely, CHOICES - 2)
    tempting = _others(loaded, chosen, near, 1)
    chosen += costs_after(model_name, context, [each.token_ids for each in tempting])
    chosen += _others(loaded, chosen, likely, CHOICES - len(chosen))
    options = [describe_word(loaded, each) for each in chosen]
    tempted = [each for each in tempting if _sort(_plain(loaded, each)) != "sign"]
    return {
        "word": word,
        "truth": options[0],
        "options": sorted(options, key=lambda option: option["text"].strip().lower()),
        "likely": [describe_word(loaded, each) for each in likely[:LISTED]],
        "tempting": "".join(describe_word(loaded, each)["text"] for each in tempted),
        "near": loaded.tokenizer.decode(list(context[-NEAR:])),
    }


def _others(
    loaded: LoadedModel, taken: list[WordCost], words: tuple[WordCost, ...], n: int
) -> list[WordCost]:
    """The likeliest that are not taken, first those of the sort of the first taken: words, numbers
    or signs.
    """
    said = [_plain(loaded, each) for each in taken]
    alike = [each for each in words if _sort(_plain(loaded, each)) == _sort(said[0])]
    found: dict[str, WordCost] = {}
    for each in (*alike, *words):
        if _plain(loaded, each) not in said:
            found.setdefault(_plain(loaded, each), each)
    return list(found.values())[:n]


def _plain(loaded: LoadedModel, word: WordCost) -> str:
    return loaded.tokenizer.decode(list(word.token_ids)).strip().lower()


def _sort(text: str) -> str:
    if text[:1].isalpha():
        return "word"
    return "number" if text[:1].isdigit() else "sign"


def clean_guess(raw: str) -> str:
    """What a reader has typed, without control characters and outer blanks, of bounded length."""
    return "".join(char for char in raw if char.isprintable()).strip()[:MOST_LETTERS].strip()


def guess_tokens(loaded: LoadedModel, text: CutText, word: int, guess: str) -> tuple[int, ...]:
    """A guess in tokens, with the blank before it that the word in its place has."""
    start, end = text.words[word]
    there = loaded.tokenizer.decode(list(text.token_ids[start:end]))
    lead = there[: len(there) - len(there.lstrip())]
    return tuple(loaded.tokenizer.encode(f"{lead}{guess}")[:MOST_GUESS])
