"""Published models: how large, and trained on how many tokens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedModel:
    """Parameters and training tokens as the paper states them."""

    name: str
    n_parameters: float
    n_tokens: float
    source: str


PUBLISHED: tuple[PublishedModel, ...] = (
    PublishedModel("GPT-3", 175e9, 300e9, "Brown et al. 2020, arXiv 2005.14165"),
    PublishedModel("Gopher", 280e9, 300e9, "Rae et al. 2021, arXiv 2112.11446"),
    PublishedModel("Chinchilla", 70e9, 1.4e12, "Hoffmann et al. 2022, arXiv 2203.15556"),
    PublishedModel("Llama 2 7B", 6.74e9, 2e12, "Touvron et al. 2023, arXiv 2307.09288"),
    PublishedModel("Llama 2 70B", 69e9, 2e12, "Touvron et al. 2023, arXiv 2307.09288"),
    PublishedModel("Llama 3 8B", 8.03e9, 15e12, "Grattafiori et al. 2024, arXiv 2407.21783"),
    PublishedModel("Llama 3.1 405B", 405e9, 15.6e12, "Grattafiori et al. 2024, arXiv 2407.21783"),
    PublishedModel("SmolLM2 135M", 134.5e6, 2e12, "Allal et al. 2025, arXiv 2502.02737"),
)

CHINCHILLA_FLOPS = 5.76e23  # Gopher's budget, which Chinchilla was to spend better (table 3)
TOKENS_PER_PARAMETER = 20  # what approaches 1 and 2 of the Chinchilla paper come to
