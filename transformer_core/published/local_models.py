"""Published models on this machine: found by their files, described before a weight is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from transformer_core.checkpoints import CONFIG_FILE, stamp
from transformer_core.config import TransformerConfig
from transformer_core.gguf import describe_gguf, load_gguf, load_gguf_tokenizer
from transformer_core.hugging_face import describe_hugging_face, load_hugging_face
from transformer_core.hugging_face_tokenizer import load_hugging_face_tokenizer
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer

GGUF = ".gguf"


def models_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and place of each GGUF file and each folder in Hugging Face's form, by name."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for path in entries:
        if path.suffix == GGUF and path.is_file():
            yield path.stem, path
        elif (path / CONFIG_FILE).is_file():
            yield path.name, path


def describe(path: Path) -> TransformerConfig:
    """What model a GGUF file or a folder holds; read again only when it has changed.

    Raises:
        CheckpointError: for one that this Transformer cannot be; it says why.
        TokenizerError: for another kind of vocabulary.
    """
    return _describe(path, stamp(path if path.suffix == GGUF else path / CONFIG_FILE))


@lru_cache(maxsize=256)
def _describe(path: Path, as_of: tuple[int, int]) -> TransformerConfig:
    return describe_gguf(path).config if path.suffix == GGUF else describe_hugging_face(path)


def load_published(path: Path) -> tuple[Transformer, Tokenizer]:
    """Model and tokenizer of a GGUF file or a folder.

    Raises:
        CheckpointError, TokenizerError: where one cannot be read; the message says why.
    """
    if path.suffix == GGUF:
        return load_gguf(path)
    return load_hugging_face(path), load_hugging_face_tokenizer(path)


def load_published_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer alone, which takes a tenth of the time.

    Raises:
        CheckpointError, TokenizerError: where it cannot be read; the message says why.
    """
    return load_gguf_tokenizer(path) if path.suffix == GGUF else load_hugging_face_tokenizer(path)
