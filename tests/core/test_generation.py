"""Generation against Hugging Face's filters, and against itself without the cache."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.generation import (
    MinPLogitsWarper,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from transformer_core import fast
from transformer_core.config import TransformerConfig
from transformer_core.generation import (
    ContextFull,
    GenerationStep,
    Sampling,
    draw,
    filter_steps,
    generate,
    until,
)
from transformer_core.transformer import Transformer

CLASSIC = TransformerConfig(
    vocab_size=101, context_length=32, d_model=48, n_layers=3, n_heads=6, n_kv_heads=6, d_ff=96
)
MODERN = replace(
    CLASSIC, n_kv_heads=2, position="rope", norm="rms_norm", activation="swiglu", bias=False
)
CONFIGS = {
    "classic": CLASSIC,
    "modern": MODERN,
    "alibi": replace(CLASSIC, position="alibi", n_kv_heads=1, tied_embeddings=False),
    "post_norm": replace(CLASSIC, position="sinusoidal", block="post_norm"),
    "none": replace(CLASSIC, position="none", activation="relu"),
}
KINDS = ("readable", "prepared")
GREEDY = Sampling(temperature=0)


def make(config: TransformerConfig, seed: int = 0) -> Transformer:
    model = Transformer(config)
    model.initialise(seed)
    with torch.no_grad():  # GPT-2's start predicts every token alike; sharper choices test more
        for parameter in model.parameters():
            parameter.mul_(4) if parameter.ndim == 2 else parameter.add_(
                torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)), alpha=0.1
            )
    return model


@pytest.fixture(
    scope="module", params=[(name, kind) for name in CONFIGS for kind in KINDS], ids=str
)
def model(request):
    """Every variant as it was initialised, and prepared as after loading."""
    name, kind = request.param
    model = make(CONFIGS[name])
    return model if kind == "readable" else fast.prepare(model)


def steps_of(*args, **kwargs) -> list[GenerationStep]:
    return [event for event in generate(*args, **kwargs) if isinstance(event, GenerationStep)]


def tokens_of(*args, **kwargs) -> list[int]:
    return [step.token_id for step in steps_of(*args, **kwargs)]


def warpers(sampling: Sampling) -> dict:
    """The same settings as Hugging Face's objects, in the order in which it applies them."""
    made = {"temperature": TemperatureLogitsWarper(float(sampling.temperature))}
    for name, kind in {
        "top_k": TopKLogitsWarper,
        "top_p": TopPLogitsWarper,
        "min_p": MinPLogitsWarper,
    }.items():
        if (setting := getattr(sampling, name)) is not None:
            made[name] = kind(setting)
    return made


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(temperature=0.3),
        Sampling(temperature=5.0),
        Sampling(top_k=1),
        Sampling(top_k=7),
        Sampling(top_k=5000),
        Sampling(top_p=0.001),
        Sampling(top_p=0.9),
        Sampling(top_p=1.0),
        Sampling(min_p=0.0),
        Sampling(min_p=0.1),
        Sampling(min_p=1.0),
        Sampling(0.7, 50, 0.8, 0.05),
        Sampling(1.5, 3, 0.5, 0.5),
    ],
    ids=str,
)
@pytest.mark.parametrize("spread", [0.5, 5.0])
def test_filters_agree_with_hugging_face(sampling, spread):
    for seed in range(20):
        logits = torch.randn(300, generator=torch.Generator().manual_seed(seed)) * spread
        expected = logits[None]
        for step, (name, warp) in zip(
            filter_steps(logits, sampling), warpers(sampling).items(), strict=True
        ):
            expected = warp(torch.tensor([[0]]), expected)
            assert step.name == name
            assert torch.equal(step.kept, expected[0] > -torch.inf)
            torch.testing.assert_close(step.probabilities, expected[0].softmax(-1))


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=12),
    st.integers(1, 14),
    st.floats(0.01, 1.0),
    st.floats(0.0, 1.0),
)
def test_filters_agree_where_tokens_are_equally_likely(logits, k, p, least):
    logits = torch.tensor(logits, dtype=torch.float32)
    for name, setting in (("top_k", k), ("top_p", p), ("min_p", least)):
        sampling = Sampling(**{name: setting})
        expected = warpers(sampling)[name](torch.tensor([[0]]), logits[None])[0]
        ours = filter_steps(logits, sampling)[-1]
        # Which of two equals falls to top-p is the sort's choice; how many and how likely is not.
        assert ours.kept.sum() == (expected > -torch.inf).sum()
        torch.testing.assert_close(
            ours.probabilities.sort().values, expected.softmax(-1).sort().values
        )


