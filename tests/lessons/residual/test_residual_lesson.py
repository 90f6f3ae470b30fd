"""The Residual lesson's numbers against independent computations."""

import json
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from math import isfinite, log10, sqrt

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as some
from torch.func import functional_call

import pages.n1_forward_pass.residual.depth_charts as depth_charts
import pages.n1_forward_pass.residual.depth_questions as depth_questions
import pages.n1_forward_pass.residual.residual_board as residual_board
import pages.n1_forward_pass.residual.residual_questions as questions
import pages.n1_forward_pass.residual.without_board as without_board
import pages.n1_forward_pass.residual.word_vectors as word_vectors
from figures.depth import COLOURS, depth_figure
from tests.core.variants import config as variant
from tests.core.variants import filled, random, token_ids
from tests.lessons.test_lessons import visit
from tests.real_model import real_model
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.lens import depth
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.prediction import token_losses
from transformer_core.lens.removal import FINAL_NORM, KINDS, every_part, run_without
from transformer_core.lens.residual_stream import MASSIVE, pushes, summands, times_as_long
from transformer_core.norms import NORMS
from transformer_core.transformer import Transformer
from ui.examples import CAPITAL, STORY
from ui.models import LoadedModel, load, trace
from ui.state import Reader, read_state

PAGE = "pages/n1_forward_pass/residual/residual.py"
DEPTH = "pages/n1_forward_pass/residual/depth.py"
VARIANTS = {
    "gpt2": variant(n_layers=3),
    "llama": variant(
        n_layers=3,
        n_kv_heads=2,
        position="rope",
        norm="rms_norm",
        activation="swiglu",
        bias=False,
        tied_embeddings=False,
    ),
}
each_variant = pytest.mark.parametrize("name", VARIANTS)


def model_and_ids(name: str, n: int = 7):
    return filled(Transformer(VARIANTS[name])), token_ids(1, n)


# ------------------------------------------------------------------------------------- the norm


@pytest.mark.parametrize("kind", NORMS)
def test_norm_steps_are_those_of_pytorchs_own_layer(kind):
    ours = filled(NORMS[kind](variant()))
    x = 7 * random(5, 16)
    steps = norm_steps(ours, x)
    theirs = torch.nn.LayerNorm(16) if kind == "layer_norm" else torch.nn.RMSNorm(16, eps=1e-5)
    theirs.weight.data = ours.gain
    if kind == "layer_norm":
        theirs.bias.data = ours.bias
        np.testing.assert_allclose(
            steps.spread[:, 0], np.sqrt(x.numpy().var(axis=1) + 1e-5), rtol=1e-5
        )
    torch.testing.assert_close(steps.output, theirs(x).detach())
    torch.testing.assert_close((x - steps.mean) / steps.spread, steps.standardised)


@given(some.floats(0.1, 1e4), some.sampled_from(sorted(NORMS)))
def test_a_standardised_vector_is_root_d_long_whatever_came_in(scale, kind):
    x = scale * random(3, 16, seed=1)
    length = norm_steps(NORMS[kind](variant()), x).standardised.norm(dim=-1)
    torch.testing.assert_close(length, torch.full((3,), sqrt(16)), rtol=2e-3, atol=0)


# ------------------------------------------------------------------------------------ the stream


@each_variant
def test_the_stream_is_the_running_sum_of_what_is_added(name):
    model, ids = model_and_ids(name)
    traced = model.trace(ids)
    stream = summands(traced).cumsum(0)
    for layer, block in enumerate(traced.blocks):
        torch.testing.assert_close(stream[2 * layer], block.resid_pre[0])
        torch.testing.assert_close(stream[2 * layer + 1], block.resid_mid[0])
        torch.testing.assert_close(stream[2 * layer + 2], block.resid_post[0])


