"""How published vocabularies cut the app's example texts, for machines that lack their files.

`python -m transformer_core.lens.recorded_cuts [text ...]` cuts the recorded texts again, and any
that are named, with the vocabularies in tiktoken's cache folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformer_core.lens.text_cuts import TextCut, cut_by
from transformer_core.published.tiktoken_files import available_encodings, load_tiktoken
from transformer_core.shipped_vocabulary import SHIPPED_VOCABULARY

RECORD = SHIPPED_VOCABULARY.with_name("published_cuts.json")
COMMAND = "python -m transformer_core.lens.recorded_cuts"


def recorded_cut(name: str, text: str) -> TextCut | None:
    """The recorded cut of a text by a published vocabulary; None for a text that is not there."""
    vocabulary = _read(RECORD).get("vocabularies", {}).get(name, {})
    if text not in vocabulary.get("cuts", {}):
        return None
    pieces, ids = vocabulary["cuts"][text]
    return TextCut(vocabulary["size"], tuple(pieces), tuple(ids))


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def record(texts: Sequence[str], path: Path = RECORD) -> None:
    """Cut the texts with every published vocabulary and write the cuts down.

    Raises:
        TokenizerError: where one of the vocabularies is not on this machine.
    """
    vocabularies = {}
    for name in available_encodings():
        tokenizer = load_tiktoken(name)
        cuts = {text: cut_by(tokenizer, text) for text in texts}
        vocabularies[name] = {
            "size": tokenizer.n_vocab,
            "cuts": {text: (cut.pieces, cut.token_ids) for text, cut in cuts.items()},
        }
    made = {"command": COMMAND, "tiktoken": version("tiktoken"), "vocabularies": vocabularies}
    path.write_text(json.dumps(made, ensure_ascii=False, indent=0) + "\n", "utf-8")


def texts_on_record() -> list[str]:
    """The texts that have been recorded so far."""
    vocabularies = _read(RECORD).get("vocabularies", {})
    return list(next(iter(vocabularies.values()))["cuts"]) if vocabularies else []


if __name__ == "__main__":
    record([*dict.fromkeys([*texts_on_record(), *sys.argv[1:]])])
