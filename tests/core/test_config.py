"""The config refuses what cannot be built, and says what would do."""

import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.core.variants import config, token_ids
from transformer_core.config import NORM_NAMES, SUBLAYERS, TransformerConfig
from transformer_core.laws.costs import forward_flops
from transformer_core.laws.parameters import count_parameters
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer

REFUSED = {
    "no layer": ({"n_layers": 0}, ["n_layers is 0", "at least 1"]),
    "negative width": ({"d_model": -8}, ["d_model is -8", "at least 1"]),
    "half a head": ({"n_heads": 1.5}, ["n_heads is 1.5", "whole number"]),
    "yes as a size": ({"vocab_size": True}, ["vocab_size is True", "whole number"]),
    "a word as a size": ({"d_ff": "wide"}, ["d_ff is 'wide'", "whole number"]),
    "heads that do not divide": (
        {"d_model": 16, "n_heads": 3, "n_kv_heads": 3},
        ["d_model is 16", "n_heads = 3", "[1, 2, 4, 8, 16]"],
    ),
    "kv heads that do not divide": (
        {"n_kv_heads": 3},
        ["n_kv_heads is 3", "n_heads = 4", "[1, 2, 4]"],
    ),
    "more kv heads than heads": ({"n_kv_heads": 8}, ["n_kv_heads is 8", "[1, 2, 4]"]),
    "odd head for RoPE": (
        {"d_model": 12, "position": "rope"},
        ["position is 'rope'", "= 3 is odd"],
    ),
    "odd width for sines": (
        {"d_model": 15, "n_heads": 3, "n_kv_heads": 3, "position": "sinusoidal"},
        ["position is 'sinusoidal'", "d_model = 15 is odd", "even"],
    ),
    "unknown position": ({"position": "relative"}, ["position is 'relative'", "none, sinusoidal"]),
    "unknown norm": ({"norm": "batch_norm"}, ["norm is 'batch_norm'", "layer_norm, rms_norm"]),
    "unknown block": ({"block": "parallel"}, ["block is 'parallel'", "pre_norm, post_norm"]),
    "unknown activation": ({"activation": "tanh"}, ["activation is 'tanh'", "relu, gelu"]),
    "eps of nothing": ({"norm_eps": 0.0}, ["norm_eps is 0.0", "above 0"]),
    "eps that is no number": ({"norm_eps": float("nan")}, ["norm_eps is nan", "above 0"]),
    "negative base": ({"rope_base": -1}, ["rope_base is -1", "above 0"]),
    "factor of nothing": (
        {"position": "rope", "rope_factors": (1.0, 0.0)},
        ["rope_factors[1] is 0.0", "above 0"],
    ),
    "factors as a word": ({"rope_factors": "12"}, ["rope_factors is '12'", "list"]),
    "a factor too many": (
        {"position": "rope", "rope_factors": (1.0, 1.0, 1.0)},
        ["rope_factors are 3", "the 2 pairs"],
    ),
    "heads of no width": ({"head_width": 0}, ["head_width is 0", "at least 1"]),
    "odd wide head for RoPE": ({"head_width": 3, "position": "rope"}, ["= 3 is odd"]),
    "one for true": ({"bias": 1}, ["bias is 1", "true or false"]),
    "biases elsewhere": ({"bias": "norms"}, ["bias is 'norms'", "attention, feed_forward"]),
    "none for tied": ({"tied_embeddings": None}, ["tied_embeddings is None", "true or false"]),
}

PARAMETERS = {
    "gpt2": 124_439_808,
    "gpt2-medium": 354_823_168,
    "gpt2-large": 774_030_080,
    "gpt2-xl": 1_557_611_200,
    "llama-2-7b": 6_738_415_616,
    "llama-2-13b": 13_015_864_320,
    "llama-2-70b": 68_976_648_192,
    "llama-3-8b": 8_030_261_248,
}


@pytest.mark.parametrize(("changes", "parts"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_built_is_refused_by_name_value_and_remedy(changes, parts):
    with pytest.raises(ValueError, match=r".") as refused:
        config(**changes)
    for part in parts:
        assert part in str(refused.value)


def test_head_width_follows():
    assert config(d_model=24, n_heads=3, n_kv_heads=1).d_head == 8


def test_a_head_may_have_a_width_of_its_own():
    wide = config(d_model=24, n_heads=5, n_kv_heads=1, head_width=8)
    assert wide.d_head == 8
    q_proj = Transformer(wide).blocks[0].attention.q_proj.weight
    assert q_proj.shape == (24, 40)


@pytest.mark.parametrize(
    ("bias", "attention", "feed_forward"),
    [(True, 1, 1), (False, 0, 0), ("attention", 1, 0), ("feed_forward", 0, 1)],
)
def test_biases_may_stand_in_one_sublayer(bias, attention, feed_forward):
    block = Transformer(config(bias=bias, norm="layer_norm")).blocks[0]
    assert [
        each.bias is not None for each in (block.attention.q_proj, block.attention.out_proj)
    ] == [attention] * 2
    assert (block.feed_forward.up_proj.bias is not None) == feed_forward
    assert (block.attention_norm.bias is not None) == (bias is True)


def test_a_config_cannot_change():
    with pytest.raises(FrozenInstanceError):
        config().d_model = 32


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_json(name):
    written = json.dumps(PRESETS[name].to_dict())
    assert TransformerConfig.from_dict(json.loads(written)) == PRESETS[name]


def test_what_few_models_have_survives_json_and_is_written_for_them_only():
    rare = config(position="rope", head_width=6, rope_factors=(1, 2.5, 8), bias="attention")
    assert TransformerConfig.from_dict(json.loads(json.dumps(rare.to_dict()))) == rare
    assert not {"head_width", "rope_factors", "constants"} & config().to_dict().keys()


def test_an_unknown_field_is_named():
    with pytest.raises(ValueError, match="unknown field 'n_head'; a config knows"):
        TransformerConfig.from_dict(config().to_dict() | {"n_head": 4})


def test_a_missing_field_is_named():
    values = config().to_dict()
    del values["d_ff"]
    with pytest.raises(ValueError, match="d_ff is missing"):
        TransformerConfig.from_dict(values)


def test_fields_are_few():
    assert len(fields(TransformerConfig)) <= 15


@pytest.mark.parametrize("name", PARAMETERS)
def test_presets_have_the_known_number_of_parameters(name):
    one_layer, two_layers = (n_parameters(replace(PRESETS[name], n_layers=n)) for n in (1, 2))
    further_layers = (PRESETS[name].n_layers - 1) * (two_layers - one_layer)
    assert one_layer + further_layers == PARAMETERS[name]


@pytest.mark.parametrize("bias", [True, False, *SUBLAYERS])
@pytest.mark.parametrize("norm", NORM_NAMES)
def test_counted_parameters_and_arithmetic_know_wide_heads_and_single_biases(norm, bias):
    wide = config(position="rope", norm=norm, head_width=6, n_kv_heads=2, bias=bias)
    assert count_parameters(wide).total == n_parameters(wide)
    model = Transformer(wide).requires_grad_(False)
    with FlopCounterMode(display=False) as counter:
        model.trace(token_ids(1, 7))
    assert counter.get_total_flops() == forward_flops(wide, 7).total


def n_parameters(config: TransformerConfig) -> int:
    with torch.device("meta"):
        return sum(p.numel() for p in Transformer(config).parameters())
