"""The first screen's message: what a browser reads from it is what the model has computed."""

from math import inf, nan

import numpy as np
import pytest
import torch

from pages.n1_forward_pass.at_a_glance import passes
from pages.n1_forward_pass.at_a_glance.next_token import next_token
from pages.n1_forward_pass.at_a_glance.pass_answers import (
    EXACT,
    _layer,
    first_answer,
    packed_lens,
    packed_pass,
)
from pages.n1_forward_pass.at_a_glance.passes import run
from pages.n1_forward_pass.at_a_glance.trace_rows import GUESSES, NEURONS, SHOWN
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.generation import Sampling, filter_steps
from transformer_core.lens.logit_lens import logit_lens
from transformer_core.lens.small_maps import (
    MOST_BINS,
    bins_of,
    resting,
    small_maps,
)
from ui.examples import STORY
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import load
from ui.remembered import Remembered, n_bytes_of
from ui.serving.transport import pack
from ui.state import Reader

STRIPS = {
    "resid_pre": lambda block: block.resid_pre,
    "attention_norm": lambda block: block.attention_norm,
    "attention_output": lambda block: block.attention.output,
    "resid_mid": lambda block: block.resid_mid,
    "feed_forward_norm": lambda block: block.feed_forward_norm,
    "hidden": lambda block: block.feed_forward.hidden,
    "feed_forward_output": lambda block: block.feed_forward.output,
    "resid_post": lambda block: block.resid_post,
}
HALF_PRECISION = {"rtol": 2**-11, "atol": 2**-25}


class Decoded:
    """All that a browser may read of a pass, 8-bit numbers times their scale, shares as a square.

    What it asks for layer by layer is put side by side: [position, layer, ...].
    """

    def __init__(self, loaded, ids) -> None:
        now = Reader("", loaded.name, ids, (), (), 0, None, len(ids) - 1, ())
        self.header, self.arrays = unpack(first_answer(loaded, now))
        rows = run(loaded, ids).rows
        layers = [unpack(pack({}, _layer(rows, i)))[1] for i in range(loaded.config.n_layers)]
        for name, array in layers[0].items():
            np.testing.assert_array_equal(self.arrays[name], array)  # the first layer came along
            together = [layer[name] for layer in layers]
            self.arrays[name] = np.stack(together, axis=0 if name == "shares" else 1)
        self.values = whole(self.arrays)


def whole(arrays) -> dict[str, np.ndarray]:
    """8-bit numbers times their scale; the shares as squares, [position, layer, head, key]."""
    values = {}
    for name, array in arrays.items():
        scale, numbers = arrays.get(f"{name}_scale"), array.astype(np.float32)
        values[name] = numbers if scale is None else numbers * scale[..., None]
    n = len(arrays["token_ids"])
    weights = np.zeros((*arrays["shares"].shape[:2], n, n))
    weights[..., *np.tril_indices(n)] = arrays["shares"] / 65_535
    return values | {"weights": weights.transpose(2, 0, 1, 3)}


@pytest.fixture(autouse=True)
def no_earlier_passes(monkeypatch):
    monkeypatch.setattr(passes, "_passes", Remembered(passes.REMEMBERED))


@pytest.fixture(params=SHIPPED)
def loaded(request):
    return load(request.param)


def ids_of(loaded, text=STORY) -> tuple[int, ...]:
    return tuple(loaded.tokenizer.encode(text))


def traced(loaded, ids):
    with torch.inference_mode():
        return loaded.model.trace(torch.tensor([ids]))


def decoded(loaded, ids) -> Decoded:
    return Decoded(loaded, ids)


def positions(done) -> set[int]:
    """How many positions each array holds."""
    arrays = vars(done.rows)
    pairs = arrays["shares"].shape[-1]
    rows = {len(array) for name, array in arrays.items() if name != "shares"}
    return rows | {int((2 * pairs) ** 0.5)}


def by_position(blocks, pick) -> np.ndarray:
    """[layer, position, ...] of the only sequence as [position, layer, ...]."""
    return torch.stack([pick(block)[0] for block in blocks], dim=1).numpy()


