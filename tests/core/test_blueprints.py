"""Counts on paper against published weights, `transformers` and our own modules, none allocated."""

from dataclasses import replace
from math import prod

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    DeepseekV3Config,
    DeepseekV3ForCausalLM,
    Gemma2Config,
    Gemma2ForCausalLM,
    GemmaConfig,
    GemmaForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    MixtralConfig,
    MixtralForCausalLM,
)

from tests.blueprints import BY_NAME, possible, published
from tests.core.variants import every_config
from tests.small_models import CONFIGS
from transformer_core.config import TransformerConfig
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.laws.blueprint import LIMITS, Blueprint, problem
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.costs import forward_flops, kv_cache_numbers, token_flops, training_flops
from transformer_core.laws.memory import activation_numbers, serving_memory, training_memory
from transformer_core.laws.parameters import count_active, count_parameters
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer

LLAMAS = [each.name for each in BLUEPRINTS if each.family in ("LLaMA", "SmolLM2")]
EXACT = {
    "gpt2": 124_439_808,
    "gpt2-medium": 354_823_168,
    "gpt2-large": 774_030_080,
    "gpt2-xl": 1_557_611_200,
    "llama-7b": 6_738_415_616,
    "llama-13b": 13_015_864_320,
    "llama-2-70b": 68_976_648_192,
    "llama-3-8b": 8_030_261_248,
    "llama-3-70b": 70_553_706_496,
    "llama-3.1-405b": 405_853_388_800,
    "llama-3.2-1b": 1_235_814_400,
    "llama-3.2-3b": 3_212_749_824,
    "mistral-7b": 7_241_732_096,
    "mixtral-8x7b": 46_702_792_704,
    "gemma-2b": 2_506_172_416,
    "gemma-7b": 8_537_680_896,
    "gemma-2-2b": 2_614_341_888,
    "gemma-2-9b": 9_241_705_984,
    "deepseek-v3": 671_026_419_200,
    "smollm2-135m": 134_515_008,
    "smollm2-360m": 361_821_120,
    "smollm2-1.7b": 1_711_376_384,
}


def common(plan: Blueprint) -> dict:
    return {
        "vocab_size": plan.vocab_size,
        "hidden_size": plan.d_model,
        "num_hidden_layers": plan.n_layers,
        "num_attention_heads": plan.n_heads,
        "num_key_value_heads": plan.n_kv_heads,
        "intermediate_size": plan.d_ff,
        "max_position_embeddings": plan.context_length,
        "tie_word_embeddings": plan.tied_embeddings,
    }


def oracle(family: str, plan: Blueprint):
    """The same shape in `transformers`, as a class and its configuration."""
    sizes, width = common(plan), {"head_dim": plan.d_head}
    experts = {"num_local_experts": plan.n_experts, "num_experts_per_tok": plan.n_active}
    if family in ("LLaMA", "SmolLM2"):
        return LlamaForCausalLM, LlamaConfig(**sizes, **width)
    if family == "Mistral" and plan.n_experts:
        wide = sizes | {"intermediate_size": plan.d_expert}
        return MixtralForCausalLM, MixtralConfig(**wide, **width, **experts)
    if family == "Mistral":
        return MistralForCausalLM, MistralConfig(
            **sizes, **width, sliding_window=plan.sliding_window
        )
    if family == "Gemma":
        two = plan.block == "both_norms"
        kind, config = (Gemma2ForCausalLM, Gemma2Config) if two else (GemmaForCausalLM, GemmaConfig)
        return kind, config(**sizes, **width)
    return DeepseekV3ForCausalLM, DeepseekV3Config(
        **sizes,
        q_lora_rank=plan.q_rank or None,
        kv_lora_rank=plan.kv_rank,
        qk_nope_head_dim=plan.d_head,
        qk_rope_head_dim=plan.rope_width,
        v_head_dim=plan.value_width,
        n_routed_experts=plan.n_experts or 1,
        num_experts_per_tok=plan.n_active,
        n_shared_experts=plan.n_shared,
        moe_intermediate_size=plan.d_expert,
        first_k_dense_replace=plan.n_dense_layers if plan.n_experts else plan.n_layers,
        n_group=1,
        topk_group=1,
    )


