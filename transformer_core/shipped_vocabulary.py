"""The vocabulary of this project's own models: its file, checked, and its tokenizer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tiktoken

from transformer_core.bpe import Merge
from transformer_core.tokenizer import TiktokenEncoding, Tokenizer, TokenizerError

SHIPPED_VOCABULARY = Path(__file__).parents[1] / "assets" / "tokenizer" / "fable.json"
_REMEDY = "Restore it from the repository, or learn it: transformer_core.training.vocabulary."


@dataclass(frozen=True)
class Vocabulary:
    """A learnt vocabulary as its file records it; ``ranks`` maps each token's bytes to its id."""

    name: str
    pattern: str
    merges: tuple[Merge, ...]
    special_tokens: Mapping[str, int]
    learnt_from: tuple[Mapping[str, Any], ...]
    checksum: str

    @property
    def ranks(self) -> dict[bytes, int]:
        """256 bytes, then the merges in the order in which they were learnt."""
        return {bytes([i]): i for i in range(256)} | {m.merged: m.rank for m in self.merges}


@cache
def load_shipped() -> Tokenizer:
    """The vocabulary of this project's own models; TokenizerError if it cannot be read."""
    vocabulary = read_vocabulary(SHIPPED_VOCABULARY)
    encoding = tiktoken.Encoding(
        vocabulary.name,
        pat_str=vocabulary.pattern,
        mergeable_ranks=vocabulary.ranks,
        special_tokens=dict(vocabulary.special_tokens),
    )
    return Tokenizer(TiktokenEncoding(encoding), vocabulary.checksum)


def read_vocabulary(path: Path = SHIPPED_VOCABULARY) -> Vocabulary:
    """A vocabulary file, checked; TokenizerError if it is missing or damaged."""
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
        checksum = vocabulary_checksum(recorded)
        merges = tuple(_merge(256 + place, *row) for place, row in enumerate(recorded["merges"]))
        vocabulary = Vocabulary(
            recorded["name"],
            recorded["pattern"],
            merges,
            recorded["special_tokens"],
            tuple(recorded["learnt_from"]),
            recorded["sha256"],
        )
    except OSError as error:
        raise TokenizerError(
            f"The vocabulary file {path.name} cannot be read. {_REMEDY}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise TokenizerError(f"The vocabulary file {path.name} is damaged. {_REMEDY}") from error
    if checksum != vocabulary.checksum:
        raise TokenizerError(
            f"The vocabulary file {path.name} does not fit its checksum. {_REMEDY}"
        )
    return vocabulary


def _merge(rank: int, left: str, right: str, count: int) -> Merge:
    left_bytes, right_bytes = left.encode("latin-1"), right.encode("latin-1")
    return Merge(rank, left_bytes, right_bytes, left_bytes + right_bytes, count)


def vocabulary_checksum(vocabulary: Mapping[str, Any]) -> str:
    """SHA-256 of everything that decides how a text is cut into tokens."""
    deciding = [vocabulary[key] for key in ("pattern", "special_tokens", "merges")]
    return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()
