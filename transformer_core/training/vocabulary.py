"""Learn the shipped vocabulary.

``python -m transformer_core.training.vocabulary CORPUS_FOLDER --size 4096 --out assets/tokenizer``
"""

import argparse
import json
import logging
from collections.abc import Iterator
from pathlib import Path

from transformer_core.bpe import END_OF_TEXT, PATTERN, Merge, count_words, learn_merges
from transformer_core.shipped_vocabulary import vocabulary_checksum
from transformer_core.training.documents import CorpusError, read_source

SAMPLES = {
    "tinystories": None,
    "african_storybook": None,
    "childrens_books": 10_000_000,
    "easy_prose": 8_000_000,
}
LICENCES = {
    "tinystories": "TinyStories (Eldan and Li 2023), CDLA-Sharing-1.0",
    "african_storybook": "African Storybook, CC BY, many authors",
    "childrens_books": "children's classics published by 1928, public domain",
    "easy_prose": "plainly written novels and tales, public domain",
}


def sample(documents: list[str], limit: int | None) -> Iterator[str]:
    """The same leading share of each document, ``limit`` characters in all: all are heard."""
    total = sum(map(len, documents))
    share = 1.0 if limit is None else min(1.0, limit / total)
    return (document[: round(share * len(document))] for document in documents)


def vocabulary_file(name: str, merges: list[Merge], learnt_from: list[dict[str, object]]) -> str:
    """The vocabulary as JSON, one merge per line, each byte as the Latin-1 character it numbers."""
    n_vocab = 256 + len(merges) + 1
    vocabulary: dict[str, object] = {
        "name": name,
        "n_vocab": n_vocab,
        "pattern": PATTERN,
        "special_tokens": {END_OF_TEXT: n_vocab - 1},
        "merges": [[m.left.decode("latin-1"), m.right.decode("latin-1"), m.count] for m in merges],
        "learnt_from": learnt_from,
    }
    vocabulary["sha256"] = vocabulary_checksum(vocabulary)
    lines = [f"{json.dumps(key)}: {_value(value)}" for key, value in vocabulary.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(value: object) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"


def learn(corpus: Path, size: int, name: str) -> str:
    """A vocabulary of ``size`` ids (bytes, merges, end of text) as the text of its file."""
    counts, learnt_from = count_words([]), []
    for source, limit in SAMPLES.items():
        texts = list(sample(read_source(corpus / f"{source}.txt").train, limit))
        counts.update(count_words(texts))
        n_bytes = sum(len(text.encode()) for text in texts)
        learnt_from.append({"source": source, "bytes": n_bytes, "licence": LICENCES[source]})
        logging.info("%s: %d bytes, %d distinct words so far", source, n_bytes, len(counts))
    return vocabulary_file(name, learn_merges(counts, size - 257), learnt_from)


def main() -> None:
    """Read the command line, learn, and write ``NAME.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with the text files")
    parser.add_argument("--size", type=int, default=4096, help="ids in all")
    parser.add_argument("--name", default="fable")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        text = learn(options.corpus, options.size, options.name)
    except CorpusError as error:
        parser.exit(1, f"{error}\n")
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{options.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
