"""What a recurrent layer keeps of a text, however long it is: numbers of its state."""

from __future__ import annotations

EXPANSION, STATE, KERNEL = 2, 16, 4  # Mamba's own (Gu and Dao 2023, arXiv 2312.00752, 3.4)


def lstm_numbers(d_model: int, n_layers: int) -> int:
    """Cell and state of every layer, each of d_model numbers."""
    return 2 * d_model * n_layers


def mamba_numbers(d_model: int, n_layers: int) -> int:
    """Of every layer: STATE numbers for each channel, and what its short convolution still reads.

    It has EXPANSION d_model channels, and reads KERNEL - 1 earlier tokens of each.
    """
    return EXPANSION * d_model * (STATE + KERNEL - 1) * n_layers


def attention_layers(n_layers: int) -> int:
    """Of a hybrid with one attention layer for seven of Mamba (Jamba: Lieber et al. 2024)."""
    return max(1, round(n_layers / 8))