@given(
    st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40),
    st.tuples(
        st.sampled_from([0, 1e-6, 1e-3, 0.7, 1.0, 1e6]),
        st.none() | st.integers(1, 50),
        st.none() | st.floats(1e-6, 1.0),
        st.none() | st.floats(0.0, 1.0),
    ),
)
def test_each_filter_keeps_the_best_token_and_never_brings_one_back(logits, settings):
    logits = torch.tensor(logits)
    steps = filter_steps(logits, Sampling(*settings))
    assert len(steps) == 1 + sum(setting is not None for setting in settings[1:])
    for i, step in enumerate(steps):
        assert step.probabilities.sum().item() == pytest.approx(1, abs=1e-5)
        assert step.probabilities[~step.kept].sum() == 0
        assert (step.kept & (logits == logits.max())).any()
        assert not (step.kept & ~steps[max(i - 1, 0)].kept).any()


def test_temperature_zero_keeps_the_most_likely_token():
    (step,) = filter_steps(torch.tensor([1.0, 3.0, 3.0, 2.0]), GREEDY)
    assert step.kept.tolist() == [False, True, False, False]
    assert step.probabilities.tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"temperature": -1}, "temperature is -1"),
        ({"temperature": 1e-9}, "temperature is 1e-09"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"temperature": float("inf")}, "temperature is inf"),
        ({"temperature": True}, "temperature is True"),
        ({"top_k": 0}, "top_k is 0"),
        ({"top_k": 2.5}, r"top_k is 2\.5"),
        ({"top_p": 0}, "top_p is 0"),
        ({"top_p": 1.1}, r"top_p is 1\.1"),
        ({"top_p": "much"}, "top_p is 'much'"),
        ({"min_p": -0.1}, r"min_p is -0\.1"),
        ({"min_p": float("nan")}, "min_p is nan"),
    ],
)
def test_a_senseless_setting_is_refused_by_name(settings, named):
    with pytest.raises(ValueError, match=named):
        Sampling(**settings)


@pytest.mark.parametrize("sampling", [GREEDY, Sampling(), Sampling(0.8, 20, 0.9, 0.02)], ids=str)
def test_the_cache_changes_no_token_and_no_logit(model, sampling):
    prompt = [5, 17, 3, 88, 5]
    cached = steps_of(model, prompt, sampling, 20, seed=3)
    plain = steps_of(model, prompt, sampling, 20, seed=3, use_cache=False)
    assert [step.token_id for step in cached] == [step.token_id for step in plain]
    assert [step.n_computed for step in cached] == [5] + 19 * [1]
    assert [step.n_computed for step in plain] == list(range(5, 25))
    for ours, theirs in zip(cached, plain, strict=True):
        torch.testing.assert_close(ours.logits, theirs.logits, atol=1e-5, rtol=1e-5)


def test_greedy_takes_what_the_forward_pass_ranks_first(model):
    token_ids = [5, 17, 3]
    for step in steps_of(model, list(token_ids), GREEDY, 12):
        logits = model(torch.tensor([token_ids]))[0, -1]
        torch.testing.assert_close(step.logits, logits.detach(), atol=1e-5, rtol=1e-5)
        assert step.token_id == logits.argmax().item()
        assert step.probability == 1
        token_ids.append(step.token_id)


def test_the_seed_decides_the_tokens(model):
    draws = [tokens_of(model, [1, 2], Sampling(2.0), 15, seed=seed) for seed in (4, 4, 5)]
    assert draws[0] == draws[1] != draws[2]


def test_tokens_are_drawn_as_often_as_their_probability_says():
    model = make(CONFIGS["classic"])
    sampling = Sampling(0.5, top_k=4)
    counts = torch.zeros(101)
    for seed in range(600):
        (step,) = steps_of(model, [9], sampling, 1, seed=seed)
        counts[step.token_id] += 1
    expected = step.filters[-1].probabilities
    assert step.probability == expected[step.token_id]
    assert counts[~step.filters[-1].kept].sum() == 0
    deviation = (600 * expected * (1 - expected)).sqrt()
    assert ((counts - 600 * expected).abs() <= 4 * deviation + 1e-3).all()