def test_queries_keys_and_values_arrive_as_16_bit_floats(loaded):
    ids = ids_of(loaded)
    blocks, got = traced(loaded, ids).blocks, decoded(loaded, ids)
    for name in ("q", "k", "v"):
        exact = by_position(blocks, lambda b, name=name: getattr(b.attention, name).mT.mT)
        np.testing.assert_allclose(got.values[name], exact.transpose(2, 1, 0, 3), **HALF_PRECISION)


def test_attention_weights_arrive_within_a_65535th(loaded):
    ids = ids_of(loaded)
    exact = by_position(traced(loaded, ids).blocks, lambda b: b.attention.weights.transpose(1, 2))
    got = decoded(loaded, ids).values["weights"]
    assert got.shape == exact.shape
    assert np.abs(got - exact).max() <= 1 / 65_535
    assert np.abs(got.sum(-1) - 1).max() <= len(ids) / 65_535


@pytest.mark.parametrize("name", STRIPS)
def test_strips_arrive_within_half_a_step_of_their_scale(loaded, name):
    ids = ids_of(loaded)
    exact = by_position(traced(loaded, ids).blocks, STRIPS[name])[..., :SHOWN]
    step = np.abs(exact).max(-1, keepdims=True) / 127
    assert (np.abs(decoded(loaded, ids).values[name] - exact) <= 0.501 * step + 1e-12).all()


def test_embedding_and_final_norm_arrive_within_half_a_step(loaded):
    ids = ids_of(loaded)
    trace, got = traced(loaded, ids), decoded(loaded, ids)
    exact = {
        "token_embedded": trace.token_embedded,
        "position_added": trace.embedded - trace.token_embedded,
        "embedded": trace.embedded,
        "final_norm": trace.final_norm,
    }
    for name, values in exact.items():
        shown = values[0, :, :SHOWN].numpy()
        step = np.abs(shown).max(-1, keepdims=True) / 127
        assert (np.abs(got.values[name] - shown) <= 0.501 * step + 1e-12).all(), name


