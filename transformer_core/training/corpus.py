"""Token files from a text corpus, and the batches drawn from them.

``python -m transformer_core.training.corpus CORPUS_FOLDER --out TOKENS_FOLDER`` writes one file of
16-bit ids per source and split, every document followed by the end-of-text id, and ``index.json``.
"""

import argparse
import json
import logging
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.documents import CorpusError, read_source, source_paths

INDEX = "index.json"


@dataclass(frozen=True)
class TokenFile:
    """What a token file holds; ``bytes`` counts its text in UTF-8, without end-of-text marks."""

    file: str
    documents: int
    tokens: int
    bytes: int


def prepare(corpus: Path, out: Path, processes: int = 2) -> dict[str, Any]:
    """Tokenise a corpus folder into ``out``; the index, or CorpusError without usable text."""
    paths = source_paths(corpus)
    out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes) as pool:
        largest_first = sorted(paths, key=lambda path: -path.stat().st_size)
        entries = dict(pool.map(partial(_prepare_source, out=out), largest_first))
    tokenizer = load_shipped()
    index = {
        "tokenizer": tokenizer.name,
        "tokenizer_sha256": tokenizer.checksum,
        "n_vocab": tokenizer.n_vocab,
        "end_of_text": tokenizer.end_of_text,
        "sources": dict(sorted(entries.items())),
    }
    (out / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
    return index


def _prepare_source(path: Path, out: Path) -> tuple[str, dict[str, Any]]:
    split = read_source(path)
    parts = {"train": split.train, "held_out": split.held_out}
    return path.stem, {
        part: asdict(_write(documents, out / f"{path.stem}.{part}.bin"))
        for part, documents in parts.items()
    }


def _write(documents: list[str], path: Path) -> TokenFile:
    tokenizer = load_shipped()
    ids = [[*tokenizer.encode(document), tokenizer.end_of_text] for document in documents]
    tokens = np.concatenate([np.array(document, dtype="<u2") for document in ids])
    tokens.tofile(path)
    n_bytes = sum(len(document.encode()) for document in documents)
    return TokenFile(path.name, len(documents), len(tokens), n_bytes)


@dataclass(frozen=True)
class HeldOut:
    """Text that no batch holds; nats per token * len(tokens) / n_bytes / ln 2 = bits per byte."""

    tokens: np.ndarray
    n_bytes: int


def held_out(folder: Path, source: str) -> HeldOut:
    """A source's held-out tokens, shape (n_tokens,), and the bytes of text they stand for."""
    entry = _entry(read_index(folder), source)["held_out"]
    return HeldOut(np.memmap(folder / entry["file"], dtype="<u2", mode="r"), entry["bytes"])


def read_index(folder: Path) -> dict[str, Any]:
    """A token folder's index; CorpusError if missing, damaged or of another vocabulary."""
    path = folder / INDEX
    try:
        index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        checksum = index["tokenizer_sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(f"{path} is no index: prepare the corpus first.") from error
    if checksum != load_shipped().checksum:
        raise CorpusError(f"{folder} was made with another vocabulary: prepare it again.")
    return index


def _entry(index: Mapping[str, Any], source: str) -> Any:
    if source not in index["sources"]:
        raise CorpusError(f"No source {source!r}; there are {', '.join(index['sources'])}.")
    return index["sources"][source]


class Mixture:
    """Batches of several sources, a function of the arguments and the step: training can resume.

    A sequence is a window of a source, drawn in proportion to ``weights``. Half the windows begin
    with a paragraph, as a reader's text does, the others at a random place.
    Of the share ``repeated``, half repeat random ids from start to end and half repeat a passage
    of text after an ordinary beginning. Only copying predicts them, so they give induction
    heads a reason to form (Olsson et al. 2022, "In-context Learning and Induction Heads").
    """

    def __init__(
        self,
        folder: Path,
        weights: Mapping[str, float],
        context_length: int,
        batch_size: int,
        seed: int,
        repeated: float = 0.0,
    ) -> None:
        index = read_index(folder)
        files = [folder / _entry(index, source)["train"]["file"] for source in weights]
        self.tokens = [np.memmap(file, dtype="<u2", mode="r") for file in files]
        self.shares = np.array(list(weights.values())) / sum(weights.values())
        self.n_ordinary = index["end_of_text"]
        self.context_length, self.length = context_length, context_length + 1
        ends = [self.n_ordinary, *load_shipped().encode("\n")]
        self.paragraphs = [
            np.flatnonzero(np.isin(tokens[: -self.length], ends)) + 1 for tokens in self.tokens
        ]
        self.batch_size = batch_size
        self.seed = seed
        self.repeated = repeated
        shortest = min(map(len, self.tokens))
        if shortest < self.length:
            raise CorpusError(f"A source of {shortest} tokens is shorter than {self.length}.")

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs and their next tokens, both int64 of shape (batch_size, context_length)."""
        random = np.random.default_rng((self.seed, step))
        rows = np.stack([self._sequence(random) for _ in range(self.batch_size)]).astype(np.int64)
        sequences = torch.from_numpy(rows)
        return sequences[:, :-1].contiguous(), sequences[:, 1:].contiguous()

    def _sequence(self, random: np.random.Generator) -> np.ndarray:
        text = self._text(random)
        if random.random() >= self.repeated:
            return text
        # Short periods are the easy lesson, so all scales from 4 to half a window come evenly.
        period = round(np.exp(random.uniform(np.log(4), np.log(self.length // 2))))
        if random.random() < 0.5:
            return np.resize(self._random_passage(random, period), self.length)
        offset = int(random.integers(0, self.length - 2 * period + 1))
        repeats = np.resize(self._text(random)[:period], self.length - offset)
        return np.concatenate([text[:offset], repeats])

    def _text(self, random: np.random.Generator) -> np.ndarray:
        source = random.choice(len(self.tokens), p=self.shares)
        tokens, paragraphs = self.tokens[source], self.paragraphs[source]
        if len(paragraphs) and random.random() < 0.5:
            start = int(random.choice(paragraphs))
        else:
            start = int(random.integers(0, len(tokens) - self.length + 1))
        return tokens[start : start + self.length]

    def _random_passage(self, random: np.random.Generator, period: int) -> np.ndarray:
        """Ids drawn evenly, or as often as they occur in a source: half and half."""
        if random.random() < 0.5:
            return random.integers(0, self.n_ordinary, period)
        tokens = self.tokens[random.choice(len(self.tokens), p=self.shares)]
        return tokens[random.integers(0, len(tokens), period)]


def main() -> None:
    """Read the command line, prepare, and say how many bytes a token stands for in each source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with the text files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        index = prepare(options.corpus, options.out)
    except CorpusError as error:
        parser.exit(1, f"{error}\n")
    for source, parts in index["sources"].items():
        for part, entry in parts.items():
            per_token = entry["bytes"] / entry["tokens"]
            logging.info("%s %s: %s, %.2f bytes per token", source, part, entry, per_token)


if __name__ == "__main__":
    main()
