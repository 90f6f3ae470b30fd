"""How large an embedding matrix is, and how much of the whole model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EmbeddingSize:
    """vocab_size x d_model numbers of a model with so many parameters in all."""

    name: str
    vocab_size: int
    d_model: int
    model_parameters: int

    @property
    def parameters(self) -> int:
        """V d."""
        return self.vocab_size * self.d_model

    @property
    def share(self) -> float:
        """Of all parameters, from 0 to 1."""
        return self.parameters / self.model_parameters

    @property
    def float32_bytes(self) -> int:
        """4 V d."""
        return 4 * self.parameters


def gpt_parameters(vocab_size: int, context_length: int, d_model: int, n_layers: int) -> int:
    """V d + T d + L (12 d^2 + 13 d) + 2 d: GPT-2's shape, biases counted, embeddings tied."""
    block = 12 * d_model**2 + 13 * d_model
    return (vocab_size + context_length + 2) * d_model + n_layers * block


def _gpt(name: str, context_length: int, d_model: int, n_layers: int) -> EmbeddingSize:
    vocab_size = 50_257
    total = gpt_parameters(vocab_size, context_length, d_model, n_layers)
    return EmbeddingSize(name, vocab_size, d_model, total)


# Shapes: GPT-2 as released with Radford et al. 2019; GPT-3: arXiv 2005.14165, table 2.1.
PUBLISHED = (
    _gpt("GPT-2 small", 1_024, 768, 12),
    _gpt("GPT-2 XL", 1_024, 1_600, 48),
    _gpt("GPT-3", 2_048, 12_288, 96),
)
