"""Published models whose shapes the lessons compare with ours."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS


@dataclass(frozen=True)
class Architecture:
    """A published shape, where it is described, and in what our count differs from it."""

    title: str
    config: TransformerConfig
    source: str
    note: str = ""


_LLAMA_2, _LLAMA_3 = (
    "Touvron et al. 2023, arXiv 2307.09288",
    "Grattafiori et al. 2024, arXiv 2407.21783",
)

ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture("GPT-2 small", PRESETS["gpt2"], "Radford et al. 2019"),
    Architecture("GPT-2 XL", PRESETS["gpt2-xl"], "Radford et al. 2019"),
    Architecture(
        "GPT-3",
        replace(
            PRESETS["gpt2"],
            context_length=2048,
            d_model=12288,
            n_layers=96,
            n_heads=96,
            n_kv_heads=96,
            d_ff=4 * 12288,
        ),
        "Brown et al. 2020, arXiv 2005.14165, table 2.1",
        "GPT-3 alternates dense and locally banded attention layers. Here every layer is counted "
        "as dense, so its real scores and mixing cost less.",
    ),
    Architecture("Llama 2 7B", PRESETS["llama-2-7b"], _LLAMA_2),
    Architecture("Llama 2 70B", PRESETS["llama-2-70b"], _LLAMA_2),
    Architecture("Llama 3 8B", PRESETS["llama-3-8b"], _LLAMA_3),
    Architecture(
        "Llama 3.1 405B",
        replace(
            PRESETS["llama-3-8b"],
            context_length=131_072,
            d_model=16384,
            n_layers=126,
            n_heads=128,
            n_kv_heads=8,
            d_ff=53248,
        ),
        _LLAMA_3,
    ),
)
