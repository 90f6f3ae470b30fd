"""The same text in fewer, shorter tokens: what small trainings learn from.

Byte pair encoding applies its merges in the order in which they were learnt, so undoing the later
ones gives exactly the tokens of a smaller vocabulary.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from transformer_core.shipped_vocabulary import read_vocabulary
from transformer_core.training.corpus import INDEX, read_index


@cache
def smaller_ids(n_vocab: int) -> tuple[tuple[int, ...], ...]:
    """What each shipped id becomes with `n_vocab` ids: 256 bytes, the first merges, end of text."""
    ids: dict[bytes, tuple[int, ...]] = {bytes([i]): (i,) for i in range(256)}
    for merge in read_vocabulary().merges:
        kept = merge.rank < n_vocab - 1
        ids[merge.merged] = (merge.rank,) if kept else ids[merge.left] + ids[merge.right]
    return (*ids.values(), (n_vocab - 1,))


def undo_merges(tokens: np.ndarray, n_vocab: int) -> np.ndarray:
    """Shipped ids [n_tokens] as ids of the smaller vocabulary, [at least as many]."""
    table = smaller_ids(n_vocab)
    lengths = np.array([len(ids) for ids in table])
    flat = np.array([i for ids in table for i in ids], dtype="<u2")
    counts = lengths[tokens]
    starts = (np.cumsum(lengths) - lengths)[tokens]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return flat[np.repeat(starts, counts) + within]


def with_smaller_vocabulary(tokens_folder: Path, n_vocab: int) -> Path:
    """A token folder like the given one with `n_vocab` ids, made inside it when first asked for.

    Raises:
        CorpusError: the folder holds no prepared text.
    """
    whole = read_index(tokens_folder)
    folder = tokens_folder / f"{n_vocab}_ids"
    if (folder / INDEX).exists() and read_index(folder)["made_from"] == whole:
        return folder
    index = json.loads(json.dumps(whole)) | {
        "n_vocab": n_vocab,
        "end_of_text": n_vocab - 1,
        "made_from": whole,
    }
    with tempfile.TemporaryDirectory(dir=tokens_folder) as made:
        for entry in (entry for parts in index["sources"].values() for entry in parts.values()):
            tokens = undo_merges(np.fromfile(tokens_folder / entry["file"], dtype="<u2"), n_vocab)
            tokens.tofile(Path(made) / entry["file"])
            entry["tokens"] = len(tokens)
        (Path(made) / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder
