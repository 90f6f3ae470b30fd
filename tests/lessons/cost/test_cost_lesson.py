"""Costs by formula against published figures and PyTorch's own count; what the clock measures."""

from functools import wraps

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from torch.utils.flop_counter import FlopCounterMode

from pages.n4_scale.cost.cost_board import describe_costs
from pages.n4_scale.cost.cost_questions import length_question, sharing_question
from pages.n4_scale.cost.timings import ENOUGH, FEWEST_NEW, MOST_NEW, new_tokens
from tests.lessons.test_lessons import open_fold, visit
from tests.real_model import real_model
from tests.small_models import CONFIGS
from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import KVCache, LayerCache
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.costs import (
    comparisons,
    comparisons_with_cache,
    crossover,
    forward_flops,
    kv_cache_bytes,
    score_bytes,
)
from transformer_core.laws.parameters import count_parameters
from transformer_core.lens.timing import time_block, time_decoding
from transformer_core.masks import causal_mask
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer
from ui.examples import CAPITAL
from ui.models import load
from ui.state import read_state

GPT2 = PRESETS["gpt2"]
PAGE = "pages/n4_scale/cost/cost.py"
BY_TITLE = {each.title: each.config for each in ARCHITECTURES}


def test_gpt_2_at_1024_tokens_as_published():
    """Per sequence (nanoGPT's transformer sizing); ours count 12 layers, theirs one."""
    flops = forward_flops(GPT2, 1024)
    assert flops.qkv == 12 * 3_623_878_656
    assert flops.scores == flops.mixing == 12 * 1_610_612_736
    assert flops.out_proj == 12 * 1_207_959_552
    assert flops.feed_forward == 12 * 2 * 4_831_838_208
    assert flops.linear + flops.attention == 212_600_881_152
    assert flops.unembedding == 79_047_426_048
    assert flops.total == 291_648_307_200


@pytest.mark.parametrize(
    ("title", "bytes_per_token"),
    [
        ("GPT-2 small", 36_864),
        ("GPT-2 XL", 307_200),
        ("Llama 2 7B", 524_288),
        ("Llama 3 8B", 131_072),
        ("Llama 2 70B", 327_680),
        ("Llama 3.1 405B", 516_096),
    ],
)
def test_cache_of_published_models(title, bytes_per_token):
    assert kv_cache_bytes(BY_TITLE[title], 1) == bytes_per_token


@pytest.mark.parametrize(
    ("title", "total"),
    [
        ("GPT-2 small", 124_439_808),
        ("Llama 2 7B", 6_738_415_616),
        ("Llama 3 8B", 8_030_261_248),
        ("Llama 3.1 405B", 405_853_388_800),
    ],
)
def test_published_shapes_have_their_published_size(title, total):
    assert count_parameters(BY_TITLE[title]).total == total


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_formula_is_what_pytorch_counts(config):
    model = Transformer(config)
    model.initialise(0)
    ids = torch.arange(20)[None]
    with FlopCounterMode(display=False) as counter:
        model.trace(ids)
    assert counter.get_total_flops() == forward_flops(config, 20).total


@given(n=some.integers(1, 10**6), batch=some.integers(1, 8))
def test_parts_grow_with_the_length_and_with_its_square(n, batch):
    one, two = forward_flops(GPT2, n, batch), forward_flops(GPT2, 2 * n, batch)
    assert two.linear == pytest.approx(2 * one.linear)
    assert two.attention == pytest.approx(4 * one.attention)
    assert score_bytes(GPT2, 2 * n, batch) == 4 * score_bytes(GPT2, n, batch)


@pytest.mark.parametrize("config", [*BY_TITLE.values(), *CONFIGS.values()])
def test_crossover_is_where_both_cost_the_same(config):
    flops = forward_flops(config, crossover(config))
    assert flops.linear == pytest.approx(flops.attention)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_comparisons_are_what_the_causal_mask_allows(n):
    assert comparisons(n) == int(causal_mask(n).sum())


@given(n_prompt=some.integers(1, 30), n_new=some.integers(1, 12))
def test_with_the_cache_each_step_reads_all_keys_so_far(n_prompt, n_new):
    prompt = int(causal_mask(n_prompt).sum())
    steps = sum(n_prompt + i for i in range(1, n_new))
    assert comparisons_with_cache(n_prompt, n_new) == prompt + steps


