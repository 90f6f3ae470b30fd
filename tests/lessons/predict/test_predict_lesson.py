"""Each number of the Predict lesson against an independent computation."""

import re
from math import log, log2
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import entropy
from streamlit.testing.v1 import AppTest

import pages.n1_forward_pass.predict.prediction_questions as questions
from pages.n1_forward_pass.predict.generation_board import (
    UNASKED,
    begin,
    describe_generation,
    order_of,
)
from pages.n1_forward_pass.predict.prediction_board import EXACT, LISTED, SHOWN, pack_predictions
from pages.n1_forward_pass.predict.sampling_settings import RANGES, read_settings, sampling
from pages.n1_forward_pass.predict.surprise_board import describe_surprise
from pages.n1_forward_pass.predict.two_ways_board import (
    ECHOED,
    LOOPS,
    ROUNDS,
    describe_ways,
    echo_of,
    ordered_ways,
)
from tests.lessons.test_lessons import boards, open_fold
from tests.real_model import real_model
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.generation import Sampling, filter_steps, generate
from transformer_core.kv_cache import KVCache
from transformer_core.laws.costs import (
    kv_cache_bytes,
    positions_with_cache,
    positions_without_cache,
)
from transformer_core.lens.prediction import bits, rank_logits, ranks, token_losses
from transformer_core.lens.repetition import RUN, repeated
from transformer_core.lens.residual_stream import output_rows
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer
from ui import models
from ui.examples import CAPITAL, STORY, TEXTS
from ui.models import load, trace
from ui.state import read_state
from ui.writing import Writing, write_on

ROOT = Path(__file__).parents[3]
USUAL, _ = read_settings({})
CAT = "The cat sat down because she was tired"
both_models = pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
each_kind = pytest.mark.parametrize(
    "model", ["fable-classic", pytest.param("smollm2", marks=real_model)]
)


def now(text=CAT, model="fable-classic", **place):
    return read_state({"text": text, "model": model, **place})