@each_variant
def test_pushes_add_up_to_the_logit_of_any_token(name):
    model, ids = model_and_ids(name)
    traced = model.trace(ids)
    for token in range(0, 19, 6):
        targets = (torch.arange(7) + token) % 19
        added = pushes(model, traced, targets)
        assert added.shape == (2 + 2 * 3, 7)
        exact = traced.logits[0].gather(1, targets[:, None])[:, 0]
        torch.testing.assert_close(added.sum(0), exact, rtol=1e-4, atol=1e-4)


def test_how_many_times_as_long_by_hand():
    lengths = torch.tensor([[4.0, 1.0, 2.0, 3.0], [90.0, 3.0, 1.0, 2.0]])
    times, token = times_as_long(lengths)
    assert (times.tolist(), token) == ([2.0, 45.0], 0)
    assert times_as_long(lengths[:, :1])[0].tolist() == [1.0, 1.0]


# --------------------------------------------------------------------------------------- removal


@each_variant
def test_nothing_removed_is_the_models_own_pass(name):
    model, ids = model_and_ids(name)
    before = deepcopy(model.state_dict())
    stream, logits = run_without(model, model.embed(ids), frozenset())
    torch.testing.assert_close(logits, model(ids))
    for x, block in zip(stream[1:], model.trace(ids).blocks, strict=True):
        torch.testing.assert_close(x, block.resid_post)
    run_without(model, model.embed(ids), frozenset(every_part(model.config)))
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


@each_variant
def test_a_branch_removed_is_a_branch_whose_output_weights_are_zero(name):
    model, ids = model_and_ids(name)
    for kind, matrix in (("attention", "out_proj"), ("feed_forward", "down_proj")):
        stem = f"blocks.1.{kind}.{matrix}"
        silent = {key: p * 0 for key, p in model.named_parameters() if key.startswith(stem)}
        expected = functional_call(model, silent, (ids,))
        found = run_without(model, model.embed(ids), frozenset({(kind, 1)}))[1]
        torch.testing.assert_close(found, expected)


@each_variant
def test_a_norm_removed_is_an_identity_in_its_place(name):
    model, ids = model_and_ids(name)
    for kind in ("attention_norm", "feed_forward_norm"):
        edited = deepcopy(model)
        setattr(edited.blocks[1], kind, torch.nn.Identity())
        found = run_without(model, model.embed(ids), frozenset({(kind, 1)}))[1]
        torch.testing.assert_close(found, edited(ids))
    edited = deepcopy(model)
    edited.final_norm = torch.nn.Identity()
    found = run_without(model, model.embed(ids), frozenset({(FINAL_NORM, 2)}))[1]
    torch.testing.assert_close(found, edited(ids))


@each_variant
def test_a_skip_removed_leaves_what_the_sublayer_wrote(name):
    model, ids = model_and_ids(name)
    block = model.trace(ids).blocks[1]
    x = block.resid_pre
    stream, _ = run_without(model, x, frozenset({("feed_forward_skip", 1)}), first_layer=1)
    torch.testing.assert_close(stream[1], block.feed_forward.output)
    stream, _ = run_without(model, x, frozenset({("attention_skip", 1)}), first_layer=1)
    y = block.attention.output
    own = model.blocks[1]
    torch.testing.assert_close(stream[1], y + own.feed_forward(own.feed_forward_norm(y)))
    both = frozenset({("attention_skip", 1), ("attention", 1), ("feed_forward_skip", 1)})
    zero = torch.zeros_like(x)
    expected = own.feed_forward(own.feed_forward_norm(zero))
    torch.testing.assert_close(run_without(model, x, both, 1)[0][1], expected)


@each_variant
def test_every_part_matters_and_a_run_may_start_where_it_is_missing(name):
    model, ids = model_and_ids(name)
    traced = model.trace(ids)
    parts = every_part(model.config)
    assert len(parts) == len(set(parts)) == 6 * 3 + 1
    for part in parts:
        _, whole = run_without(model, model.embed(ids), frozenset({part}))
        x = traced.blocks[part[1]].resid_pre
        _, late = run_without(model, x, frozenset({part}), part[1])
        torch.testing.assert_close(late, whole)
        assert not torch.allclose(whole, traced.logits)