@pytest.mark.parametrize(
    ("title", "length"),
    [("Llama 3 8B", 26_624), ("Llama 2 70B", 52_224), ("Llama 3.1 405B", 97_280)],
)
def test_crossovers_of_published_models(title, length):
    assert crossover(BY_TITLE[title]) == pytest.approx(length)


def test_cache_by_formula_is_the_cache_that_is_allocated():
    for config in CONFIGS.values():
        cache = KVCache(config, 11)
        held = sum(t.nbytes for layer in cache.layers for t in (layer.k, layer.v))
        assert held == kv_cache_bytes(config, 11, bytes_per_number=4)
        assert kv_cache_bytes(config, 5, n_kv_heads=1) * config.n_kv_heads == kv_cache_bytes(
            config, 5
        )


def test_a_block_is_timed_beyond_the_context():
    config = CONFIGS["fable-classic"]
    model = Transformer(config)
    model.initialise(0)
    time = time_block(model, 2 * config.context_length)
    assert time.n == 2 * config.context_length
    assert 0 < time.linear < 5
    assert 0 < time.attention < 5


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_both_ways_of_decoding_write_the_same_tokens(config):
    model = Transformer(config)
    model.initialise(0)
    model.eval().requires_grad_(False)
    time = time_decoding(model, [5, 6, 7], 9)
    assert time.same_tokens
    assert len(time.token_ids) == 9
    assert len(time.cached) == len(time.uncached) == 8
    full = list(range(config.context_length - 1))
    with pytest.raises(ValueError, match="shorten the text by at least 1 token"):
        time_decoding(model, full, 9)
    assert len(time_decoding(model, full[:-1], 9).cached) == 1


def test_a_config_without_sharing_has_the_largest_cache():
    config = TransformerConfig(100, 16, 64, 2, 8, 2, 64)
    sizes = [kv_cache_bytes(config, 3, n_kv_heads=heads) for heads in (8, None, 1)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 8 * sizes[2]


@pytest.mark.parametrize("text", ["a", "Tom had a red ball.", "the " * 400])
@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_each_question_has_exactly_one_right_answer(monkeypatch, text, model):
    import pages.n4_scale.cost.cost_questions as questions
    from ui.state import read_state

    now = read_state({"text": text, "model": model})
    monkeypatch.setattr(questions, "reader", lambda: now)
    for question in questions.cost_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)


def test_the_cache_is_shown_once_it_has_been_written(folders, monkeypatch):
    written = []
    append = LayerCache.append

    @wraps(append)
    def counted(self, kv):
        written.append(kv.shape)
        return append(self, kv)

    monkeypatch.setattr(LayerCache, "append", counted)
    app = visit(PAGE, text="A text that nobody has measured here before.")
    open_fold(app)
    shown = "How the cache was written"
    assert not [each for each in app.expander if each.label.startswith(shown)]
    assert not written
    app.button(key="time-decoding").click()
    open_fold(app)
    assert len([each for each in app.expander if each.label.startswith(shown)]) == 1
    assert written


@pytest.mark.parametrize("n", [1, 12, 64, 256])
def test_a_large_model_writes_few_tokens(n):
    """Each token without the cache is a whole pass again: at most some seconds on one core."""
    small, large = CONFIGS["fable-classic"], PRESETS["gpt2"]
    assert new_tokens(small, n) == MOST_NEW
    written = new_tokens(large, n)
    assert FEWEST_NEW <= written < MOST_NEW
    spent = sum(forward_flops(large, n + i).total for i in range(written))
    assert written == FEWEST_NEW or spent <= ENOUGH


@real_model
def test_the_real_model_is_asked_about_with_its_own_numbers():
    config = load("smollm2").config
    length = length_question(config, 12)
    assert [option.text for option in length.options if option.right] == ["About 2 times"]
    assert "8,192 tokens, the most that this model can read, it would be 3.356 times" in (
        length.options[0].why
    )
    sharing = sharing_question(config)
    assert [option.text for option in sharing.options if option.right] == [
        "The cache, to 1/3 of what it is"
    ]
    # 30 layers, keys and values, 3 heads of 64 numbers of 4 bytes
    assert f"keeps {30 * 2 * 3 * 64 * 4 / 1024:.1f} KiB a token" in sharing.options[0].why
    shape = describe_costs(read_state({"text": CAPITAL, "model": "smollm2"}), "")["shapes"][0]
    assert (shape["n_kv_heads"], shape["n_heads"], shape["context_length"]) == (3, 9, 8_192)
    assert shape["parameters"] == 134_515_008
