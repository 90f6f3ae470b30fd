"""Count the tokens and pairs that a model learnt from.

``python -m transformer_core.training.pair_counts TOKENS_FOLDER --out assets/models/NAME`` writes
pairs.safetensors and pairs.json: each source with its weight in the training, without the made-up
repeats; and what both statistics lose on held-out text, in nats per token.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from transformer_core.lens.pair_statistics import (
    PairStatistics,
    count_pairs,
    load_pairs,
    save_pairs,
)
from transformer_core.records.json_file import RecordError, write_record
from transformer_core.training.__main__ import weights_of
from transformer_core.training.corpus import CorpusError, held_out, read_index

KEPT = 300_000  # of about 1.2 million pairs
HELD_OUT = 16_384  # tokens of each source, as for the model's own losses


def count_folder(tokens_folder: Path) -> PairStatistics:
    """Of what `training.corpus` prepared."""
    index, weights = read_index(tokens_folder), weights_of(tokens_folder)
    total = sum(weights.values())
    sources = (
        (_ids(tokens_folder / index["sources"][source]["train"]["file"]), weight / total)
        for source, weight in weights.items()
    )
    return count_pairs(sources, index["n_vocab"], KEPT)


def _ids(file: Path) -> Tensor:
    return torch.from_numpy(np.fromfile(file, dtype="<u2").astype(np.int64))


def losses(pairs: PairStatistics, ids: Tensor) -> dict[str, float]:
    """Nats per token of all but the first."""
    bigram = torch.stack([pairs.bigram(int(i))[after] for i, after in pairwise(ids)])
    return {
        "unigram": round(-float(pairs.unigram[ids[1:]].log().mean()), 4),
        "bigram": round(-float(bigram.log().mean()), 4),
    }


def record(pairs: PairStatistics, tokens_folder: Path) -> dict[str, Any]:
    """What pairs.json holds."""
    texts = {source: held_out(tokens_folder, source).tokens for source in weights_of(tokens_folder)}
    return {
        "command": "python -m transformer_core.training.pair_counts TOKENS_FOLDER --out FOLDER",
        "weights": weights_of(tokens_folder),
        "pairs": len(pairs.follower),
        "held_out": {
            source: losses(pairs, torch.from_numpy(text[: HELD_OUT + 1].astype(np.int64)))
            for source, text in texts.items()
        },
    }


def main() -> None:
    """Read the command line and count; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tokens_folder", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    options = parser.parse_args()
    file = options.out / "pairs.safetensors"
    try:
        save_pairs(count_folder(options.tokens_folder), file)
        write_record(options.out / "pairs.json", record(load_pairs(file), options.tokens_folder))
    except (CorpusError, RecordError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