# ----------------------------------------------------------------------------------------- depth


@pytest.mark.parametrize("design", ["pre-norm", "post-norm"])
@each_variant
def test_gradients_are_those_of_a_plain_backward_pass(name, design):
    config, ids = depth.thin(VARIANTS[name], 5), token_ids(1, 9)
    found = depth.measure_depth(config, design, ids)
    model = Transformer(replace(config, block=design.replace("-", "_")))
    depth.initialise_xavier(model, seed=0)
    model.double()
    logits = model(ids)
    torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:]).backward()
    expected = [float(b.feed_forward.down_proj.weight.grad.norm()) for b in model.blocks]
    assert found.gradients == pytest.approx(expected, rel=1e-4)
    lengths = model.trace(ids).blocks[2].resid_post.norm(dim=-1).mean()
    assert found.sizes[3] == pytest.approx(float(lengths.detach()), rel=1e-4)
    assert depth.measure_depth(config, design, ids) == found


def test_xaviers_start_has_the_variance_that_its_formula_names():
    model = Transformer(depth.thin(VARIANTS["gpt2"], 2))
    depth.initialise_xavier(model, seed=0)
    up = model.blocks[0].feed_forward.up_proj.weight
    assert float(up.detach().std()) == pytest.approx(sqrt(2 / (64 + 256)), rel=0.02)
    assert float(model.embedding.detach().std()) == pytest.approx(1 / 8, rel=0.06)


def test_likeness_by_hand_and_where_it_has_none():
    x = torch.tensor([[1.0, 0], [0, 2], [3, 3]])
    assert depth.likeness(x) == pytest.approx((0 + 2 * sqrt(0.5)) / 3)
    assert depth.likeness(1e-30 * x) == pytest.approx((0 + 2 * sqrt(0.5)) / 3)
    assert depth.likeness(x[:1]) == 1.0
    assert np.isnan(depth.likeness(torch.zeros(2, 3)))
    assert np.isnan(depth.likeness(torch.full((2, 3), torch.inf)))


def test_what_the_page_says_of_depth_holds_for_layer_norm():
    """Post-norm's top gradient stays, pre-norm's falls about as 1/sqrt(depth); words grow alike."""
    ids = token_ids(1, 12, vocab_size=4096)
    config = CONFIGS["fable-classic"]

    def tops(design):
        return [
            depth.measure_depth(depth.thin(config, n), design, ids).gradients[-1] for n in (4, 24)
        ]

    shallow, deep = tops("pre-norm")
    assert 1.5 < shallow / deep < 4  # sqrt(24 / 4) = 2.4
    shallow, deep = tops("post-norm")
    assert 0.6 < shallow / deep < 1.7
    alike = depth.measure_depth(depth.thin(config, 12), "no skip", ids).likenesses
    assert alike[0] < 0.1
    assert alike[-1] > 0.99


# ---------------------------------------------------------------------------------------- figure


def test_a_curve_ends_where_its_number_does():
    curves = {"pre-norm": [1.0, 2.0, 3.0], "neither": [1.0, 1e-9, 0.0], "no norm": [1.0, 5, np.inf]}
    figure = depth_figure(curves, 0, "length", log=True)
    assert [list(trace.y) for trace in figure.data] == [
        [1.0, 2.0, 3.0],
        [1.0, None, None],
        [1.0, 5.0, None],
    ]
    assert [list(trace.x) for trace in figure.data] == [[0, 1, 2]] * 3
    missing = depth_figure({"pre-norm": [1.0], "neither": [0.0]}, 1, "", log=True)
    assert len(missing.data) == 1