def tensors(model: torch.nn.Module) -> int:
    """Elements of all parameters, and of the router's bias, which is a buffer there."""
    router = sum(each.numel() for name, each in model.named_buffers() if "correction_bias" in name)
    return sum(each.numel() for each in model.parameters()) + router


@pytest.mark.parametrize("name", EXACT)
def test_published_weights_to_the_last_digit(name):
    assert count_parameters(BY_NAME[name]).total == EXACT[name] == published(name).exact


@pytest.mark.parametrize("each", BLUEPRINTS, ids=lambda each: each.name)
def test_what_is_stated_is_met(each):
    """In the digits that a paper gives; the first Transformer's differ by 3 %."""
    assert problem(each.plan) == ""
    number, unit = each.stated.split(",")[0].split()
    stated = float(number) * {"M": 1e6, "B": 1e9}[unit]
    assert count_parameters(each.plan).total == pytest.approx(stated, rel=0.075)
    assert each.name in EXACT or not each.exact or each.family == "LLaMA"


@pytest.mark.parametrize(
    ("name", "stated", "compute"),
    [
        *(("gpt3-small", 125, 2.25e20), ("gpt3-medium", 356, 6.41e20)),
        *(("gpt3-large", 760, 1.37e21), ("gpt3-xl", 1_320, 2.38e21)),
        *(("gpt3-2.7b", 2_650, 4.77e21), ("gpt3-6.7b", 6_660, 1.20e22)),
        *(("gpt3-13b", 12_850, 2.31e22), ("gpt3", 174_600, 3.14e23)),
    ],
)
def test_gpt_3_has_the_sizes_of_its_table_of_compute(name, stated, compute):
    """Brown et al. 2020, table D.1: millions of parameters; FLOP of training, as 6 N D."""
    total = count_parameters(BY_NAME[name]).total
    assert total / 1e6 == pytest.approx(stated, rel=4e-3)
    assert 6 * total * published(name).tokens == pytest.approx(compute, rel=6e-3)


def test_gpt_3_as_its_table_prints_it():
    plan = BY_NAME["gpt3"]
    printed = (plan.d_model, plan.n_layers, plan.d_ff, plan.n_heads, plan.context_length)
    assert printed == (12_288, 96, 49_152, 96, 2_048)
    assert plan.vocab_size == 50_257
    assert plan.d_head == 128
    assert training_flops(plan, 2048, 300e9) == pytest.approx(3.14e23, rel=0.04)


def test_active_parameters_as_stated():
    assert round(count_active(BY_NAME["mixtral-8x7b"]) / 1e9, 1) == 12.9
    deepseek = BY_NAME["deepseek-v3"]
    without_embedding = count_active(deepseek) - count_parameters(deepseek).embedding
    assert round(without_embedding / 1e9, 1) == 36.6  # the file that describes the weights
    assert count_active(BY_NAME["gpt2"]) == count_parameters(BY_NAME["gpt2"]).total


@pytest.mark.parametrize(
    "each",
    [each for each in BLUEPRINTS if each.family not in ("2017", "GPT-2", "GPT-3")],
    ids=lambda each: each.name,
)
def test_transformers_has_as_many_tensors(each):
    kind, config = oracle(each.family, each.plan)
    with torch.device("meta"):
        model = kind(config)
    assert tensors(model) == count_parameters(each.plan).total


@pytest.mark.parametrize("name", ["gpt2", "gpt2-xl", "gpt3-medium"])
def test_gpt_2_of_transformers(name):
    plan = BY_NAME[name]
    with torch.device("meta"):
        model = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=plan.vocab_size,
                n_positions=plan.context_length,
                n_embd=plan.d_model,
                n_layer=plan.n_layers,
                n_head=plan.n_heads,
            )
        )
    assert tensors(model) == count_parameters(plan).total


