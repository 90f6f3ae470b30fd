"""The smallest models that tell every variant from every other."""

from itertools import product

import torch

from transformer_core.config import (
    ACTIVATION_NAMES,
    BLOCK_NAMES,
    NORM_NAMES,
    POSITION_NAMES,
    TransformerConfig,
)

N_HEADS = 4


def config(**changes) -> TransformerConfig:
    values = {
        "vocab_size": 19,
        "context_length": 12,
        "d_model": 16,
        "n_layers": 2,
        "n_heads": N_HEADS,
        "n_kv_heads": N_HEADS,
        "d_ff": 24,
    }
    return TransformerConfig(**(values | changes))


def every_config() -> list[TransformerConfig]:
    """Position x norm x block x activation x (multi-head, grouped, multi-query) x bias."""
    variants = product(
        POSITION_NAMES, NORM_NAMES, BLOCK_NAMES, ACTIVATION_NAMES, (N_HEADS, 2, 1), (True, False)
    )
    return [
        config(
            position=position,
            norm=norm,
            block=block,
            activation=activation,
            n_kv_heads=n_kv_heads,
            bias=bias,
        )
        for position, norm, block, activation, n_kv_heads, bias in variants
    ]


def variant_name(config: TransformerConfig) -> str:
    bias = "bias" if config.bias else "no_bias"
    return (
        f"{config.position}-{config.norm}-{config.block}-{config.activation}"
        f"-kv{config.n_kv_heads}-{bias}"
    )


def filled(module, seed: int = 0):
    """Every parameter random, biases and gains too, so that none can be forgotten unseen."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0.3 if parameter.ndim == 1 else 0.0, 0.3, generator=generator)
    return module.eval().requires_grad_(False)


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def token_ids(batch: int, n: int, vocab_size: int = 19, seed: int = 0) -> torch.Tensor:
    return torch.randint(vocab_size, (batch, n), generator=torch.Generator().manual_seed(seed))
