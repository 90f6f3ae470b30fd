"""What the Tokenize lesson asks: each answer follows by hand, and is computed by cutting text."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from figures.numbers import counted
from pages.n1_forward_pass.tokenize.token_words import cut, pair_of
from pages.n1_forward_pass.tokenize.tokenize_board import (
    histories_of,
    numbers_of,
    shown_text,
    token_looked_at,
)
from transformer_core.bpe import encode_steps, learn_merges
from transformer_core.lens.merge_history import WordHistory
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load
from ui.prose import quoted, spaced
from ui.state import Reader

PAIRS_ASKED = 4
BY_HAND = {"hat": 5, "cat": 4, "cap": 3}  # a training text by its words


def tokenize_questions() -> tuple[Question, ...]:
    """About the word that the reader looks at now, and about the whole text."""
    now = reader()
    history = word_looked_at(now)
    return (
        learning_question(),
        first_join_question(now, history),
        space_question(now, history),
    )


def word_looked_at(now: Reader) -> WordHistory:
    """The word of the token looked at; where it has no two joins, the one with most of them."""
    histories = histories_of(now.model_name, now.text)
    owners = [history for history in histories for _ in history.tokens]
    wanted = owners[token_looked_at(now, histories)]
    richest = max(histories, key=lambda history: len(history.joins))
    return wanted if len(wanted.joins) > 1 else richest


def learning_question() -> Question:
    """Which pair does byte-pair encoding join first in a text of four words?"""
    text = " and ".join(f"“{word}” {times} times" for word, times in BY_HAND.items())
    pairs: Counter[str] = Counter()
    for word, times in BY_HAND.items():
        for left, right in pairwise(word):
            pairs[f"“{left}” + “{right}”"] += times
    counts = ", ".join(f"{pair} {n} times" for pair, n in pairs.most_common())
    first = learn_merges({word.encode(): n for word, n in BY_HAND.items()}, 1)[0]
    best = f"“{first.left.decode()}” + “{first.right.decode()}”"
    found = f"{counts}. The most frequent pair is joined first, in all words at once."
    whole = f"“{max(BY_HAND, key=BY_HAND.__getitem__)}”, the most frequent word"
    return Question(
        "Learn a merge",
        f"A training text holds {text.replace(' and ', ', ', len(BY_HAND) - 2)}. What does "
        "byte-pair encoding join first?",
        (
            *(Option(pair, pair == best, _tempting(pair, best) + found) for pair in pairs),
            Option(
                whole,
                False,
                "The most frequent word will be a token soon. But a merge joins two parts only. "
                + found,
            ),
        ),
    )


def _tempting(pair: str, best: str) -> str:
    """Why one may think of a pair that is not the most frequent."""
    if pair == best:
        return ""
    left, right = pair.replace("“", "").replace("”", "").split(" + ")
    if left + right in max(BY_HAND, key=BY_HAND.__getitem__):
        return "It stands in the most frequent word. But the pairs of all words are added up. "
    words = " and ".join(f"“{word}”" for word in BY_HAND if left + right in word)
    return f"It stands in {words}. But a pair counts as often as its words occur. "


def first_join_question(now: Reader, history: WordHistory) -> Question:
    """Of all pairs side by side in the word, which is joined first? Or another question."""
    ranks, numbers = load(now.model_name).tokenizer.ranks, numbers_of(now.model_name)
    first = encode_steps(history.word, ranks)[0]
    joined = {a + b: (a, b) for a, b in pairwise(first.parts) if a + b in ranks}
    if len(joined) < 2 or first.joins is None:
        return whole_text_question(now)
    best = min(joined, key=ranks.__getitem__)
    asked = list(joined)[:PAIRS_ASKED]
    if best not in asked:
        asked[-1] = best
    found = (
        f"The pair with the lowest merge number is joined first, wherever it stands in the word: "
        f"{pair_of(*joined[best])}, merge {numbers[best]:,}. It was learnt first, so it was the "
        "most frequent of these pairs in the training text."
    )
    return Question(
        "The first join",
        f"{spaced(history.word.decode())} starts as {len(history.word)} bytes. The list has merges "
        "for these pairs. Which is joined first?",
        tuple(
            Option(
                f"{pair_of(*joined[pair])}, merge {numbers[pair]:,}",
                pair == best,
                ("" if pair == best else _not_first(pair == asked[0])) + found,
            )
            for pair in asked
        ),
        show={"token": _token_of(now, history), "merges": str(numbers[best])},
        see=f"{spaced(history.word.decode())} after {numbers[best]:,} merges, where this pair has "
        "just been joined. One step back it is still in two parts.",
    )


def _not_first(is_leftmost: bool) -> str:
    """Why one may think of a pair that is joined later."""
    if is_leftmost:
        return "We read from left to right, but merges follow their numbers. "
    return "A larger number may look like a stronger pair. But merge 1 was learnt first. "


def _token_of(now: Reader, history: WordHistory) -> str:
    """The first token of the word, counted from 1."""
    histories = histories_of(now.model_name, now.text)
    at = histories.index(history)
    return str(sum(len(each.tokens) for each in histories[:at]) + 1)


def whole_text_question(now: Reader) -> Question:
    """Where no word has two pairs to choose from: what does another way to type it cost?"""
    tokenizer = load(now.model_name).tokenizer
    text = shown_text(histories_of(now.model_name, now.text))
    cased = text.upper() != text
    n = len(tokenizer.encode(text))
    other = len(tokenizer.encode(text.upper() if cased else f"{text}."))
    found = f"{counted(n, 'token')} before, {counted(other, 'token')} after"
    if cased:
        title, asked = "In capitals", "Your text is typed in capital letters instead."
        found += ". Capitals are rarer, so fewer merges were learnt for them." if other > n else "."
    else:
        title, asked = "A full stop", "A full stop is typed after your text."
        found += ". Words and marks are separated before any merge." if other > n else "."
    return Question(
        title,
        f"{asked} How many tokens does it take?",
        (
            Option(
                "Fewer",
                other < n,
                ("" if other < n else "A change of spelling rarely joins what was apart. ") + found,
            ),
            Option(
                "As many",
                other == n,
                ("" if other == n else "The words are the same, but the tokenizer sees bytes. ")
                + found,
            ),
            Option(
                "More",
                other > n,
                ("" if other > n else "It is so where no merge joins the new bytes. ") + found,
            ),
        ),
    )


def space_question(now: Reader, history: WordHistory) -> Question:
    """The same word with and without the space before it."""
    tokenizer = load(now.model_name).tokenizer
    word = history.word.decode().strip() or "a"
    bare, after = tokenizer.encode(word), tokenizer.encode(f" {word}")
    one, apart = len(after) == 1, after[1:] == bare
    found = (
        f"At the start of a text, {cut(tokenizer, word)}. After a space, "
        f"{cut(tokenizer, f' {word}')}. The space is kept, and merges may join it to the word."
    )
    return Question(
        "The space before it",
        f"At the start of a text, {quoted(word)} is {counted(len(bare), 'token')}. Now it stands "
        "after a space. What are the tokens of the word together with its space?",
        (
            Option(
                "The same: spaces do not count",
                False,
                f"People read over a space. For the tokenizer it is a byte like others. {found}",
            ),
            Option(
                "One token, which differs from that without the space",
                one,
                ("" if one else "Frequent words are one token with their space. This one is not. ")
                + found,
            ),
            Option(
                "A token for the space, then the same tokens",
                apart and not one,
                ("" if apart and not one else "It would be tidy to cut the space off. ") + found,
            ),
            Option(
                "Several tokens, cut differently",
                not one and not apart,
                ("" if not one and not apart else "That happens to rarer words. ") + found,
            ),
        ),
        show={"token": _token_of(now, history), "merges": ""},
        see=f"{spaced(history.word.decode())}, wholly learnt. The sign ␣ is its space.",
    )