@given(data=some.data())
@settings(max_examples=25)
def test_experts_and_latent_attention_of_any_size(data):
    def pick(low: int, high: int) -> int:
        return data.draw(some.integers(low, high))

    layers, experts = pick(1, 4), pick(1, 6)
    plan = replace(
        BY_NAME["deepseek-v3"],
        **{"vocab_size": pick(2, 90), "d_model": 4 * pick(1, 9), "n_layers": layers},
        **{"n_heads": 4, "n_kv_heads": 4, "head_width": 2 * pick(1, 5), "d_ff": pick(1, 40)},
        **{"q_rank": pick(0, 7), "kv_rank": pick(1, 9), "rope_width": 2 * pick(1, 4)},
        **{"value_width": pick(1, 9), "n_experts": experts, "n_active": pick(1, experts)},
        **{"n_shared": pick(1, 3), "d_expert": pick(1, 9), "n_dense_layers": pick(0, layers)},
    )
    kind, config = oracle("DeepSeek", plan)
    with torch.device("meta"):
        model = kind(config)
    assert tensors(model) == count_parameters(plan).total


@pytest.mark.parametrize("config", [*every_config(), *CONFIGS.values(), *PRESETS.values()])
def test_our_own_modules_have_as_many_tensors(config):
    with torch.device("meta"):
        model = Transformer(config)
    assert tensors(model) == count_parameters(config).total
    assert count_parameters(Blueprint.of(config)) == count_parameters(config)


@pytest.mark.parametrize("block", ["post_norm", "pre_norm"])
@pytest.mark.parametrize("position", ["sinusoidal", "learned", "rope"])
@pytest.mark.parametrize("tied", [True, False])
def test_our_encoder_and_decoder(block, position, tied):
    for name in ("transformer-base", "transformer-big"):
        plan = replace(BY_NAME[name], block=block, position=position, tied_embeddings=tied)
        config = TransformerConfig(
            *(plan.vocab_size, plan.context_length, plan.d_model, plan.n_layers),
            *(plan.n_heads, plan.n_kv_heads, plan.d_ff),
            position=position,
            block=block,
            activation="relu",
            tied_embeddings=tied,
        )
        with torch.device("meta"):
            model = EncoderDecoder(config)
        assert tensors(model) == count_parameters(plan).total


def test_the_first_transformer_as_counted():
    assert count_parameters(BY_NAME["transformer-base"]).total == 63_082_496
    assert count_parameters(BY_NAME["transformer-big"]).total == 214_245_376


def small(name: str) -> Blueprint:
    sizes = {"vocab_size": 50, "context_length": 64, "d_model": 32, "n_layers": 2, "d_ff": 40}
    kv = {"n_kv_heads": 2 if BY_NAME[name].n_kv_heads < BY_NAME[name].n_heads else 4}
    narrow = {"q_rank": 6, "kv_rank": 10, "rope_width": 4, "value_width": 6, "head_width": 8}
    plan = replace(BY_NAME[name], **sizes, **kv, n_heads=4, **narrow)
    return replace(plan, sliding_window=0, n_experts=0, n_dense_layers=0, router_bias=False)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        *(("llama-3-8b", "LLaMA"), ("gemma-7b", "Gemma"), ("deepseek-v3", "DeepSeek")),
        ("mistral-7b", "Mistral"),
    ],
)
def test_a_pass_takes_what_pytorch_counts(name, family):
    plan = small(name)
    kind, config = oracle(family, plan)
    model = kind._from_config(config, attn_implementation="eager")
    with FlopCounterMode(display=False) as counter:
        model(torch.arange(20)[None], use_cache=False)
    assert forward_flops(plan, 20).total == pytest.approx(counter.get_total_flops(), rel=2e-3)


def test_a_pass_of_an_encoder_and_a_decoder_takes_what_pytorch_counts():
    plan = replace(
        BY_NAME["transformer-base"],
        **{"vocab_size": 50, "d_model": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 4},
        **{"d_ff": 40, "context_length": 64},
    )
    sizes = (50, 64, 32, 2, 4, 4, 40)
    config = TransformerConfig(*sizes, "sinusoidal", block="post_norm", activation="relu")
    model = EncoderDecoder(config)
    model.initialise(0)
    ids = torch.arange(20)[None]
    with FlopCounterMode(display=False) as counter:
        model.trace(ids, ids)
    assert counter.get_total_flops() == forward_flops(plan, 20).total


