"""Timed passes compute what the model computes, in turns that are short and do not overlap."""

from contextlib import contextmanager

import pytest
import torch

from tests.core.variants import config, every_config, filled, token_ids, variant_name
from transformer_core.kv_cache import KVCache
from transformer_core.lens.step_timing import machine_limits, time_step
from transformer_core.transformer import Transformer
from transformer_core.turns import Stopwatch, sliced_pass


@contextmanager
def no_turn():
    yield


@pytest.mark.parametrize("variant", every_config(), ids=variant_name)
def test_a_sliced_pass_is_a_pass(variant):
    model, ids = filled(Transformer(variant)), token_ids(1, 9)
    with torch.inference_mode():
        cache = KVCache(variant)
        found = sliced_pass(model, ids[0].tolist(), Stopwatch(no_turn), cache, n_last=4)
        torch.testing.assert_close(found, model(ids)[0, -4:])
        assert cache.length == 9


def test_every_turn_is_one_block_or_less():
    turns = []

    @contextmanager
    def turn():
        assert not turns or turns[-1] == "out"
        turns.append("in")
        yield
        turns.append("out")

    model = filled(Transformer(config()))
    found = time_step(model, [1, 2, 3], 8, turn)
    a_pass = len(model.blocks) + 2
    rounds = (len(turns) // 2 - a_pass) // (a_pass + 1)
    assert len(turns) // 2 == a_pass + rounds * (a_pass + 1)
    assert 5 <= rounds <= 9
    assert (found.n, found.cached > 0, found.uncached > 0) == (8, True, True)


@pytest.mark.parametrize("n", [1, 13])
def test_a_length_that_does_not_fit_is_refused(n):
    with pytest.raises(ValueError, match="cannot be measured"):
        time_step(Transformer(config()), [1], n)


def test_a_machine_computes_and_reads():
    limits = machine_limits()
    assert limits.flops > 1e8
    assert limits.bandwidth > 1e8