@given(some.lists(some.floats(0.01, 100), min_size=5, max_size=5), some.booleans())
def test_names_at_one_end_do_not_touch(ends, log):
    curves = {name: [1.0, end] for name, end in zip(COLOURS, ends, strict=True)}
    figure = depth_figure(curves, 0, "", log)
    heights = sorted(note.y for note in figure.layout.annotations)
    scale = [log10(v) if log else v for v in [1.0, *ends]]
    apart = 0.08 * ((max(scale) - min(scale)) or 1)
    assert all(b - a >= apart * 0.999 for a, b in pairwise(heights))


def test_ticks_are_written_also_where_curves_hardly_differ():
    near = depth_figure({"pre-norm": [1.8, 2.6]}, 1, "", log=True).layout
    assert (near.yaxis.dtick, near.xaxis.dtick) == ("D2", 1)
    far = depth_figure({"pre-norm": [1.0] * 12, "neither": [1e-5] * 12}, 1, "", log=True).layout
    assert (far.yaxis.dtick, far.xaxis.dtick) == (1, None)


@pytest.mark.parametrize(
    ("arriving", "told"),
    [
        ([8.0, 3.0, 2.0], "grows to 4.0 times its length"),
        ([0.5, 1.0, 2.0], "shrinks to 0.3 times its length"),
        ([0.0, 1e-200, 2.0], "vanishes: less than 10⁻¹⁰⁰ of it is left"),
        ([np.nan, np.nan, np.nan], "overflows"),
    ],
)
def test_a_finding_says_what_becomes_of_the_gradient(arriving, told):
    measure = depth.DepthMeasure([1.0, 1.0], arriving, [1.0] * 3, [1.0] * 3)
    found = depth_charts.arriving_finding(dict.fromkeys(("pre-norm", "neither"), measure))
    assert found.startswith(f"From layer 2 back to the embedding, the gradient {told} under")
    assert found.endswith(f"it {told}")


@pytest.mark.parametrize("model", CONFIGS)
def test_gradients_vanish_with_neither_skips_nor_norms_and_grow_with_skips_alone(model):
    found = depth_charts.measures(model, read_state({"text": STORY}).token_ids, 12)
    ratio = {name: each.arriving[0] / each.arriving[-1] for name, each in found.items()}
    assert ratio["neither"] < 1e-4
    assert ratio["no norm"] > 100
    for name in ("pre-norm", "post-norm"):
        assert 1 < ratio[name] < 50


@pytest.mark.parametrize("design", depth.DESIGNS)
@each_variant
def test_the_gradient_that_arrives_is_the_slope_of_the_loss(name, design):
    """Against a central difference: the embedding moved along its gradient and against it."""
    config, ids = depth.thin(VARIANTS[name], 3), token_ids(1, 9)
    found = depth.measure_depth(config, design, ids)
    block, lacking = depth.DESIGNS[design]
    model = depth.untrained(replace(config, block=block))
    removed = frozenset((kind, layer) for kind in lacking for layer in range(3))

    def loss(x):
        if block == "post_norm":
            for each in model.blocks:
                x = each(x)
            logits = model.unembed(model.final_norm(x))
        else:
            logits = run_without(model, x, removed)[1]
        return torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:])

    x = model.embed(ids).requires_grad_()
    (gradient,) = torch.autograd.grad(loss(x), x)
    step = 1e-6 * float(x.detach().norm()) * gradient / gradient.norm()
    with torch.no_grad():
        slope = float(loss(x + step) - loss(x - step)) / (2 * float(step.norm()))
    assert found.arriving[0] == pytest.approx(slope, rel=1e-3, abs=1e-9)
    assert len(found.arriving) == 4