@given(plan=possible())
def test_matrices_cost_two_flop_for_each_number_that_a_token_meets(plan):
    plan = replace(plan, stack="decoder", attention_bias=False, feed_forward_bias=False)
    plan = replace(plan, router_bias=False, tied_embeddings=False)
    parts = count_parameters(plan)
    met = count_active(plan) - parts.embedding - parts.positions - parts.norms
    flops = forward_flops(plan, 1)
    assert flops.linear + flops.unembedding == 2 * met
    assert token_flops(plan, 1).linear == flops.linear


@given(plan=possible(), n=some.integers(1, 5000))
def test_a_written_token_costs_no_more_than_its_part_of_a_pass(plan, n):
    one, whole = token_flops(plan, n), forward_flops(plan, n)
    assert one.linear * n <= whole.linear
    if plan.attention == "heads" and plan.stack == "decoder":
        assert one.attention * n == whole.attention
    assert kv_cache_numbers(plan, n) <= n * kv_cache_numbers(plan, 1)


def test_a_window_bounds_pairs_and_cache():
    mistral = BY_NAME["mistral-7b"]
    assert kv_cache_numbers(mistral, 100_000) == kv_cache_numbers(mistral, 4096)
    assert token_flops(mistral, 100_000) == token_flops(mistral, 4096)
    gemma = BY_NAME["gemma-2-9b"]
    assert gemma.n_windowed == 21
    kept = kv_cache_numbers(gemma, 8192)
    assert kept == 2 * 8 * 256 * (21 * 4096 + 21 * 8192)


def test_caches_as_published():
    assert 2 * kv_cache_numbers(BY_NAME["deepseek-v3"], 1) == 70_272  # bytes of a token
    assert 2 * kv_cache_numbers(BY_NAME["llama-3.1-405b"], 1) == 516_096


def test_activations_of_a_gpt_layer_as_published():
    """Korthikanti et al. 2022, table 2: 34 s b h bytes, of which 2 are masks of dropout."""
    plan = BY_NAME["gpt3"]
    inside = activation_numbers(plan) - 2 * plan.d_model - plan.vocab_size
    assert 2 * inside == (34 - 2) * plan.d_model * plan.n_layers


def test_training_takes_sixteen_bytes_for_each_parameter():
    """Rajbhandari et al. 2020, 3.1: a model of 7.5 B parameters takes 120 GB."""
    for precision in ("mixed", "float32"):
        memory = training_memory(BY_NAME["llama-7b"], 1, 1, precision)
        assert memory.total - memory.activations == 16 * 6_738_415_616
    served = serving_memory(BY_NAME["llama-7b"], 2048, batch=2, bits=4)
    assert served.weights == 6_738_415_616 / 2
    assert served.cache == 2 * 2048 * 524_288


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n_layers": 0}, "n_layers is 0. It must be a whole number from 1 to 10,000."),
        ({"n_heads": 7}, "n_heads = 7 does not divide d_model = 768. Choose 1, 2, 3, 4, 6, 8, 12"),
        ({"n_kv_heads": 5}, "It may be 1, 2, 3, 4, 6 or 12."),
        ({"position": "rope", "head_width": 5}, "a head has 5"),
        ({"position": "sinusoidal", "d_model": 769, "n_heads": 1, "n_kv_heads": 1}, "is odd"),
        ({"n_experts": 4, "n_active": 5}, "n_active = 5 is more than the 4 experts"),
        ({"n_experts": 4, "n_dense_layers": 13}, "more than the 12 layers"),
        ({"stack": "encoder_decoder", "n_experts": 4}, "plain heads only"),
        ({"d_model": 10**9}, "d_model is 1,000,000,000. It must be a whole number from 1 to"),
    ],
)
def test_what_cannot_be_built_is_told(changes, said):
    assert said in problem(replace(BY_NAME["gpt2"], **changes))


def test_limits_hold_for_every_number():
    sizes = {name for name, kind in Blueprint.__annotations__.items() if kind == "int"}
    assert sizes == set(LIMITS)
    assert prod(most for _, most in LIMITS.values()) > 1e15
