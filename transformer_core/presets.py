"""Configurations by name: the models that are trained here, GPT-2 and Llama as they were published.

Sources: Radford et al. 2019 (GPT-2); arXiv 2307.09288 (Llama 2), 2407.21783 (Llama 3).
"""

from __future__ import annotations

from dataclasses import replace

from transformer_core.config import Constants, TransformerConfig

_GPT2 = TransformerConfig(
    vocab_size=50257,
    context_length=1024,
    d_model=768,
    n_layers=12,
    n_heads=12,
    n_kv_heads=12,
    d_ff=3072,
)
_LLAMA_2_7B = TransformerConfig(
    vocab_size=32000,
    context_length=4096,
    d_model=4096,
    n_layers=32,
    n_heads=32,
    n_kv_heads=32,
    d_ff=11008,
    position="rope",
    norm="rms_norm",
    activation="swiglu",
    bias=False,
    tied_embeddings=False,
)

PRESETS: dict[str, TransformerConfig] = {
    "fable-classic": TransformerConfig(
        vocab_size=4096,
        context_length=256,
        d_model=192,
        n_layers=6,
        n_heads=6,
        n_kv_heads=6,
        d_ff=768,
    ),
    "fable-modern": TransformerConfig(
        vocab_size=4096,
        context_length=256,
        d_model=192,
        n_layers=6,
        n_heads=6,
        n_kv_heads=2,
        d_ff=576,
        position="rope",
        norm="rms_norm",
        activation="swiglu",
        bias=False,
    ),
    "fable-tiny": TransformerConfig(
        vocab_size=4096,
        context_length=256,
        d_model=96,
        n_layers=4,
        n_heads=4,
        n_kv_heads=4,
        d_ff=384,
    ),
    "gpt2": _GPT2,
    "gpt2-medium": replace(_GPT2, n_layers=24, d_model=1024, n_heads=16, n_kv_heads=16, d_ff=4096),
    "gpt2-large": replace(_GPT2, n_layers=36, d_model=1280, n_heads=20, n_kv_heads=20, d_ff=5120),
    "gpt2-xl": replace(_GPT2, n_layers=48, d_model=1600, n_heads=25, n_kv_heads=25, d_ff=6400),
    "llama-2-7b": _LLAMA_2_7B,
    "llama-2-13b": replace(
        _LLAMA_2_7B, n_layers=40, d_model=5120, n_heads=40, n_kv_heads=40, d_ff=13824
    ),
    "llama-2-70b": replace(
        _LLAMA_2_7B, n_layers=80, d_model=8192, n_heads=64, n_kv_heads=8, d_ff=28672
    ),
    "llama-3-8b": replace(
        _LLAMA_2_7B,
        vocab_size=128256,
        context_length=8192,
        n_kv_heads=8,
        d_ff=14336,
        constants=Constants(rope_base=500_000.0),
    ),
}