def small(name):
    torch.manual_seed(3)
    model = Transformer(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model


def written(reader, settings=USUAL):
    """All that was ordered."""
    writing = Writing(order_of(reader, settings))
    while not writing.done:
        writing.step()
    return writing


# ------------------------------------------------------------------------------ the arithmetic


@given(some.integers(5, 60), some.integers(1, 8), some.integers(1, 9), some.integers(0, 99))
def test_a_ranking_keeps_the_order_and_the_sum(vocab, n_exact, n_groups, seed):
    logits = 4 * torch.randn(3, vocab, generator=torch.Generator().manual_seed(seed)).double()
    ranking = rank_logits(logits, n_exact, n_groups)
    exact = min(n_exact, vocab)
    ordered = np.sort(logits.numpy())[:, ::-1]
    np.testing.assert_array_equal(ranking.first, ordered[:, :exact])
    torch.testing.assert_close(logits.gather(-1, ranking.token_ids), ranking.first)
    assert ranking.rest.shape[-1] <= n_groups
    total = ranking.first.exp().sum(-1) + ranking.group * ranking.rest.exp().sum(-1)
    torch.testing.assert_close(total, logits.exp().sum(-1))
    if ranking.group == 1:
        np.testing.assert_array_equal(ranking.rest, ordered[:, exact:])


@pytest.mark.parametrize("tied", [True, False])
def test_a_logit_is_the_final_vector_times_the_tokens_row(tied):
    config = {**CONFIGS["fable-modern"].to_dict(), "tied_embeddings": tied}
    model = Transformer(type(CONFIGS["fable-modern"]).from_dict(config)).eval()
    model.initialise(seed=1)
    with torch.no_grad():
        traced = model.trace(torch.tensor([[5, 9, 300]]))
        rows = output_rows(model)[[7, 4095, 300]]
    by_hand = traced.final_norm[0].double() @ rows.double().T
    wanted = traced.logits[0][:, [7, 4095, 300]].double()
    torch.testing.assert_close(by_hand, wanted, rtol=1e-4, atol=1e-5)


def test_losses_are_pytorchs_cross_entropy_and_ranks_are_those_of_a_sort():
    generator = torch.Generator().manual_seed(0)
    logits, ids = torch.randn(9, 50, generator=generator), torch.arange(9) * 5
    wanted = F.cross_entropy(logits[:-1], ids[1:], reduction="none")
    torch.testing.assert_close(token_losses(logits, ids), wanted)
    order = (-logits[:-1].numpy()).argsort(axis=-1)
    by_hand = [list(order[i]).index(ids[i + 1]) for i in range(8)]
    assert ranks(logits[:-1], ids[1:]).tolist() == by_hand
    assert token_losses(logits[:1], ids[:1]).shape == (0,)
    assert bits(log(1024)) == pytest.approx(10)


def test_repetition_by_hand():
    text = [1, 2, 3, 4, 9, 1, 2, 3, 4, 5]
    assert repeated(text) == [False] * 8 + [True, False]
    assert repeated(text, start=8) == [True, False]
    assert repeated([7] * 6) == [False] * 4 + [True] * 2
    assert repeated([1, 2]) == [False, False]
    assert repeated([]) == []


@given(some.lists(some.integers(0, 2), max_size=40))
def test_repetition_is_one_less_the_share_of_distinct_runs(text):
    runs = [tuple(text[i : i + RUN]) for i in range(len(text) - RUN + 1)]
    assert sum(repeated(text)) == len(runs) - len(set(runs))


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("n_prompt", [1, 6])
def test_the_work_counted_is_the_work_done(name, n_prompt):
    model, prompt = small(name), list(range(n_prompt))
    for use_cache, law in ((True, positions_with_cache), (False, positions_without_cache)):
        steps = list(generate(model, prompt, Sampling(), 7, use_cache=use_cache))
        done = np.cumsum([step.n_computed for step in steps]).tolist()
        assert done == [law(n_prompt, n + 1) for n in range(7)]


@pytest.mark.parametrize("config", [*CONFIGS.values(), PRESETS["gpt2"]])
def test_the_caches_bytes_are_those_of_its_tensors(config):
    cache = KVCache(config, capacity=3)
    held = sum(layer.k.nbytes + layer.v.nbytes for layer in cache.layers)
    assert held == kv_cache_bytes(config, 3, bytes_per_number=4)


# --------------------------------------------------------------------------- what the browser gets


@both_models
def test_the_browsers_logits_rows_and_words_are_those_of_the_trace(model):
    reader = now(model=model, token="3")
    loaded, traced = load(model), trace(model, reader.token_ids)
    header, arrays = unpack(pack_predictions(reader, traced, USUAL))
    logits, ids = traced.logits[0], reader.token_ids
    assert (header["token"], header["group"]) == (2, 1)
    assert header["vocab"] == arrays["first"].shape[1] + arrays["rest"].shape[1]
    np.testing.assert_array_equal(arrays["first"], logits.topk(EXACT).values)
    ordered = logits.sort(descending=True).values[:, EXACT:]
    np.testing.assert_allclose(arrays["rest"].astype("f4"), ordered, rtol=1e-3, atol=1e-3)
    assert header["listed"] == logits.topk(LISTED).indices.tolist()
    for i, token_id in enumerate(ids[1:]):
        assert header["next_ids"][i] == token_id
        assert header["next_logits"][i] == pytest.approx(float(logits[i, token_id]))
    row_of = {token_id: row for row, token_id in enumerate(header["mentioned"])}
    for i, listed in enumerate(header["listed"]):
        rows = arrays["rows"][[row_of[t] for t in listed]].astype("f4")
        np.testing.assert_allclose(rows @ arrays["x"][i].astype("f4"), arrays["first"][i, :LISTED],
                                   atol=0.05)  # fmt: skip
        assert loaded.tokenizer.pieces(listed) == [
            header["mentioned_pieces"][row_of[t]] for t in listed
        ]


@each_kind
def test_a_sentence_of_32_tokens_is_under_250_kilobytes(model):
    text = "The big dog ran to a red house by the sea, where an old man sold fish and bread. "
    reader = now(" ".join((text * 2).split()[:29]), model)
    assert 30 <= len(reader.token_ids) <= 34
    packed = pack_predictions(reader, trace(model, reader.token_ids), USUAL)
    assert len(packed) * 32 / len(reader.token_ids) < 250_000


@both_models
def test_surprise_told_is_the_loss(model):
    reader = now(model=model)
    told = describe_surprise(reader, trace(model, reader.token_ids))
    ids = torch.tensor(reader.token_ids)
    with torch.inference_mode():
        logits = load(model).model(ids[None])[0]
    nats = F.cross_entropy(logits[:-1], ids[1:], reduction="none")
    np.testing.assert_allclose(told["nats"], nats, atol=1e-4)
    assert told["mean"] == pytest.approx(float(nats.mean()), abs=1e-5)
    by_scipy = entropy(logits[:-1].double().softmax(-1).numpy(), axis=-1)
    np.testing.assert_allclose(told["entropy"], by_scipy, atol=1e-4)
    assert told["uniform"] == pytest.approx(8.318, abs=5e-4)
    n_bytes = len(CAT.encode()) - len(load(model).tokenizer.token_bytes(reader.token_ids[0]))
    assert told["n_bytes"] == n_bytes
    assert told["bits_per_byte"] == pytest.approx(float(nats.sum()) * log2(np.e) / n_bytes)
    for i, expected in enumerate(told["expected"]):
        shares = logits[i].softmax(-1)
        assert expected[0][1] == pytest.approx(float(shares.max()), abs=1e-5)
        assert told["ranks"][i] == int((shares > shares[ids[i + 1]]).sum())


def test_the_last_word_shown_of_a_long_text_knows_what_came_after_it():
    reader = now("Tom went to the park. " * 14)
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    header, _ = unpack(pack_predictions(reader, traced, USUAL))
    assert len(header["pieces"]) == SHOWN < len(reader.token_ids)
    assert header["next_ids"] == list(reader.token_ids[1 : SHOWN + 1])


def test_one_token_has_no_surprise():
    reader = now("a")
    told = describe_surprise(reader, trace(reader.model_name, reader.token_ids))
    assert (told["nats"], told["mean"], told["bits_per_byte"]) == ([], None, None)


@both_models
def test_what_is_played_is_what_generate_does_without_a_cache(model):
    reader, settings = now(model=model), {**USUAL, "top_k": 20, "min_p": 0.02, "sample_length": 12}
    told = describe_generation(reader, settings, written(reader, settings))
    loaded, how = load(model), Sampling(top_k=20, min_p=0.02)
    seed = int(settings["sample_seed"])
    steps = list(generate(loaded.model, reader.token_ids, how, 12, seed, use_cache=False))
    assert [s["piece"] for s in told["steps"]] == loaded.tokenizer.pieces(
        [s.token_id for s in steps]
    )
    for shown, step in zip(told["steps"], steps, strict=True):
        assert shown["probability"] == pytest.approx(step.probability, abs=1e-4)
        wanted = filter_steps(step.logits, how)
        assert [k for _, k in shown["kept"]] == pytest.approx(
            [int(f.kept.sum()) for f in wanted], abs=1
        )
        assert shown["best"][0][1] == pytest.approx(float(wanted[-1].probabilities.max()), abs=1e-4)
    assert told["without_cache"][-1] == sum(step.n_computed for step in steps)
    assert [s["computed"] for s in told["steps"]] == [len(reader.token_ids)] + [1] * 11
    assert told["done"]
    assert told["asked"] == 12


def test_a_full_context_is_told():
    reader = now("the " * 400)
    told = describe_generation(reader, USUAL, written(reader))
    assert (told["full"], told["steps"], told["done"]) == (256, [], True)
    reader = now("the " * 250)
    nearly = describe_generation(reader, USUAL, written(reader))
    assert (nearly["full"], len(nearly["steps"])) == (256, 256 - len(reader.token_ids))


def test_few_tokens_are_written_unasked_and_then_a_stretch_at_a_time(monkeypatch):
    writing = Writing(order_of(now(), USUAL))
    begin(writing)
    assert len(writing.steps) == UNASKED
    begin(writing)
    assert len(writing.steps) == UNASKED
    write_on([writing], seconds=0)
    assert len(writing.steps) == UNASKED + 1
    held = []
    monkeypatch.setattr(models.HEAVY_PASSES, "acquire", lambda: held.append(1) or True)
    monkeypatch.setattr(models.HEAVY_PASSES, "release", lambda: held.append(-1))
    monkeypatch.setattr(type(models.HEAVY_PASSES), "__enter__", lambda s: s.acquire())
    monkeypatch.setattr(type(models.HEAVY_PASSES), "__exit__", lambda s, *_: s.release())
    write_on([writing], seconds=60)
    assert held == [1, -1] * (int(USUAL["sample_length"]) - UNASKED - 1)  # others pass in between


@each_kind
def test_a_text_ends_where_its_own_stop_token_comes(model, monkeypatch):
    reader = now(model=model)
    settings = {**USUAL, "temperature": 0}
    third = written(reader, settings).token_ids[2]
    monkeypatch.setattr(load(model).tokenizer, "stop_ids", frozenset({third}))
    writing = written(reader, settings)
    told = describe_generation(reader, settings, writing)
    assert writing.token_ids.index(third) == len(writing.token_ids) - 1 <= 2
    assert told["ended"] == load(model).tokenizer.pieces([third])[0]
    assert (told["done"], told["full"]) == (True, None)


def test_both_ways_are_written_side_by_side_and_only_when_asked_for():
    reader = now()
    ways = [Writing(way.order) for way in ordered_ways(reader, seed=1)]
    told = describe_ways(reader, *ways)
    assert (told["greedy"]["pieces"], told["sampled"]["pieces"]) == ([], [])
    for n in range(1, 5):
        write_on(ways, seconds=0)
        assert sum(len(way.steps) for way in ways) == n
        assert abs(len(ways[0].steps) - len(ways[1].steps)) <= 1
    write_on(ways, seconds=600)
    told, loaded = describe_ways(reader, *ways), load("fable-classic")
    for way, how in zip(ways, (Sampling(temperature=0), Sampling()), strict=True):
        steps = generate(loaded.model, reader.token_ids, how, len(way.token_ids), 1)
        assert way.token_ids == [step.token_id for step in steps]
    assert told["greedy"]["done"]
    ids = [*reader.token_ids, *ways[0].token_ids]
    assert told["greedy"]["repeated"] == repeated(ids, start=len(reader.token_ids))


@each_kind
def test_each_round_of_a_repeated_text_is_told_with_its_probability(model):
    reader = now(model=model)
    loaded, ids = load(model), reader.token_ids[:ECHOED]
    told = echo_of(model, ids)
    assert len(told) == ROUNDS
    seen, chances, firsts = [], [], []
    for token_id in ids * 3:  # a token at a time, by another way than one pass
        if seen:
            logits = loaded.model(torch.tensor([seen]))[0, -1].double()
            chances.append(float(logits.softmax(-1)[token_id]))
            firsts.append(int(logits.argmax()) == token_id)
        seen.append(token_id)
    n = len(ids)
    for i, (start, end) in enumerate(((0, n - 1), (n - 1, 2 * n - 1), (2 * n - 1, 3 * n - 1))):
        assert told[i]["probability"] == pytest.approx(np.mean(chances[start:end]), abs=1e-4)
        assert told[i]["first"] == pytest.approx(np.mean(firsts[start:end]))
    assert told[-1]["probability"] > 2 * told[0]["probability"]


@pytest.mark.parametrize(
    "model", ["fable-classic", "fable-modern", pytest.param("smollm2", marks=real_model)]
)
def test_greedy_decoding_loops_on_the_text_that_is_offered(model):
    reader = now(LOOPS[model], model)
    greedy, _ = (Writing(way.order) for way in ordered_ways(reader, seed=1))
    write_on([greedy], seconds=600)
    told = describe_ways(reader, greedy, greedy)["greedy"]
    assert np.mean(told["repeated"]) > 0.6
    assert all(told["repeated"][-20:])  # to the end


def test_a_repeated_text_stays_within_what_is_run():
    assert len(echo_of("fable-classic", tuple(range(5, 5 + ECHOED)))) == ROUNDS
    assert len(echo_of("fable-classic", (5,))) == ROUNDS - 1  # the first token has no prediction


@both_models
def test_the_final_norms_first_number_is_told_step_by_step(model):
    reader = now(model=model)
    traced = trace(model, reader.token_ids)
    header, arrays = unpack(pack_predictions(reader, traced, USUAL))
    x = traced.blocks[-1].resid_post[0].double().numpy()
    layer = model == "fable-classic"
    assert header["norm"] == ("layer_norm" if layer else "rms_norm")
    mean = x.mean(-1) if layer else np.zeros(len(x))
    np.testing.assert_allclose(arrays["norm"][:, 0], x[:, 0], rtol=1e-4)
    np.testing.assert_allclose(arrays["norm"][:, 1], mean, atol=1e-4)
    spread = np.sqrt(((x - mean[:, None]) ** 2).mean(-1))
    np.testing.assert_allclose(arrays["norm"][:, 2], spread, rtol=1e-3)
    first, mean, spread, gain, bias = arrays["norm"].T
    made = (first - mean) / spread * gain + bias
    np.testing.assert_allclose(made, traced.final_norm[0, :, 0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(arrays["before"].astype("f4"), x[:, : arrays["before"].shape[1]],
                               rtol=2e-3, atol=1e-2)  # fmt: skip


@real_model
def test_the_real_models_page_writes_few_tokens_and_costs_little():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(model="smollm2", text=CAPITAL)
    app.run()
    load("smollm2")
    app.switch_page("pages/n1_forward_pass/predict/predict.py").run()
    assert not app.exception
    assert len(boards(app)) == 3
    open_fold(app)
    assert len(boards(app)) == 4
    assert len(app.session_state["generation-writing"].steps) == UNASKED
    for name in ("two-ways-greedy", "two-ways-sampled"):
        assert app.session_state[name].steps == []
    for question in questions.prediction_questions_for(now(CAPITAL, "smollm2")):
        assert [option.right for option in question.options].count(True) == 1


# ---------------------------------------------------------------------------- settings, questions


@given(some.dictionaries(some.sampled_from(sorted(RANGES)), some.text(max_size=12)))
def test_any_address_gives_settings_that_can_be_drawn_with(raw):
    settings, notices = read_settings(raw)
    assert all(RANGES[name].low <= value <= RANGES[name].high for name, value in settings.items())
    assert isinstance(sampling(settings), Sampling)
    assert all(name not in raw or raw[name] or value == RANGES[name].default
               for name, value in settings.items())  # fmt: skip
    assert not any("<" in notice for notice in notices)


def test_settings_by_hand():
    settings, notices = read_settings(
        {"temperature": "0.72", "top_k": "40", "top_p": "7", "min_p": "x", "sample_length": "9"}
    )
    assert sampling(settings) == Sampling(temperature=0.7, top_k=40)
    assert settings["sample_length"] == 9
    assert notices == (
        "The top-p goes from 0.05 to 1 here; 1 is used.",
        "The address names no valid min-p; the usual one is used.",
    )
    assert sampling(USUAL) == Sampling()


@both_models
@pytest.mark.parametrize("text", ["a", "Hi you", *TEXTS, "the " * 400, "👩‍👩‍👧 <b>*x*</b>"])
def test_each_question_has_exactly_one_right_answer(model, text):
    for token in ("1", "2", ""):
        reader = now(text, model, token=token)
        for question in questions.prediction_questions_for(reader):
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.text for option in question.options}) == len(question.options)
            assert all(option.why for option in question.options)


def test_by_hand_the_nucleus_and_the_perplexity():
    asked = questions.nucleus_question(now(STORY))
    percents = [float(x) / 100 for x in re.findall(r"([\d.]+) %", asked.text)]
    p = float(re.search(r"top-p = ([\d.]+)", asked.text)[1])
    best = trace("fable-classic", now(STORY).token_ids).logits[0, -1].softmax(-1).topk(4).values
    np.testing.assert_allclose(percents, best, rtol=0.06)
    kept = 1 + int((np.cumsum(percents) < p).sum())
    assert next(o.text for o in asked.options if o.right).startswith(f"{kept} token")
    assert questions._nucleus((0.5, 0.3, 0.15, 0.05)) == (3, 0.88)
    assert questions._nucleus((0.999, 0.0005, 0.0003, 0.0001)) == (1, 0.5)
    assert questions._nucleus((0.01, 0.01, 0.01, 0.01))[0] == 0
    right = next(o for o in questions.perplexity_question().options if o.right)
    assert right.text == f"{1 / np.sqrt(1 / 2 * 1 / 8):.0f}"


def test_the_right_answers_are_right():
    reader = now(STORY)
    cold, usual = (
        filter_steps(trace(reader.model_name, reader.token_ids).logits[0, -1], Sampling(t))[0]
        for t in (0.5, 1.0)
    )
    temperature, _, _, cache = questions.prediction_questions_for(reader)
    first = int(usual.probabilities.argmax())
    ratios = [s.probabilities[first] / s.probabilities for s in (usual, cold)]
    named = [float(option.text.split()[0]) for option in temperature.options]
    other = int((ratios[0] - named[1]).abs().argmin())
    assert float(ratios[1][other]) == pytest.approx(named[3], rel=5e-3)
    prompt = len(reader.token_ids)
    assert next(o.text for o in cache.options if o.right) == str(prompt + 19)


@pytest.mark.parametrize("nonsense", ["99999", "-1", "<script>", "nan", "\uff19", "1e9"])
def test_odd_settings_are_told_and_the_page_stands(nonsense):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name in RANGES:
        app.query_params[name] = nonsense
    app.run()
    app.switch_page("pages/n1_forward_pass/predict/predict.py").run()
    assert not app.exception
    assert len(boards(app)) == 3
    assert any("is used" in caption.value for caption in app.caption)
    assert not any("<script>" in caption.value for caption in app.caption)
