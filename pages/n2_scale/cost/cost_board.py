"""The Cost lesson's pictures: arithmetic, score matrices and caches of known shapes, at any length.

The browser gets each part's cost for one token, or one pair of tokens, and multiplies.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from transformer_core.config import TransformerConfig
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.costs import crossover, forward_flops, kv_cache_bytes, score_bytes
from transformer_core.laws.parameters import count_parameters
from ui.models import load
from ui.serving.component import component
from ui.state import Reader


def show_cost_board(reader: Reader, length: str) -> None:
    """`length` is the number of tokens in the address, as it stands there."""
    loaded = load(reader.model_name)
    shown = [_costs(loaded.title, loaded.config, "this model"), *_published()]
    n = int(length) if length.isascii() and length.isdigit() and len(length) < 8 else 0
    component(__file__)(
        key="cost-board",
        data={
            "model": loaded.name,
            "tokens": len(reader.token_ids),
            "n": min(max(n, 1), 1 << 20) if n else len(reader.token_ids),
            "shapes": shown,
        },
    )


@cache
def _published() -> tuple[dict[str, Any], ...]:
    return tuple(_costs(each.title, each.config, each.source) for each in ARCHITECTURES)


@cache
def _costs(title: str, config: TransformerConfig, source: str) -> dict[str, Any]:
    return {
        "title": title,
        "source": source,
        "flops": vars(forward_flops(config, 1)),
        "crossover": crossover(config),
        "score_bytes": score_bytes(config, 1),
        "cache_numbers_per_head": kv_cache_bytes(config, 1, bytes_per_number=1, n_kv_heads=1),
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "n_heads": config.n_heads,
        "n_kv_heads": config.n_kv_heads,
        "d_head": config.d_head,
        "context_length": config.context_length,
        "parameters": count_parameters(config).total,
    }