@pytest.mark.parametrize("use_cache", [True, False])
def test_a_full_context_ends_the_stream_with_an_event(model, use_cache):
    events = list(generate(model, list(range(29)), GREEDY, 100, use_cache=use_cache))
    assert [type(event) for event in events] == 3 * [GenerationStep] + [ContextFull]
    assert events[-1] == ContextFull(32)
    assert list(generate(model, list(range(32)), GREEDY, 1)) == [ContextFull(32)]
    assert list(generate(model, list(range(40)), GREEDY, 1)) == [ContextFull(32)]


def test_the_stream_ends_at_the_stop_token_and_at_the_count(model):
    tokens = tokens_of(model, [5, 6], GREEDY, 8)
    assert len(tokens) == 8
    stop = tokens[3]
    kept = [event.token_id for event in until(generate(model, [5, 6], GREEDY, 8), {stop, 999})]
    assert kept == tokens[: tokens.index(stop) + 1]
    assert len(list(until(generate(model, [5, 6], GREEDY, 8), ()))) == 8
    assert tokens_of(model, [5, 6], GREEDY, 0) == []


def test_nothing_to_continue_is_refused_at_once(model):
    with pytest.raises(ValueError, match="no tokens"):
        generate(model, [], GREEDY, 3)
    with pytest.raises(ValueError, match="max_new_tokens is -1"):
        generate(model, [1], GREEDY, -1)


def test_streams_on_one_model_do_not_disturb_each_other(model):
    prompts = ([1, 2, 3], [7, 7], [100, 4, 50, 2])
    alone = [tokens_of(model, prompt, GREEDY, 10) for prompt in prompts]
    streams = [generate(model, prompt, GREEDY, 10) for prompt in prompts]
    together = list(zip(*streams, strict=True))
    assert [[step.token_id for step in stream] for stream in zip(*together, strict=True)] == alone


def test_the_caller_keeps_its_list_and_its_gradients(model):
    prompt = [1, 2, 3]
    for _ in generate(model, prompt, GREEDY, 3):
        assert torch.is_grad_enabled()
    assert prompt == [1, 2, 3]


NO_NUMBERS = {
    "nan": [1.0, float("nan"), 0.0],
    "inf": [1.0, float("inf"), 0.0],
    "-inf": [-float("inf")] * 3,
}


@pytest.mark.parametrize("named", NO_NUMBERS)
@pytest.mark.parametrize("sampling", [GREEDY, Sampling(), Sampling(0.5, 2, 0.9, 0.1)], ids=str)
def test_logits_that_are_no_numbers_are_refused(named, sampling):
    with pytest.raises(ValueError, match=f"largest of the logits is {named}"):
        filter_steps(torch.tensor(NO_NUMBERS[named]), sampling)


def test_a_token_that_is_out_already_stays_out():
    steps = filter_steps(torch.tensor([-torch.inf, 0.0, 1.0]), Sampling(0.5, top_k=3))
    assert steps[-1].kept.tolist() == [False, True, True]


@pytest.mark.parametrize("total", ["nan", "inf", "0.0"])
def test_no_token_is_drawn_by_chances_that_are_none(total):
    with pytest.raises(ValueError, match=f"add up to {total}"):
        draw(torch.tensor([float(total), 0.0]), torch.Generator())


def test_a_drawn_token_is_always_one_of_the_vocabulary(monkeypatch):
    monkeypatch.setattr(torch, "rand", lambda *_, dtype, **__: torch.ones(1, dtype=dtype))
    assert draw(torch.tensor([0.5, 0.5]), torch.Generator()) == 1


@pytest.mark.parametrize("sampling", [GREEDY, Sampling()], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_a_model_that_overflows_says_so(sampling, kind):
    model = make(CLASSIC)
    model.final_norm.gain.data[:] = torch.inf
    model = model if kind == "readable" else fast.prepare(model)
    with pytest.raises(ValueError, match="no token can be chosen"):
        next(generate(model, [1, 2], sampling, 3))
