"""Positional schemes: how a Transformer knows the order of its tokens.

Each scheme acts at one of three places and leaves the other two alone: it adds to the embedding
(`embed`), turns queries and keys (`rotate`), or adds to the scores (`bias`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from transformer_core.config import TransformerConfig

MOST_KEPT = 8192  # positions whose angles are kept: of 131,072 they would take 134 MB


class NoPosition(nn.Module):
    """No position at all: only the causal mask tells the order (arXiv 2305.19466)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()

    def embed(self, x: Tensor, start: int = 0) -> Tensor:
        """Token embeddings [..., position, d_model]; the first one stands at `start`."""
        return x

    def rotate(self, heads: Tensor, start: int = 0) -> Tensor:
        """Queries or keys [batch, head, position, d_head]; the first one stands at `start`."""
        return heads

    def bias(self, n_query: int, n_key: int) -> Tensor | None:
        """What is added to the scores [head, query, key]; the last query stands at the last key."""
        return None


class LearnedPosition(NoPosition):
    """x + table[position], the table trained with the rest (GPT-2).

    Raises:
        ValueError: for a position beyond the table, which has `context_length` rows.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        self.table = nn.Parameter(torch.empty(config.context_length, config.d_model))

    def embed(self, x: Tensor, start: int = 0) -> Tensor:
        """Add the row of each position."""
        end = start + x.shape[-2]
        if end > len(self.table):
            raise ValueError(
                f"{end} tokens, but the learned position table ends at {len(self.table)}; "
                "shorten the text or choose a model with a longer context"
            )
        return x + self.table[start:end]


class SinusoidalPosition(NoPosition):
    """x + (sin(p / 10000^(2i/d)), cos(p / 10000^(2i/d))), interleaved (arXiv 1706.03762, 3.5)."""

    def embed(self, x: Tensor, start: int = 0) -> Tensor:
        """Add the waves of each position."""
        return x + sinusoidal_table(start, start + x.shape[-2], x.shape[-1]).to(x)


class RotaryPosition(NoPosition):
    """RoPE: coordinates i and i + d_head/2 turn by p / base^(2i/d_head) (arXiv 2104.09864, eq. 34).

    The pairing of halves is Llama's; the paper pairs neighbours, which differs by a fixed
    permutation of the columns of W_Q and W_K. The angles of the first positions are kept.
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        self.frequencies = rotary_frequencies(config)
        n_kept = min(config.context_length, MOST_KEPT)
        cos, sin = rotary_tables(0, n_kept, self.frequencies)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def rotate(self, heads: Tensor, start: int = 0) -> Tensor:
        """Turn each pair of coordinates by its position's angle."""
        end = start + heads.shape[2]
        if end <= len(self.cos):
            cos, sin = self.cos[start:end], self.sin[start:end]
        else:
            cos, sin = rotary_tables(start, end, self.frequencies)
            cos, sin = cos.to(heads), sin.to(heads)
        return heads * cos + heads.roll(heads.shape[3] // 2, dims=3) * sin


class AlibiPosition(NoPosition):
    """ALiBi: score - slope_h * distance, slope_h = 2^(-8h/n_heads) (arXiv 2108.12409, 3)."""

    slopes: Tensor

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        self.register_buffer("slopes", alibi_slopes(config.n_heads), persistent=False)

    def bias(self, n_query: int, n_key: int) -> Tensor | None:
        """Minus slope times distance; symmetric, so that it also serves without a causal mask."""
        keys = torch.arange(n_key, device=self.slopes.device)
        distance = (keys[-n_query:, None] - keys[None, :]).abs()
        return -self.slopes[:, None, None] * distance


def sinusoidal_table(start: int, end: int, d_model: int) -> Tensor:
    """Rows `start` to `end` of the sinusoidal table, [position, d_model]."""
    positions = torch.arange(start, end, dtype=torch.float32)[:, None]
    frequencies = 10_000 ** (-torch.arange(0, d_model, 2, dtype=torch.float32) / d_model)
    angles = positions * frequencies
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


def rotary_frequencies(config: TransformerConfig) -> Tensor:
    """Radians per position of each pair, base^(-2i/d_head) / factor_i, [pair]."""
    d_head, factors = config.d_head, config.constants.rope_factors
    frequencies = config.rope_base ** (-torch.arange(0, d_head, 2, dtype=torch.float32) / d_head)
    return frequencies / torch.tensor(factors) if factors else frequencies


def rotary_tables(start: int, end: int, frequencies: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines of rows `start` to `end`, each [position, d_head].

    The sines of the first half are negative: with them, rolling by half a head and multiplying is
    the rotation.
    """
    angles = torch.arange(start, end, dtype=torch.float32)[:, None] * frequencies
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), dim=1), torch.cat((-sin, sin), dim=1)


def alibi_slopes(n_heads: int) -> Tensor:
    """One slope per head, [head]: 2^(-8/n), 2^(-16/n), ... for n a power of two.

    Other head counts take the slopes of the power of two below and every second slope of the one
    above, as the authors' code does.
    """
    power = 2 ** (n_heads.bit_length() - 1)
    slopes = [2 ** (-8 * (h + 1) / power) for h in range(power)]
    between = [2 ** (-4 * (h + 1) / power) for h in range(0, 2 * (n_heads - power), 2)]
    return torch.tensor(slopes + between)


POSITIONS: dict[str, type[NoPosition]] = {
    "none": NoPosition,
    "sinusoidal": SinusoidalPosition,
    "learned": LearnedPosition,
    "rope": RotaryPosition,
    "alibi": AlibiPosition,
}
