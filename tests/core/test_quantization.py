"""8-bit weights: how far off they may be, and that they are off by no more."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from transformer_core.config import TransformerConfig
from transformer_core.fast.decoding import Decoder
from transformer_core.fast.quantization import (
    HAS_VNNI,
    QuantizedLinear,
    quantize,
    with_8_bit_weights,
)
from transformer_core.generation import GenerationStep, Sampling, generate
from transformer_core.linear import Linear
from transformer_core.transformer import Transformer

ROOT = Path(__file__).parents[2]
CLASSIC = TransformerConfig(
    vocab_size=101, context_length=32, d_model=64, n_layers=3, n_heads=4, n_kv_heads=4, d_ff=128
)
CONFIGS = {
    "classic": CLASSIC,
    "modern": replace(
        CLASSIC, n_kv_heads=2, position="rope", norm="rms_norm", activation="swiglu", bias=False
    ),
    "untied": replace(CLASSIC, position="alibi", tied_embeddings=False),
}


LARGEST_WEIGHTS = {"no VNNI": 63} | ({"VNNI": 127} if HAS_VNNI else {})


@pytest.fixture(params=LARGEST_WEIGHTS, autouse=True)
def largest(request, monkeypatch):
    """The whole number of the largest weight, on both kinds of processor as far as this one can:
    VNNI's path gives sums that are cut off where there is none.
    """
    monkeypatch.setattr("transformer_core.fast.quantization.HAS_VNNI", request.param == "VNNI")
    return LARGEST_WEIGHTS[request.param]


@pytest.fixture(params=CONFIGS)
def model(request):
    model = Transformer(CONFIGS[request.param])
    model.initialise(0)
    return model.requires_grad_(False)


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(64,), (5, 64), (2, 3, 64), (0, 64)])
def test_the_rounded_product_stays_within_its_bound(bias, shape, largest):
    weight, offset = random(64, 48), random(48, seed=1) if bias else None
    x = random(*shape, seed=2)
    exact = x @ weight + (offset if bias else 0)
    approximate = QuantizedLinear(weight, offset)(x)
    assert approximate.shape == exact.shape
    # |x W - x' W'| <= sum |x - x'| |W| + |x'| |W - W'|, each entry off by half a scale at most.
    if x.numel():
        off_x = x.abs().amax(-1, keepdim=True) / 254
        off_weight = weight.abs().amax(0) / (2 * largest)
        bound = (
            off_x * weight.abs().sum(0) + (x.abs().sum(-1, keepdim=True) + 64 * off_x) * off_weight
        )
        assert ((approximate - exact).abs() <= bound + 1e-4).all()
        assert (approximate - exact).abs().max() > 1e-4  # rounding is seen


def test_whole_numbers_are_kept_and_zeros_stay_zeros(largest):
    rows = torch.tensor([[127.0, -3, 0], [0, 0, 0]])
    whole, scale = quantize(rows)
    assert whole.dtype == torch.int8
    torch.testing.assert_close(whole * scale, rows)
    x = torch.tensor([[127.0, -1], [0, 0]])
    weight = torch.tensor([[largest, 0, 5], [1, 0, -largest]], dtype=torch.float32)
    torch.testing.assert_close(QuantizedLinear(weight)(x), x @ weight)


def test_the_second_model_is_close_and_the_first_untouched(model):
    token_ids = torch.randint(101, (2, 20), generator=torch.Generator().manual_seed(3))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    exact, twin = model(token_ids), with_8_bit_weights(model)
    approximate = twin(token_ids)
    deviation = (approximate - exact).norm() / exact.norm()
    assert 1e-4 < deviation < 0.05
    assert not any(isinstance(module, Linear) for module in twin.modules())
    assert twin.embedding is model.embedding
    assert before.keys() == model.state_dict().keys()
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())


def test_trace_and_decoding_use_the_same_rounded_weights(model):
    twin = with_8_bit_weights(model)
    token_ids = [5, 17, 3, 88, 5, 9]
    logits = twin(torch.tensor([token_ids]))[0]
    traced = twin.trace(torch.tensor([token_ids])).logits[0]
    torch.testing.assert_close(traced, logits, atol=2e-2, rtol=0)
    decoder = Decoder(twin, 32)
    decoder.next_logits(token_ids[:4])
    for end in (5, 6):
        ours = decoder.next_logits(token_ids[end - 1 : end])
        torch.testing.assert_close(ours, logits[end - 1], atol=2e-2, rtol=0)


def test_it_generates(model):
    steps = list(generate(with_8_bit_weights(model), [1, 2, 3], Sampling(0), 10))
    assert len(steps) == 10
    assert all(isinstance(step, GenerationStep) for step in steps)


WITHOUT_VNNI = """
import torch
import transformer_core.fast.quantization as quantization
from transformer_core.fast.quantization import QuantizedLinear
quantization.HAS_VNNI = False
x = torch.full((3, 64), 127.0)
x[1] = -127
for weight in (torch.full((64, 48), 63.0), torch.full((64, 48), -63.0)):
    torch.testing.assert_close(QuantizedLinear(weight)(x), x @ weight)
"""


def test_no_sum_is_cut_off_where_products_are_added_in_pairs():
    """By oneDNN's own switch, a processor without VNNI: two products of bytes exceed 16 bits."""
    command = [sys.executable, "-c", WITHOUT_VNNI]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"})