@given(some.floats(-2, 2), some.floats(0.1, 2))
def test_a_skip_adds_the_identity_to_the_derivative(slope, at):
    """The derivative of x + f(x) is I + df/dx, as the page has it."""
    weight = slope * random(4, 4, seed=3)
    x = at * random(4, seed=4)

    def f(v):
        return torch.tanh(v @ weight)

    with_skip = torch.autograd.functional.jacobian(lambda v: v + f(v), x)
    torch.testing.assert_close(with_skip, torch.eye(4) + torch.autograd.functional.jacobian(f, x))


def test_the_page_s_sums_by_hand():
    assert [round(x**12, 1) for x in (0.1, 1.1, 2.0)] == [0.0, 3.1, 4096.0]
    right = [
        option.text
        for ask in (depth_questions.gradient_question, questions.length_question)
        for option in ask().options
        if option.right
    ]
    assert right == ["1.331", "5"]


# ------------------------------------------------------------------------------ what is on screen


@pytest.mark.parametrize("model", CONFIGS)
@pytest.mark.parametrize("text", ["a", STORY, "the " * 400])
def test_the_browser_gets_the_numbers_of_the_trace(folders, model, text):
    now = read_state({"text": text, "model": model, "layer": "2", "token": "1"})
    ids = now.token_ids[: word_vectors.SHOWN]
    packed = residual_board.pack_board(now)
    header, arrays = unpack(packed)
    traced, loaded = trace(model, ids), load(model)
    assert (header["layer"], header["token"], len(header["pieces"])) == (1, 0, len(ids))
    stream = arrays["added"].astype(np.float32).cumsum(0)
    final = traced.blocks[-1].resid_post[0]
    np.testing.assert_allclose(stream[-1], final, atol=5e-3 * float(final.abs().max()))
    top = traced.logits[0].topk(2)
    np.testing.assert_allclose(arrays["pushes"].sum(1), top.values.T, rtol=1e-3, atol=1e-3)
    assert header["top"][-1] == loaded.tokenizer.pieces(top.indices[-1].tolist())
    assert arrays["guessed"].shape == (loaded.config.n_layers, len(ids))
    assert ("bias" in arrays) == (loaded.config.norm == "layer_norm")
    assert arrays["gain"].shape == (2 * loaded.config.n_layers + 1, loaded.config.d_model)


def test_a_sentence_of_32_tokens_is_under_400_kilobytes():
    now = shortened(read_state({"text": "Lily saw a cat and a dog in the park. " * 9}), 32)
    assert len(residual_board.pack_board(now)) < 400_000


def shortened(now: Reader, n: int) -> Reader:
    assert len(now.token_ids) >= n
    return replace(now, token_ids=now.token_ids[:n], pieces=now.pieces[:n], chosen_token=n - 1)


@pytest.mark.parametrize("model", CONFIGS)
def test_a_word_that_was_not_sent_can_be_asked_for(folders, monkeypatch, model):
    now = read_state({"text": STORY, "model": model, "token": "2"})
    whole_header, whole = unpack(residual_board.pack_board(now))
    monkeypatch.setattr(LoadedModel, "is_small", False)
    header, arrays = unpack(residual_board.pack_board(now))
    assert header["sent"] == [1]
    assert arrays["added"].shape[1] == 1
    np.testing.assert_array_equal(arrays["lengths"], whole["lengths"])
    for token in (0, len(now.token_ids) - 1):
        asked = {**header["sentence"], "token": str(token + 1)}
        told, word = unpack(word_vectors.packed_word(asked))
        assert told["sent"] == [token]
        assert told["guesses"] == [[row[token]] for row in whole_header["guesses"]]
        np.testing.assert_array_equal(word["added"][:, 0], whole["added"][:, token])
        np.testing.assert_allclose(word["guessed"][:, 0], whole["guessed"][:, token], rtol=1e-3)


