"""The smallest models that tell every variant from every other."""

from dataclasses import fields
from itertools import product

import torch

from transformer_core.config import (
    ACTIVATION_NAMES,
    BLOCK_NAMES,
    NORM_NAMES,
    POSITION_NAMES,
    SUBLAYERS,
    Constants,
    TransformerConfig,
)

N_HEADS = 4
CONSTANTS = [each.name for each in fields(Constants)]


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
    values |= changes
    constants = {name: values.pop(name) for name in CONSTANTS if name in values}
    return TransformerConfig(**values, constants=Constants(**constants))


def every_config() -> list[TransformerConfig]:
    """Position x norm x block x activation x (multi-head, grouped, multi-query) x bias.

    And what some published models have: wider heads, biases in one sublayer, slower pairs.
    """
    variants = product(
        POSITION_NAMES, NORM_NAMES, BLOCK_NAMES, ACTIVATION_NAMES, (N_HEADS, 2, 1), (True, False)
    )
    some = [
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
    for position, bias in product(POSITION_NAMES, SUBLAYERS):
        some.append(config(position=position, n_kv_heads=2, bias=bias, head_width=6))
    return [*some, config(position="rope", rope_factors=(1.0, 7.5))]


def variant_name(config: TransformerConfig) -> str:
    bias = {True: "bias", False: "no_bias"}.get(config.bias, config.bias)
    slowed = "-slowed" if config.constants.rope_factors else ""
    return (
        f"{config.position}-{config.norm}-{config.block}-{config.activation}"
        f"-kv{config.n_kv_heads}-{bias}-d{config.d_head}{slowed}"
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