def test_lengths_and_neurons_are_those_of_the_whole_vector(loaded):
    ids = ids_of(loaded)
    blocks, got = traced(loaded, ids).blocks, decoded(loaded, ids)
    stream = by_position(blocks, lambda b: b.resid_pre)
    np.testing.assert_allclose(got.values["size"][..., 0], np.linalg.norm(stream, axis=-1), 1e-5)
    after = by_position(blocks, lambda b: b.resid_post)
    np.testing.assert_allclose(got.values["size"][..., 4], np.linalg.norm(after, axis=-1), 1e-5)
    mean, deviation, rms = np.moveaxis(got.values["norm_input"][:, :, 0], -1, 0)
    np.testing.assert_allclose(mean, stream.mean(-1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(deviation, stream.std(-1), 1e-4)
    np.testing.assert_allclose(rms, np.sqrt((stream**2).mean(-1)), 1e-4)
    hidden = by_position(blocks, lambda b: b.feed_forward.hidden)
    index, value = got.values["neurons"][..., 0].astype(int), got.values["neurons"][..., 1]
    np.testing.assert_array_equal(np.take_along_axis(hidden, index, -1), value)
    strongest = -np.sort(-np.abs(hidden), axis=-1)[..., :NEURONS]
    np.testing.assert_allclose(np.abs(value), strongest, 1e-6)


def test_predictions_are_the_models_own(loaded):
    ids = ids_of(loaded)
    trace, got = traced(loaded, ids), decoded(loaded, ids)
    logits, best = trace.logits[0], trace.logits[0].topk(GUESSES)
    arrays = got.arrays
    assert arrays["token_ids"].tolist() == list(ids)
    assert got.header["bytes"] == [list(loaded.tokenizer.token_bytes(i)) for i in ids]
    np.testing.assert_array_equal(arrays["next_ids"], best.indices)
    shares = np.exp(arrays["next_logits"] - arrays["log_sum"][:, None])
    np.testing.assert_allclose(shares, logits.softmax(-1).gather(-1, best.indices), 1e-5)
    with torch.inference_mode():
        lens = logit_lens(loaded.model, trace)
    assert got.header["tokens"] == [len(ids) - 1]
    np.testing.assert_array_equal(arrays["lens_ids"], lens.token_ids.T[-1:])
    np.testing.assert_allclose(arrays["lens_shares"], lens.probabilities.T[-1:], 1e-5)
    ordered = logits[-1].sort(descending=True).values
    np.testing.assert_array_equal(arrays["last_logits"][:EXACT], ordered[:EXACT])
    mass = np.exp(arrays["last_logits"][EXACT:] - 20.0).sum() * got.header["group"]
    np.testing.assert_allclose(mass, (ordered[EXACT:] - 20).exp().sum(), 1e-3)
    named = {*ids, *best.indices.flatten().tolist(), *lens.token_ids[:, -1].tolist()}
    pieces = {str(i): loaded.tokenizer.pieces([i])[0] for i in named}
    assert got.header["pieces"] == pieces


def test_what_the_layers_would_say_is_told_of_any_token(loaded):
    with torch.inference_mode():
        lens = logit_lens(loaded.model, traced(loaded, ids_of(loaded)))
    for i in (0, 3, 10):
        raw = {"text": STORY, "model": loaded.name, "token": str(i + 1)}
        header, arrays = unpack(packed_lens(raw))
        assert header["tokens"] == [i]
        np.testing.assert_array_equal(arrays["lens_ids"], lens.token_ids[None, :, i])
        np.testing.assert_allclose(arrays["lens_shares"], lens.probabilities[None, :, i], 1e-5)
        assert header["pieces"].keys() == set(map(str, lens.token_ids[:, i].tolist()))


def test_of_a_small_model_what_the_layers_would_say_comes_of_all_tokens_at_once(loaded):
    with torch.inference_mode():
        lens = logit_lens(loaded.model, traced(loaded, ids_of(loaded)))
    header, arrays = unpack(packed_lens({"text": STORY, "model": loaded.name, "token": ""}))
    assert decoded(loaded, ids_of(loaded)).header["every_lens"]
    assert header["tokens"] == [*range(len(ids_of(loaded)))]
    np.testing.assert_array_equal(arrays["lens_ids"], lens.token_ids.T)
    np.testing.assert_allclose(arrays["lens_shares"], lens.probabilities.T, 1e-4)
    assert header["pieces"].keys() == set(map(str, lens.token_ids.flatten().tolist()))


@real_model
def test_of_a_large_model_they_come_token_by_token():
    raw = {"text": "The capital of France is", "model": REAL_MODEL}
    assert not unpack(packed_pass(raw))[0]["every_lens"]
    header, arrays = unpack(packed_lens({**raw, "token": ""}))
    assert header["tokens"] == [4]
    assert arrays["lens_ids"].shape == (1, 30)


def test_one_more_token_through_the_cache_equals_the_full_pass(loaded):
    ids = ids_of(loaded)
    run(loaded, ids[:-1])
    extended = run(loaded, ids)
    assert extended.computed == 1
    full = passes._compute(loaded, ids, None)
    assert full.computed == len(ids)
    torch.testing.assert_close(extended.last_logits, full.last_logits, rtol=0, atol=1e-4)
    arrays = vars(full.rows)
    one, other = whole(vars(extended.rows)), whole(arrays)
    for name, exact in other.items():
        if name not in ("neurons", "shares") and not name.endswith("_scale"):
            rounding = np.abs(exact).max() / 127 if f"{name}_scale" in arrays else 2e-3
            assert np.abs(one[name] - exact).max() <= 1e-4 + rounding, name


def test_several_tokens_are_appended_one_row_at_a_time(loaded):
    ids = ids_of(loaded)
    for n in (len(ids) - 3, len(ids) - 2, len(ids) - 1, len(ids)):
        done = run(loaded, ids[:n])
    assert done.computed == 1
    assert positions(done) == {len(ids)}
    exact = traced(loaded, ids).logits[0, -1]
    torch.testing.assert_close(done.last_logits, exact, rtol=0, atol=1e-4)


def test_going_on_leaves_the_pass_before_as_it_was(loaded):
    ids = ids_of(loaded)
    before = run(loaded, ids[:-1])
    for last in (ids[-1], 7):
        exact = traced(loaded, (*ids[:-1], last)).logits[0, -1]
        torch.testing.assert_close(
            run(loaded, (*ids[:-1], last)).last_logits, exact, rtol=0, atol=1e-4
        )
    assert positions(before) == {len(ids) - 1}


def test_a_text_that_begins_like_one_before_computes_only_the_rest(loaded):
    ids = ids_of(loaded)
    run(loaded, (9, *ids))
    run(loaded, ids)
    for changed, computed in (
        ((*ids[:4], 7, 8, 9), 3),  # another end
        (ids[:-2], 1),  # the end deleted: the last token's logits are needed
        ((*ids, 7, 8), 2),
        ((8, *ids), len(ids) + 1),  # another beginning
    ):
        done = run(loaded, changed)
        assert done.computed == computed
        assert positions(done) == {len(changed)}
        exact = traced(loaded, changed).logits[0, -1]
        torch.testing.assert_close(done.last_logits, exact, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern", "smollm2"])
def test_what_travels_is_what_is_looked_at(name):
    loaded = load(name)
    ids = (ids_of(loaded) * 3)[:32]
    now = Reader("", name, ids, (), (), None, None, 31, ())
    assert len(first_answer(loaded, now)) <= 250_000
    assert len(pack({}, _layer(run(loaded, ids).rows, 0))) <= 100_000


def test_small_maps_stay_small_and_keep_the_largest_share(loaded):
    ids = (ids_of(loaded) * 9)[:100]
    rows = run(loaded, ids).rows
    weights, bins = rows.weights(), bins_of(100)
    assert bins[:2] == [0, 1]
    assert bins[-1] == 100
    maps = small_maps(weights, bins)
    assert maps.shape[-1] == MOST_BINS * (MOST_BINS + 1) // 2
    k = 0
    for row in range(MOST_BINS):
        for column in range(row + 1):
            field = weights[..., bins[row] : bins[row + 1], bins[column] : bins[column + 1]]
            largest = np.sqrt(field.max((-1, -2)) / 65_535)
            assert np.abs(maps[..., k] / 255 - largest).max() <= 0.51 / 255
            k += 1
    exact = by_position(traced(loaded, ids).blocks, lambda b: b.attention.weights.transpose(1, 2))
    assert abs(resting(weights) - exact[1:, :, :, 0].mean()) < 1e-4
    assert resting(weights[:, :, :1, :1]) == 0


def test_one_token_is_enough(loaded):
    got = decoded(loaded, (5,))
    assert got.values["weights"].shape[-1] == 1
    np.testing.assert_array_equal(got.values["weights"], 1)


def test_passes_are_forgotten_when_they_take_too_much_memory(loaded, monkeypatch):
    one = n_bytes_of(run(loaded, (0,)))
    monkeypatch.setattr(passes, "_passes", Remembered(2 * one + one // 2))
    for token_id in range(4):
        run(loaded, (token_id,))
    assert [ids for (_, ids), _ in passes._passes.items()] == [(2,), (3,)]
    assert one > sum(layer.kv.nbytes for layer in run(loaded, (3,)).cache.layers)


def test_the_last_logits_keep_no_others_in_memory(loaded):
    last = run(loaded, ids_of(loaded)).last_logits
    assert last.untyped_storage().nbytes() == last.nbytes


@pytest.mark.parametrize(
    "odd",
    [
        {"token": -1},
        {"token": 10**9},
        {"token": "12"},
        {"token": None, "temperature": None, "top_p": []},
        {"temperature": nan, "top_p": nan},
        {"temperature": inf, "top_p": -inf},
        {"temperature": -3, "top_p": 99},
        {"temperature": 1e-9, "top_p": 0},
        {"temperature": 10**400, "top_p": -(10**400)},
        {"temperature": "<b>", "top_p": {"a": 1}},
        {},
    ],
)
def test_an_odd_choice_still_draws_a_token_of_the_vocabulary(odd):
    loaded = load(next(iter(SHIPPED)))
    assert 0 <= next_token(run(loaded, ids_of(loaded)).last_logits, odd) < loaded.config.vocab_size


def test_a_clicked_token_is_appended_as_it_is():
    loaded = load(next(iter(SHIPPED)))
    assert next_token(run(loaded, ids_of(loaded)).last_logits, {"token": 42}) == 42


def test_temperature_zero_takes_the_likeliest_and_top_p_bounds_the_choice():
    loaded = load(next(iter(SHIPPED)))
    ids = ids_of(loaded)
    logits = run(loaded, ids).last_logits
    assert next_token(logits, {"temperature": 0}) == int(logits.argmax())
    kept = filter_steps(logits, Sampling(temperature=2.0, top_p=0.3))[-1].kept
    for _ in range(20):
        assert kept[next_token(logits, {"temperature": 2.0, "top_p": 0.3})]
