"""The vocabularies that tiktoken publishes, from its cache folder and never from the network."""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

import tiktoken

from transformer_core.tokenizer import TiktokenEncoding, Tokenizer, TokenizerError

_HOST = "https://openaipublic.blob.core.windows.net"
# By vocabulary, the address of each file and its SHA-256.
_FILES = {
    "gpt2": {
        "gpt-2/encodings/main/vocab.bpe": (
            "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"
        ),
        "gpt-2/encodings/main/encoder.json": (
            "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783"
        ),
    },
    "cl100k_base": {
        "encodings/cl100k_base.tiktoken": (
            "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
        ),
    },
    "o200k_base": {
        "encodings/o200k_base.tiktoken": (
            "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
        ),
    },
}


def available_encodings() -> dict[str, Path | None]:
    """Where each published vocabulary lies in tiktoken's cache folder, None if it does not.

    A damaged file counts as absent: tiktoken would delete it and fetch it again.
    """
    return {name: _cached_file(name) for name in _FILES}


def _cached_file(name: str) -> Path | None:
    paths = _cached_paths(name)
    intact = all(
        path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected
        for path, expected in zip(paths, _FILES[name].values(), strict=True)
    )
    return paths[0] if intact else None


def _cached_paths(name: str) -> list[Path]:
    urls = [f"{_HOST}/{file}" for file in _FILES[name]]
    return [_cache_folder() / hashlib.sha1(url.encode()).hexdigest() for url in urls]


def _cache_folder() -> Path:
    default = Path(tempfile.gettempdir()) / "data-gym-cache"
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable])
    return default


@cache
def load_tiktoken(name: str) -> Tokenizer:
    """A published vocabulary from tiktoken's cache folder, never from the network."""
    if name not in _FILES or _cached_file(name) is None:
        raise TokenizerError(
            f"The vocabulary {name} is not on this machine: "
            "put its file into the folder that TIKTOKEN_CACHE_DIR names."
        )
    return Tokenizer(TiktokenEncoding(tiktoken.get_encoding(name)))
