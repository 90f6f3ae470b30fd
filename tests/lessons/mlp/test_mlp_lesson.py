"""Each number of the MLP lesson against an independent computation."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

import pages.n1_forward_pass.mlp.mlp_questions as questions
import pages.n1_forward_pass.mlp.probes as probes
from figures.numbers import short
from figures.parameters import PARTS, shares_figure
from pages.n1_forward_pass.mlp.activation_board import RANGE, SWAPS, pack_activations
from pages.n1_forward_pass.mlp.collapse_board import pack_collapse
from pages.n1_forward_pass.mlp.knockout_board import knockout
from pages.n1_forward_pass.mlp.mlp_board import (
    ALL_LAYERS,
    SHOWN,
    layers_sent,
    pack_board,
)
from pages.n1_forward_pass.mlp.probes import probe_activations, probe_pieces
from tests.real_model import real_model
from tests.small_models import CONFIGS, save_small, use
from tests.ui.unpacking import unpack
from transformer_core.feed_forward import ACTIVATIONS
from transformer_core.laws.parameters import count_parameters
from transformer_core.lens.collapse import halfway, one_matrix, without_bend
from transformer_core.lens.neurons import (
    alone,
    final_scale,
    knocked_out,
    neuron_weights,
    strongest_neurons,
    token_effects,
    with_activation,
)
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer
from ui.examples import STORY
from ui.models import LoadedModel, load, trace
from ui.state import read_state

ROOT = Path(__file__).parents[3]
SHIPPED = ("fable-classic", "fable-modern")
each_shipped = pytest.mark.parametrize("name", SHIPPED)
both_models = pytest.mark.parametrize("name", CONFIGS)


def traced(name: str, n: int = 9, **changes):
    torch.manual_seed(0)
    model = Transformer(replace(CONFIGS[name], **changes)).eval().requires_grad_(False)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.1)
    return model, model.trace(torch.arange(40, 40 + n)[None])


# ----------------------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("preset", "published"),
    [
        ("gpt2", 124_439_808),
        ("gpt2-medium", 354_823_168),
        ("gpt2-large", 774_030_080),
        ("gpt2-xl", 1_557_611_200),
        ("llama-2-7b", 6_738_415_616),
        ("llama-2-13b", 13_015_864_320),
        ("llama-2-70b", 68_976_648_192),
        ("llama-3-8b", 8_030_261_248),
    ],
)
def test_totals_are_the_published_ones(preset, published):
    assert count_parameters(PRESETS[preset]).total == published


@pytest.mark.parametrize("position", ["none", "learned", "rope"])
@pytest.mark.parametrize("block", ["pre_norm", "post_norm"])
@pytest.mark.parametrize("tied", [True, False])
@both_models
def test_each_part_is_what_the_model_holds(name, position, block, tied):
    config = replace(CONFIGS[name], position=position, block=block, tied_embeddings=tied)
    counted = count_parameters(config)
    held = dict.fromkeys(vars(counted), 0)
    for key, parameter in Transformer(config).named_parameters():
        part = next(
            (p for p in ("attention", "feed_forward") if f".{p}." in key),
            "norms" if "norm" in key else key.split(".")[0].replace("position", "positions"),
        )
        held[part] += parameter.numel()
    assert vars(counted) == held
    assert counted.total == sum(held.values())


@each_shipped
def test_the_shipped_models_have_as_many(name):
    loaded = load(name)
    held = sum(parameter.numel() for parameter in loaded.model.parameters())
    assert count_parameters(loaded.config).total == held


def test_shares_fill_each_bar():
    presets = ("gpt2", "llama-2-7b", "llama-3-8b")
    models = {name: count_parameters(PRESETS[name]) for name in presets}
    figure = shares_figure(models)
    assert len(figure.data) == len(PARTS)
    assert np.allclose(sum(np.array(bar.x) for bar in figure.data), 100)
    mlp = next(bar for bar in figure.data if bar.hovertemplate.startswith("MLP"))
    assert mlp.x[0] == pytest.approx(100 * 12 * (8 * 768**2 + 5 * 768) / 124_439_808)
    written = {bar.name: bar.text[0] for bar in figure.data if bar.text[0]}
    assert list(written) == ["embedding", "positions", "attention", "MLP"]
    assert written["positions"] == f"{100 * 1024 * 768 / 124_439_808:.2f} %"
    named = [bar.name for bar in figure.data if bar.showlegend]
    assert named == [name for name, _ in PARTS.values() if name != "norms"]
    assert [short(n) for n in (999, 865_344, 6_738_415_616)] == ["999", "865 K", "6.74 B"]


# -------------------------------------------------------------------------------- neurons


@both_models
def test_pre_activation_is_length_times_length_times_cosine(name):
    model, run = traced(name)
    network, block = model.blocks[1].feed_forward, run.blocks[1]
    weights, x = neuron_weights(network), block.feed_forward_norm[0]
    gated = block.feed_forward.up is not None
    first = network.gate_proj if gated else network.up_proj
    for sizes, biases, layer, wanted in (
        (weights.reading, weights.reading_bias, first, block.feed_forward.pre_activation),
        (weights.gated, weights.gated_bias, network.up_proj, block.feed_forward.up),
    ):
        if wanted is None:
            assert not sizes.any()
            continue
        cosine = torch.cosine_similarity(x[:, None], layer.weight.T[None], dim=-1)
        torch.testing.assert_close(
            x.norm(dim=-1, keepdim=True) * sizes * cosine + biases, wanted[0], rtol=1e-4, atol=1e-4
        )
    down = network.down_proj.weight.numpy()
    np.testing.assert_allclose(weights.writing, np.sqrt((down**2).sum(1)), rtol=1e-5)


def test_strongest_neurons_by_hand():
    hidden = torch.tensor([[0.1, -5.0, 2.0, 0.0], [3.0, 0.2, 0.1, -0.3]])
    assert strongest_neurons(hidden, 1).tolist() == [0, 1]
    assert strongest_neurons(hidden, 2).tolist() == [0, 1, 2, 3]
    assert strongest_neurons(hidden, 99).tolist() == [0, 1, 2, 3]


@both_models
def test_no_token_reads_another(name):
    model, run = traced(name)
    for block, steps in zip(model.blocks, run.blocks, strict=True):
        x = steps.feed_forward_norm[0]
        assert alone(block.feed_forward, x).max() < 1e-5
        others = torch.randn_like(x, generator=None)
        others[4] = x[4]
        torch.testing.assert_close(block.feed_forward(others)[4], steps.feed_forward.output[0, 4])


@both_models
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_another_activation_by_hand(name, activation):
    model, run = traced(name)
    network, steps = model.blocks[0].feed_forward, run.blocks[0].feed_forward
    x = steps.pre_activation.numpy().astype(float)
    erf = np.vectorize(math.erf)
    hidden = {
        "relu": np.maximum(x, 0),
        "gelu": x * 0.5 * (1 + erf(x / math.sqrt(2))),
        "gelu_tanh": 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        "swiglu": x / (1 + np.exp(-x)),
    }[activation]
    hidden = hidden if steps.up is None else hidden * steps.up.numpy()
    wanted = hidden @ network.down_proj.weight.numpy()
    if network.down_proj.bias is not None:
        wanted = wanted + network.down_proj.bias.numpy()
    np.testing.assert_allclose(with_activation(network, steps, activation), wanted, atol=1e-5)
    if activation == model.config.activation:
        np.testing.assert_allclose(steps.output, wanted, atol=1e-5)


@both_models
@pytest.mark.parametrize("tied", [True, False])
def test_direct_effect_is_the_logits_lost_with_the_norm_held(name, tied):
    """Take the neuron's share from the last stream, divide by the norm's old size, unembed."""
    model, run = traced(name, tied_embeddings=tied)
    layer, neuron, token = 0, 7, 5
    effects = token_effects(model, layer, torch.tensor([3, neuron]))[1]
    activation = run.blocks[layer].feed_forward.hidden[0, token, neuron]
    shown = activation * effects / final_scale(model, run)[token]

    x = run.blocks[-1].resid_post[0, token]
    written = activation * model.blocks[layer].feed_forward.down_proj.weight[neuron]
    centred = model.config.norm == "layer_norm"
    size = (x.var(correction=0) if centred else (x**2).mean()).add(model.config.norm_eps).sqrt()

    def logits(stream):
        stream = stream - stream.mean() if centred else stream
        return model.unembed(stream / size * model.final_norm.gain)

    lost = logits(x) - logits(x - written)
    torch.testing.assert_close(shown, lost - lost.mean(), rtol=1e-3, atol=1e-5)
    assert abs(float(shown.mean())) < 1e-5


@both_models
@pytest.mark.parametrize("block", ["pre_norm", "post_norm"])
@pytest.mark.parametrize("neuron", [None, 11])
def test_taking_out_equals_a_model_with_edited_weights(name, block, neuron):
    model, run = traced(name, block=block)
    weights = dict(model.named_parameters())
    down = weights["blocks.0.feed_forward.down_proj.weight"].clone()
    down[slice(None) if neuron is None else neuron] = 0
    edited = {"blocks.0.feed_forward.down_proj.weight": down}
    if neuron is None and model.config.bias:
        bias = weights["blocks.0.feed_forward.down_proj.bias"]
        edited["blocks.0.feed_forward.down_proj.bias"] = torch.zeros_like(bias)
    wanted = torch.func.functional_call(model, edited, (run.token_ids,))[0]
    for token in (0, 4, 8):
        found = knocked_out(model, run, 0, neuron, token)
        torch.testing.assert_close(found, wanted[token], rtol=1e-4, atol=1e-5)
    last = model.config.n_layers - 1
    assert knocked_out(model, run, last, neuron, 8).shape == (model.config.vocab_size,)


# ------------------------------------------------------------------------ the bend taken out


@both_models
@pytest.mark.parametrize("bias", [True, False])
def test_without_a_bend_two_matrices_are_one(name, bias):
    model, _ = traced(name, bias=bias)
    network = model.blocks[1].feed_forward
    x = torch.randn(5, model.config.d_model)
    up, down = (each.weight.numpy().astype(float) for each in (network.up_proj, network.down_proj))
    b_up, b_down = (
        np.zeros(each.weight.shape[1]) if each.bias is None else each.bias.numpy()
        for each in (network.up_proj, network.down_proj)
    )
    matrix, b = one_matrix(network)
    np.testing.assert_allclose(matrix, up @ down, atol=1e-5)
    np.testing.assert_allclose(b, b_up @ down + b_down, atol=1e-5)
    wanted = (x.numpy() @ up + b_up) @ down + b_down
    np.testing.assert_allclose(without_bend(network, x), wanted, atol=1e-4)
    np.testing.assert_allclose(x @ matrix + b, wanted, atol=1e-4)


@both_models
def test_halfway_stays_halfway_without_the_bend_alone(name):
    model, run = traced(name)
    network = model.blocks[1].feed_forward
    a, b = 10 * run.blocks[1].feed_forward_norm[0, :2]
    of_middle, middle_of = halfway(lambda x: without_bend(network, x), a, b)
    torch.testing.assert_close(of_middle, middle_of, rtol=1e-4, atol=1e-4)
    of_middle, middle_of = halfway(network, a, b)
    assert float((of_middle - middle_of).norm()) > 0.01 * float(middle_of.norm())


def test_halfway_by_hand():
    of_middle, middle_of = halfway(torch.relu, torch.tensor([3.0]), torch.tensor([-3.0]))
    assert (of_middle.tolist(), middle_of.tolist()) == ([0.0], [1.5])


@each_shipped
@pytest.mark.parametrize("token", ["1", "6"])
def test_the_collapse_board_gets_the_models_own_outputs(name, token):
    now = state(name, layer="3", token=token)
    header, arrays = unpack(pack_collapse(now))
    at, other = header["token"], header["other"]
    assert (header["layer"], at, other) == (2, int(token) - 1, 1 if token == "1" else at - 1)
    network = load(name).model.blocks[2].feed_forward
    steps = trace(name, now.token_ids).blocks[2]
    x, out = steps.feed_forward_norm[0], steps.feed_forward.output[0]
    np.testing.assert_allclose(arrays["one"], arrays["two"], atol=1e-4)
    np.testing.assert_allclose(arrays["middle_of"], (out[at] + out[other]) / 2, atol=1e-4)
    with torch.inference_mode():
        middle = network.trace(((x[at] + x[other]) / 2)[None]).output[0]
    np.testing.assert_allclose(arrays["of_middle"], middle, atol=1e-4)


def test_a_lone_token_is_paired_with_the_zero_vector():
    header, arrays = unpack(pack_collapse(state("fable-modern", "a")))
    assert header["other"] is None
    steps = trace("fable-modern", state("fable-modern", "a").token_ids).blocks[header["layer"]]
    np.testing.assert_allclose(arrays["middle_of"], steps.feed_forward.output[0, 0] / 2, atol=1e-5)


# ------------------------------------------------------------------------ what the browser gets


def state(name: str, text: str = STORY, **address: str):
    return read_state({"text": text, "model": name, **address})


@each_shipped
def test_the_board_gets_the_numbers_of_the_trace(name):
    now = state(name, layer="3", token="6")
    header, arrays = unpack(pack_board(now))
    loaded, run = load(name), trace(name, now.token_ids)
    assert (header["layer"], header["token"], header["neuron"]) == (2, 5, None)
    assert header["layers"] == list(range(6))
    for i, block in enumerate(run.blocks):
        steps = block.feed_forward
        for field, wanted in (
            ("x", block.feed_forward_norm),
            ("pre", steps.pre_activation),
            ("up", steps.up),
            ("output", steps.output),
            ("stream", block.resid_mid),
        ):
            if wanted is not None:
                np.testing.assert_allclose(arrays[field][i], wanted[0], rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(
        torch.tensor(arrays["scale"]), final_scale(loaded.model, run), rtol=1e-4, atol=1e-4
    )
    listed = arrays["listed"]
    for layer, block in enumerate(run.blocks):
        neurons = set(listed[listed[:, 0] == layer, 1].tolist())
        for hidden in block.feed_forward.hidden[0]:
            assert int(hidden.abs().argmax()) in neurons


@each_shipped
def test_the_tokens_that_a_neuron_writes_and_where_it_fires(name):
    header, arrays = unpack(pack_board(state(name)))
    model, n = load(name).model, header["effects"]
    tokens = [piece for sentence in probe_pieces(load(name)) for piece in sentence]
    fired = probe_activations(load(name))
    assert fired.shape == (6, len(tokens), header["d_ff"])
    for row in (0, 17, len(arrays["listed"]) - 1):
        layer, neuron = arrays["listed"][row].tolist()
        effects = token_effects(model, layer, torch.tensor([neuron]))[0]
        order = effects.argsort(descending=True).tolist()
        assert arrays["effect_ids"][row].tolist() == [*order[:n], *order[::-1][:n]]
        wanted = effects[arrays["effect_ids"][row].tolist()]
        np.testing.assert_allclose(arrays["effects"][row], wanted, rtol=1e-5)
        at = arrays["context_at"][row].tolist()
        np.testing.assert_allclose(arrays["context"][row], fired[layer, at, neuron].float())
        over = fired[layer, :, neuron].float()
        strongest = over.abs().max() if header["activation"] == "swiglu" else over.max()
        assert abs(arrays["context"][row][0]) == pytest.approx(abs(float(strongest)), rel=1e-4)


@each_shipped
def test_sentences_side_by_side_fire_as_each_by_itself(name):
    loaded = load(name)
    start = len(probe_pieces(load(name))[0])
    ids = loaded.tokenizer.encode("".join(probe_pieces(load(name))[1]))
    with torch.inference_mode():
        run = loaded.model.trace(torch.tensor([ids]))
    hidden = run.blocks[4].feed_forward.hidden[0]
    found = probe_activations(load(name))[4][start : start + len(ids)].float()
    torch.testing.assert_close(found, hidden, rtol=1e-2, atol=1e-2)


@each_shipped
@pytest.mark.parametrize("n", [1, 14, 19, 32, 64, 200])
def test_under_400_kilobytes_at_any_length(name, n):
    now = state(name, " ".join(["Lily"] * 2 * n))
    now = replace(now, token_ids=now.token_ids[:n], pieces=now.pieces[:n], chosen_token=0)
    header, arrays = unpack(packed := pack_board(now))
    assert len(packed) < 420_000 if n <= 32 else len(packed) < 600_000
    assert arrays["pre"].shape[1] == min(n, SHOWN)
    assert len(header["layers"]) in (1, 6)
    assert layers_sent(load(name), SHOWN, 3) == (3,)
    assert ALL_LAYERS < 400_000


@each_shipped
def test_of_a_large_model_one_layer_and_token_come_and_the_probes_when_asked(name, monkeypatch):
    now = state(name, layer="3", token="6")
    monkeypatch.setattr(LoadedModel, "is_small", False)
    monkeypatch.setattr(probes, "_fired", {})
    header, arrays = unpack(pack_board(now))
    assert (header["layers"], header["tokens"]) == ([2], [5])
    block = trace(name, now.token_ids).blocks[2]
    steps = block.feed_forward
    np.testing.assert_allclose(arrays["pre"][0, 0], steps.pre_activation[0, 5])
    np.testing.assert_allclose(arrays["stream"][0, 0], block.resid_mid[0, 5])
    x_sizes = block.feed_forward_norm[0].norm(dim=-1)
    np.testing.assert_allclose(arrays["x_size"][0], x_sizes, rtol=1e-5)
    neurons = arrays["listed"][:, 1].tolist()
    np.testing.assert_allclose(arrays["listed_pre"], steps.pre_activation[0][:, neurons].T)
    if steps.up is not None:
        np.testing.assert_allclose(arrays["listed_up"], steps.up[0][:, neurons].T)
    assert "context" not in arrays
    probe_activations(load(name))
    assert "context" in unpack(pack_board(now))[1]


@real_model
def test_the_real_model_sends_one_layer_of_its_three_matrices():
    now = state("smollm2", " ".join(["Lily saw"] * 40), layer="24")
    now = replace(now, token_ids=now.token_ids[:32], pieces=now.pieces[:32], chosen_token=31)
    header, arrays = unpack(packed := pack_board(now))
    assert len(packed) < 100_000
    assert len(packed) + len(pack_activations(now)) < 250_000
    assert (header["activation"], header["bias"], header["d_ff"]) == ("swiglu", False, 1_536)
    assert arrays["up"].shape == (1, 1, 1_536)


@each_shipped
def test_the_curves_get_histogram_and_swaps_of_the_trace(name):
    now = state(name)
    header, arrays = unpack(pack_activations(now))
    for layer, block in enumerate(trace(name, now.token_ids).blocks):
        steps = block.feed_forward
        pre, real = steps.pre_activation[0].numpy(), steps.output[0].numpy()
        assert arrays["counts"][layer].sum() == pre.size
        inner = arrays["counts"][layer][25:-1].sum()
        assert inner == pytest.approx((pre >= 0).sum() - (pre >= RANGE - 0.2).sum(), abs=3)
        assert arrays["negative"][layer] == pytest.approx((pre < 0).mean(), abs=1e-6)
        for i, swap in enumerate(SWAPS):
            network = load(name).model.blocks[layer].feed_forward
            with torch.inference_mode():
                changed = with_activation(network, steps, swap)[0].numpy()
            cosine, distance = arrays["swapped"][layer, i, 3]
            a, b = changed[3], real[3]
            assert cosine == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-4)
            assert distance == pytest.approx(np.linalg.norm(a - b) / np.linalg.norm(b), abs=1e-4)
    own = header["swaps"].index(header["activation"])
    assert np.allclose(arrays["swapped"][:, own, :, 1], 0, atol=1e-5)


@each_shipped
def test_taking_out_shows_both_runs(name):
    now = state(name, layer="2", token="5")
    ids = now.token_ids[:SHOWN]
    shown = knockout(now, None)
    assert shown["asked"] == {"layer": 2, "token": 5, "neuron": None}
    before = trace(name, ids).logits[0, 4].softmax(-1)
    with torch.inference_mode():
        after = knocked_out(load(name).model, trace(name, ids), 1, None, 4).softmax(-1)
    assert shown["rows"][0]["before"] == pytest.approx(float(before.max()), rel=1e-4)
    assert max(row["after"] for row in shown["rows"]) == pytest.approx(float(after.max()), rel=1e-4)
    strongest = int(trace(name, ids).blocks[1].feed_forward.hidden[0, 4].abs().argmax()) + 1
    one = knockout(now, {"what": "neuron", "pass_key": f"{name} {ids}"})
    assert one["asked"]["neuron"] == one["looked_at"]["neuron"] == strongest
    odd_ones = (
        {},
        {"what": "neuron"},
        {"what": "neuron", "pass_key": "another"},
        {"what": ["x"], "pass_key": f"{name} {ids}"},
        {"pass_key": f"{name} {ids}"},
    )
    for odd in odd_ones:
        assert knockout(now, odd) == shown


@pytest.mark.parametrize("neuron", ["0", "769", "-3", "1e2", "<b>", "²", "9" * 40])
def test_a_neuron_that_does_not_exist_is_told(neuron):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["neuron"] = neuron
    app.run()
    app.switch_page("pages/n1_forward_pass/mlp/mlp.py").run()
    assert not app.exception
    assert any("each layer has neurons 1 to 768" in each.value for each in app.caption)


def test_both_gelus_are_as_near_as_the_page_says():
    x = torch.linspace(-8, 8, 20_001, dtype=torch.float64)
    assert (ACTIVATIONS["gelu"](x) - ACTIVATIONS["gelu_tanh"](x)).abs().max() < 0.0005


# ------------------------------------------------------------------------------ the questions


@pytest.mark.parametrize(("x", "bent"), [(3, 3), (-3, 3), (0, 0), (-0.5, 0.5)])
def test_two_neurons_by_hand_compute_the_size(x, bent):
    assert questions.two_neurons(x, bend=True) == bent
    assert questions.two_neurons(x, bend=False) == 0
    assert [option.text for option in questions.hand_question().options if option.right] == ["3"]


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("model", CONFIGS)
@pytest.mark.parametrize("text", ["a", STORY, "# a **b** :red[g]", "the " * 400])
def test_each_question_has_exactly_one_right_answer(monkeypatch, tmp_path, small, model, text):
    if small:
        folders = {name: tmp_path / name for name in CONFIGS}
        for name, config in CONFIGS.items():
            save_small(config, folders[name])
        use(monkeypatch, folders)
    for token in ("1", "2", ""):
        now = read_state({"text": text, "model": model, "token": token})
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        for question in questions.mlp_questions():
            assert [option.right for option in question.options].count(True) == 1
            assert all(option.why for option in question.options)