@real_model
def test_the_real_models_first_stream_is_massive_and_comes_whole():
    now = read_state({"text": CAPITAL, "model": "smollm2", "token": "1"})
    header, arrays = unpack(residual_board.pack_board(now))
    blocks = trace("smollm2", now.token_ids).blocks
    told = header["massive"]
    assert (told["token"], told["first"]) == (0, 11)
    assert told["length"] == pytest.approx(22_700, rel=0.05)
    assert 100 < told["others"] < 200
    lengths = torch.stack([block.resid_post[0].norm(dim=-1) for block in blocks])
    times = lengths[:, 0] / lengths[:, 1:].median(dim=1).values
    assert (times > MASSIVE).nonzero()[:, 0].tolist() == list(range(11, told["last"] + 1))
    added = arrays["added"].astype(np.float64)
    for row, (summand, word) in enumerate(arrays["rest_at"].tolist()):
        added[summand, word] += arrays["rest"][row].astype(np.float64)
    final = blocks[-1].resid_post[0, 0]
    np.testing.assert_allclose(added[:, 0].sum(0), final, atol=2e-3 * float(final.abs().max()))


@real_model
def test_the_real_model_sends_one_word_and_measures_twelve_parts_when_asked():
    now = shortened(
        read_state({"text": "Lily saw a cat in the park. " * 9, "model": "smollm2"}), 32
    )
    removal = without_board.removal_message(now, frozenset())
    assert len(residual_board.pack_board(now)) + len(json.dumps(removal)) < 250_000
    asked = {"text": now.text, "model": "smollm2"}
    assert len(word_vectors.packed_word({**asked, "token": "3"})) < 100_000
    assert removal["overview"] == {}
    assert (len(set(removal["candidates"])), removal["n_parts"]) == (12, 181)
    traced = trace("smollm2", now.token_ids)
    towards = pushes(load("smollm2").model, traced, traced.logits[0].argmax(-1))
    given = towards[1:-1, -1].abs()
    names = [f"{kind}{layer}" for layer in range(1, 31) for kind in "am"]
    weakest = min(float(given[names.index(code)]) for code in removal["candidates"])
    assert sum(float(each) > weakest for each in given) == 11
    header, _ = unpack(without_board.packed_part({**asked, "part": "a25"}))
    assert header["code"] == "a25"


@pytest.mark.parametrize("part", ["", "zz", "a99", "a1.m1", "<script>"])
def test_an_odd_part_is_the_first_one(folders, part):
    header, _ = unpack(without_board.packed_part({"text": STORY, "part": part}))
    assert header["code"] == "a1"
    ids = read_state({"text": STORY}).token_ids
    wanted = without_board.outcome("fable-classic", ids, frozenset({("attention", 0)}))
    assert header["alone"]["loss"] == pytest.approx(wanted["loss"])


@given(some.sets(some.tuples(some.sampled_from(KINDS), some.integers(0, 2)), max_size=9))
@settings(max_examples=30)
def test_removed_parts_survive_the_address(parts):
    loaded = type("Loaded", (), {"config": VARIANTS["gpt2"]})
    codes = ".".join(without_board.code(part) for part in parts)
    assert without_board.parts_named(codes, loaded) == (frozenset(parts), True)


@pytest.mark.parametrize("text", ["x", "a0", "a4", "a-1", "a1..q", "<script>", "f1", "\uff411"])
def test_parts_that_do_not_exist_stay_in(text):
    loaded = type("Loaded", (), {"config": VARIANTS["gpt2"]})
    parts, understood = without_board.parts_named(text, loaded)
    assert not understood
    assert parts <= {("attention", 0)}


