"""Measure the head roles of a published model, and say of which file and how.

``python -m transformer_core.training.published_roles TEXT_FILE --out assets/models/NAME`` writes
head_roles.json for the model that comes in a package; ``--model`` names another file or folder.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core.checkpoints import CheckpointError
from transformer_core.downloads import PACKAGE, find_packaged
from transformer_core.published.local_models import load_published
from transformer_core.records.json_file import RecordError, write_record
from transformer_core.tokenizer import Tokenizer, TokenizerError
from transformer_core.training.measurements import head_roles_record

WINDOW = 128  # tokens, as the models of this project are measured


def windows_of(text: str, tokenizer: Tokenizer) -> Tensor:
    """As many windows as cover a text, the last ones overlapping: int64 [window, 128]."""
    ids = torch.tensor(tokenizer.encode(text))
    starts = torch.linspace(0, len(ids) - WINDOW, -(-len(ids) // WINDOW)).round().int().tolist()
    return torch.stack([ids[start : start + WINDOW] for start in starts])


def published_record(path: Path, text_file: Path) -> dict[str, Any]:
    """The scores of a model in one file, with the file's hash: they hold for these weights alone.

    Raises:
        CheckpointError, TokenizerError, OSError: where model or text cannot be read.
    """
    model, tokenizer = load_published(path)
    text = windows_of(text_file.read_text("utf-8"), tokenizer)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    made = head_roles_record(model, tokenizer, text, f"of {text_file.name}")
    return {
        "file": path.name,
        "sha256": sha256,
        "command": f"python -m transformer_core.training.published_roles {text_file} --out FOLDER",
        "read": "everyday sentences",
    } | made


def main() -> None:
    """Read the command line and measure; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text_file", type=Path, help="text of at least 128 tokens")
    parser.add_argument("--model", type=Path, default=find_packaged(), help="GGUF file")
    parser.add_argument("--out", type=Path, required=True, help="folder named as the model")
    options = parser.parse_args()
    if options.model is None:
        parser.exit(1, f"The package {PACKAGE} is not here, so --model must name a file.\n")
    try:
        record = published_record(options.model, options.text_file)
        write_record(options.out / "head_roles.json", record)
    except (CheckpointError, TokenizerError, RecordError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
