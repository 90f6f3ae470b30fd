"""The Cost lesson's pictures: arithmetic, score matrices and caches of known shapes, at any length.

The browser gets each part's cost for one token, or one pair of tokens, and multiplies.
"""

from __future__ import annotations

from functools import cache
from typing import TypedDict, cast

from transformer_core.config import TransformerConfig
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.costs import crossover, forward_flops, kv_cache_bytes, score_bytes
from transformer_core.laws.parameters import count_parameters
from ui.models import load
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.state import Reader

LONGEST = 1 << 20  # tokens


class PartFlops(TypedDict):
    """FLOP of one pass over one token, by part: `ForwardFlops`."""

    qkv: float
    scores: float
    mixing: float
    out_proj: float
    feed_forward: float
    unembedding: float


class ShapeCosts(TypedDict):
    """What one token, or one pair of tokens, costs in a shape.

    `note`: in what our count differs from the published model; `crossover`: tokens from which on
    attention costs more than the matrices; `score_bytes`: of one pair, in one layer;
    `cache_numbers_per_head`: of one token, in all layers.
    """

    title: str
    source: str
    note: str
    flops: PartFlops
    crossover: float
    score_bytes: float
    cache_numbers_per_head: float
    n_layers: int
    d_model: int
    n_heads: int
    n_kv_heads: int
    context_length: int
    parameters: int


class CostData(TypedDict):
    """Tokens of the reader's text, the length in the address; the model's shape comes first."""

    model: str
    tokens: int
    n: int
    shapes: list[ShapeCosts]


def show_cost_board(reader: Reader, length: str) -> None:
    """`length` is the number of tokens in the address, as it stands there."""
    component(__file__)(key="cost-board", data=describe_costs(reader, length))


def describe_costs(reader: Reader, length: str) -> CostData:
    """A length that makes no sense is that of the text."""
    loaded = load(reader.model_name)
    return {
        "model": loaded.name,
        "tokens": len(reader.token_ids),
        "n": min(whole_number(length) or 0, LONGEST) or len(reader.token_ids),
        "shapes": [_costs(loaded.title, loaded.config, "this model", ""), *_published()],
    }


@cache
def _published() -> tuple[ShapeCosts, ...]:
    return tuple(_costs(each.title, each.config, each.source, each.note) for each in ARCHITECTURES)


@cache
def _costs(title: str, config: TransformerConfig, source: str, note: str) -> ShapeCosts:
    return {
        "title": title,
        "source": source,
        "note": note,
        "flops": cast(PartFlops, vars(forward_flops(config, 1))),
        "crossover": crossover(config),
        "score_bytes": score_bytes(config, 1),
        "cache_numbers_per_head": kv_cache_bytes(config, 1, bytes_per_number=1, n_kv_heads=1),
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "n_heads": config.n_heads,
        "n_kv_heads": config.n_kv_heads,
        "context_length": config.context_length,
        "parameters": count_parameters(config).total,
    }