@pytest.mark.parametrize("model", CONFIGS)
def test_losses_on_screen_are_those_of_the_edited_pass(folders, model):
    now = read_state({"text": STORY, "model": model})
    ids = now.token_ids
    removed = frozenset({("attention", 0), ("feed_forward_norm", 1)})
    told = without_board.removal_message(now, removed)
    assert told["removed"] == ["a1", "mn2"]
    with torch.inference_mode():
        own, batch = load(model).model, torch.tensor([ids])
        for name, parts in (("intact", frozenset()), ("without", removed)):
            _, logits = run_without(own, own.embed(batch), parts)
            losses = torch.nn.functional.cross_entropy(
                logits[0, :-1], batch[0, 1:], reduction="none"
            )
            assert told[name]["surprises"] == pytest.approx(losses.tolist(), rel=1e-3)
            assert told[name]["loss"] == pytest.approx(float(losses.mean()), rel=1e-3)
            assert told[name]["next"][0][1] == pytest.approx(
                float(logits[0, -1].softmax(-1).max()), rel=1e-3
            )
        for part in every_part(load(model).config):
            _, logits = run_without(own, own.embed(batch), frozenset({part}))
            loss = float(token_losses(logits[0], batch[0]).mean())
            assert told["overview"][without_board.code(part)]["loss"] == pytest.approx(loss, 1e-3)


def test_a_lone_word_is_measured_by_the_models_own_guess(folders):
    now = read_state({"text": "a", "model": "fable-classic"})
    assert len(now.token_ids) == 1
    told = without_board.removal_message(now, frozenset({("attention", 0)}))
    assert len(told["intact"]["surprises"]) == 1
    assert told["intact"]["loss"] == pytest.approx(-np.log(told["intact"]["next"][0][1]), rel=1e-4)
    assert isfinite(told["without"]["loss"])


@pytest.mark.parametrize("model", CONFIGS)
@pytest.mark.parametrize("text", ["a", STORY, "# a **b** $c$ | d", "the " * 400])
def test_each_question_has_exactly_one_right_answer(folders, monkeypatch, model, text):
    for token, layer in (("1", "1"), ("2", "2"), ("", "2")):
        now = read_state({"text": text, "model": model, "token": token, "layer": layer})
        for module in (questions, depth_questions):
            monkeypatch.setattr(module, "reader", lambda now=now: now)
        for question in (*questions.residual_questions(), *depth_questions.depth_questions()):
            assert [option.right for option in question.options].count(True) == 1
            assert all(option.why for option in question.options)


def test_answers_by_hand_are_those_of_the_core():
    exact = F.rms_norm(torch.tensor(questions.STREAM_OF_TWO), (2,)).tolist()
    assert right(questions.norm_question()) == f"({exact[0]:.1f}, {exact[1]:.1f})"
    x = embedded = torch.eye(8)[0]
    for other in range(1, 1 + depth_questions.POST_NORMS):
        x = F.normalize(x + torch.eye(8)[other], dim=0)
    numerator, denominator = map(int, right(depth_questions.scaled_question()).split("/"))
    assert float(x @ embedded) == pytest.approx(numerator / denominator)


def right(question) -> str:
    (text,) = (option.text for option in question.options if option.right)
    return text


# -------------------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("value", ["as2.mn1", "f", "zz9", "<script>", "a" * 5_000])
def test_the_page_stands_with_any_removed_parts(folders, value):
    app = visit(PAGE, removed=value)
    assert not app.exception
    told = [caption.value for caption in app.caption]
    assert any("they stay on" in each for each in told) == (value not in ("as2.mn1", "f"))


@pytest.mark.parametrize("depth_wanted", [2, 24])
@pytest.mark.parametrize("model", CONFIGS)
def test_depth_at_both_ends(folders, model, depth_wanted):
    app = visit(DEPTH, model=model, text="the " * 90)
    cut = len(read_state({"model": model, "text": "the " * 90}).token_ids) > 64
    assert any("Measured on the first 64 of" in c.value for c in app.caption) == cut
    app.select_slider(key="depth").set_value(depth_wanted).run()
    assert not app.exception
    assert not app.error


def test_the_check_can_be_failed_and_passed(folders):
    app = visit(PAGE)
    verdicts = []
    for i in range(3):
        app.button(key=f"residual-check-1-{i}").click().run()
        assert not app.exception
        verdicts.append(len(app.success))
    assert sorted(verdicts) == [0, 0, 1]
