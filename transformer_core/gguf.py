"""GGUF files of the GPT-2 and Llama families, quantised or not, as our Transformer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import gcd, prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from gguf.quants import dequantize
from torch import Tensor

from transformer_core.checkpoints import CheckpointError, StoredWeight, build
from transformer_core.config import TransformerConfig
from transformer_core.published.gguf_config import config_of
from transformer_core.published.gguf_header import (
    REMEDY,
    GGUFHeader,
    StoredTensor,
    opened,
    read_header,
)
from transformer_core.published.gguf_tokenizer import tokenizer_of, way_of_words
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer

# Kinds that hold no weights, or that the package does not decode.
UNREADABLE = {"I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K", "Q1_0"}
_LAYER = re.compile(r"blk\.(\d+)\.(\w+)\.(weight|bias)")
_WHOLE = {
    "token_embd.weight": "embedding",
    "position_embd.weight": "position.table",
    "output_norm.weight": "final_norm.gain",
    "output_norm.bias": "final_norm.bias",
    "output.weight": "unembedding.weight",
}
_NORMS = {"attn_norm": "attention_norm", "ffn_norm": "feed_forward_norm"}
_MAPS = {
    "attn_q": "attention.q_proj",
    "attn_k": "attention.k_proj",
    "attn_v": "attention.v_proj",
    "attn_output": "attention.out_proj",
    "ffn_gate": "feed_forward.gate_proj",
    "ffn_up": "feed_forward.up_proj",
    "ffn_down": "feed_forward.down_proj",
}
_FACTORS, _MOST_FACTORS = "rope_freqs.weight", 1 << 12


@dataclass(frozen=True)
class GGUFDescription:
    """What a file says of its model, before any of its weights is read.

    n_bytes is the size of the file, n_parameters that of the model, kind the name of the numbers
    that most of them are stored as.
    """

    title: str
    licence: str | None
    config: TransformerConfig
    n_parameters: int
    n_bytes: int
    kind: str


def describe_gguf(path: Path) -> GGUFDescription:
    """Read the header only.

    Raises:
        CheckpointError: for a file that is no model which this Transformer can be; it says why.
        TokenizerError: for one with another kind of vocabulary.
    """
    with opened(path) as file:
        header = read_header(file)
        config = _config(path.name, header, file)
    way_of_words(header.values, path.name)
    kinds: Counter[str] = Counter()
    for tensor in header.tensors.values():
        kinds[tensor.kind.name] += prod(tensor.shape)
    title, licence = (header.values.get(f"general.{name}") for name in ("name", "license"))
    return GGUFDescription(
        title=str(title or path.stem),
        licence=None if licence is None else str(licence),
        config=config,
        n_parameters=sum(kinds.values()),
        n_bytes=header.n_bytes,
        kind=kinds.most_common(1)[0][0],
    )


def load_gguf(path: Path) -> tuple[Transformer, Tokenizer]:
    """Model and tokenizer of one file; its weights are decoded one at a time.

    Read, not mapped into memory: a file that somebody cuts short meanwhile is an error then, and
    not the end of the process.

    Raises:
        CheckpointError: for a file that is damaged, or no model that this Transformer can be.
        TokenizerError: for a vocabulary that is no byte-level one, or does not fit the model.
    """
    with opened(path) as file:
        header = read_header(file)
        config = _config(path.name, header, file)
        tokenizer = tokenizer_of(header.values, path.name, config.vocab_size)
        stored = {
            name: StoredWeight(tensor.shape, partial(_read, file, tensor))
            for name, tensor in header.tensors.items()
            if name != _FACTORS
        }
        weights = dict(pair for each in stored.items() for pair in _ours(*each, config))
        return build(config, weights, path.name, REMEDY), tokenizer


def load_gguf_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of one file, of which nothing but the header is read.

    Raises:
        CheckpointError: for a file that is damaged, or no model that this Transformer can be.
        TokenizerError: for a vocabulary that is no byte-level one, or does not fit the model.
    """
    with opened(path) as file:
        header = read_header(file)
        return tokenizer_of(header.values, path.name, _config(path.name, header, file).vocab_size)


def _config(file_name: str, header: GGUFHeader, file: BinaryIO) -> TransformerConfig:
    unreadable = {t.kind.name for t in header.tensors.values()} & UNREADABLE
    if unreadable:
        raise CheckpointError(
            f"{file_name} holds numbers of the kind {min(unreadable)}, which cannot be read here. "
            "Choose another quantisation of the model."
        )
    try:
        slowed = header.tensors.get(_FACTORS)
        if slowed and prod(slowed.shape) > _MOST_FACTORS:
            raise ValueError(f"{_FACTORS} has the shape {list(slowed.shape)}")
        return config_of(header, tuple(_read(file, slowed).tolist()) if slowed else ())
    except KeyError as error:
        raise CheckpointError(f"{file_name} lacks {error.args[0]}. {REMEDY}") from None
    except (ValueError, TypeError, ArithmeticError) as error:
        raise CheckpointError(f"{file_name} cannot be built here: {error}.") from None


def _read(file: BinaryIO, tensor: StoredTensor) -> Tensor:
    """Decode one tensor into 32-bit numbers.

    The package decodes sixteen rows at a time; with several in one it takes half as long.
    """
    file.seek(tensor.start)
    data = np.fromfile(file, np.uint8, tensor.n_bytes)
    if len(data) < tensor.n_bytes:
        raise ValueError("the file is shorter than before")
    n_rows = prod(tensor.shape[:-1])
    decoded = dequantize(data.reshape(n_rows // gcd(n_rows, 16), -1), tensor.kind)
    return torch.from_numpy(decoded).view(tensor.shape)


def _ours(
    name: str, weight: StoredWeight, config: TransformerConfig
) -> Iterator[tuple[str, StoredWeight]]:
    """By our name, and with our shape: the file has [d_out, d_in], and GPT-2's q, k, v in one."""
    found = _LAYER.fullmatch(name)
    if not found:
        whole = _WHOLE.get(name, name)
        yield whole, weight.transposed() if whole == "unembedding.weight" else weight
        return
    layer, part, kind = found.groups()
    if part in _NORMS:
        yield f"blocks.{layer}.{_NORMS[part]}.{'gain' if kind == 'weight' else kind}", weight
    elif part == "attn_qkv":
        for place, letter in enumerate("qkv"):
            third = weight.then(partial(_third, place)).transposed()
            yield f"blocks.{layer}.attention.{letter}_proj.{kind}", third
    else:
        heads = {"attn_q": config.n_heads, "attn_k": config.n_kv_heads}
        if config.position == "rope" and part in heads:
            weight = weight.then(partial(_halves, heads[part]))
        yield f"blocks.{layer}.{_MAPS.get(part, part)}.{kind}", weight.transposed()


def _halves(n_heads: int, weight: Tensor) -> Tensor:
    """Rows of each head from GGUF's order, in which pairs that turn together are neighbours.

    Ours is Llama's: the first of each pair, then the second. A wrong number of rows stays as it is
    and is refused with its shape.
    """
    n_rows = len(weight)
    if n_rows % (2 * n_heads):
        return weight
    pairs = weight.unflatten(0, (n_heads, n_rows // n_heads // 2, 2))
    return pairs.transpose(1, 2).flatten(0, 2)


def _third(place: int, weight: Tensor) -> Tensor:
    return weight.tensor_split(3)[place]
