"""A prepared model: equal to the readable one, only read, and an ordinary model when copied."""

import io
import operator
import re
from copy import deepcopy
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import functional_call

from tests.core.conftest import KERNELS
from tests.core.variants import config, every_config, filled, random, token_ids, variant_name
from transformer_core import fast
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.fast import products
from transformer_core.fast.decoding import Decoder
from transformer_core.fast.matrix import Matrix
from transformer_core.fast.quantization import QuantizedLinear, with_8_bit_weights
from transformer_core.transformer import Transformer

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
IDS = token_ids(1, 7)
MATRICES = (
    "embedding",
    "blocks.0.attention.q_proj.weight",
    "blocks.1.feed_forward.down_proj.weight",
)


@pytest.fixture
def readable():
    return filled(Transformer(config()))


@pytest.fixture
def prepared(readable, kernel, nothing_is_small):
    return fast.prepare(deepcopy(readable))


def decoded(model) -> torch.Tensor:
    """The logits after each of the tokens, which come one by one."""
    decoder = Decoder(model, 12)
    return torch.stack([decoder.next_logits([token]) for token in IDS[0].tolist()])


def differences(ours, theirs) -> list[str]:
    """The ways through a model in which another one computes something else."""
    with torch.inference_mode():
        traces = ours.trace(IDS), theirs.trace(IDS)
        pairs = {
            "forward": (ours(IDS), theirs(IDS)),
            "trace": tuple(trace.logits for trace in traces),
            "weights": tuple(trace.blocks[-1].attention.weights for trace in traces),
            "hidden": tuple(trace.blocks[-1].feed_forward.hidden for trace in traces),
            "decoding": (decoded(ours), theirs(IDS)[0]),
        }
    return [name for name, pair in pairs.items() if not torch.allclose(*pair, **CLOSE)]


def test_every_variant_says_the_same(monkeypatch, nothing_is_small):
    wrong = []
    for i, variant in enumerate(every_config()):
        monkeypatch.setattr(products, "KERNEL", KERNELS[i % len(KERNELS)])
        readable = filled(Transformer(variant))
        prepared = fast.prepare(deepcopy(readable))
        if found := differences(prepared, readable):
            wrong.append((variant_name(variant), products.KERNEL, found))
    assert not wrong


@pytest.mark.parametrize("tied", [True, False])
def test_an_encoder_decoder_says_the_same(kernel, nothing_is_small, tied):
    readable = filled(EncoderDecoder(config(tied_embeddings=tied)))
    prepared = fast.prepare(deepcopy(readable))
    with torch.inference_mode():
        expected = readable(IDS, IDS)
        torch.testing.assert_close(prepared(IDS, IDS), expected, **CLOSE)
        torch.testing.assert_close(prepared.trace(IDS, IDS).logits, expected, **CLOSE)


def test_what_was_prepared_stays_so(prepared, readable):
    weights = list(prepared.parameters())
    assert fast.prepare(prepared) is prepared
    assert all(a is b for a, b in zip(weights, prepared.parameters(), strict=True))
    assert prepared.state_dict().keys() == readable.state_dict().keys()
    assert not differences(prepared, readable)


def test_every_matrix_is_multiplied_by_the_kernel(prepared, monkeypatch):
    multiplied = []
    for name, weight in prepared.named_parameters():
        if isinstance(weight, Matrix):
            way = weight if weight.product else weight.transposed
            monkeypatch.setattr(way, "product", counting(way.product, name, multiplied))
    with torch.inference_mode():
        prepared(IDS)
    matrices = {name for name, weight in prepared.named_parameters() if weight.ndim == 2}
    assert set(multiplied) == matrices - {"position.table"}
    multiplied.clear()
    prepared(IDS)  # with gradients, which no kernel of ours has
    assert not multiplied


def counting(product, name, multiplied):
    def multiply(*arguments):
        multiplied.append(name)
        return product(*arguments)

    return multiply


WRITES = {
    "a method": lambda w: w.mul_(3),
    ".data": lambda w: w.data.mul_(3),
    "detached": lambda w: w.detach().zero_(),
    "a row": lambda w: w[0].fill_(0),
    "a slice of a view": lambda w: w.T[1:, :2].data.add_(1),
    "one of several parts": lambda w: w.split(2)[0].zero_(),
    "an operator": lambda w: operator.imul(w, 3),
    "an operator on a part": lambda w: operator.iadd(w[1], 1),
    "an item": lambda w: operator.setitem(w, 0, 0.0),
    "out=": lambda w: torch.mul(w, 2, out=w),
    "several at once": lambda w: torch._foreach_mul_([w], 2),
    "a start": lambda w: nn.init.normal_(w),
    "other data": lambda w: setattr(w, "data", torch.zeros_like(w)),
    "NumPy": lambda w: operator.setitem(w.numpy(), 0, 0),
    "NumPy's array": lambda w: operator.imul(np.asarray(w.data), 3),
    "NumPy by DLPack": lambda w: operator.setitem(np.from_dlpack(w), 0, 0),
    "an operator of ATen": lambda w: torch.ops.aten.mul_(w, 3),
}


@torch.no_grad()
def test_no_write_is_missed(prepared, readable):
    missed = []
    for name in MATRICES:
        for way, write in WRITES.items():
            answer = "none"
            try:
                write(prepared.get_parameter(name))
            except (RuntimeError, ValueError) as refusal:
                answer = str(refusal)
            if not re.search("only read|read-only", answer):
                missed.append((name, way, answer))
    assert not missed
    assert not differences(prepared, readable)


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.initialise(0),
        lambda model: model.half(),
        lambda model: model.load_state_dict(filled(Transformer(config()), 1).state_dict()),
    ],
)
def test_no_change_of_a_whole_model_is_missed(prepared, change):
    with pytest.raises(RuntimeError, match=r"prepared model.*deepcopy"):
        change(prepared)


def test_what_is_not_swapped_is_seen_when_written(prepared, readable):
    for model in (prepared, readable):
        model.final_norm.gain.data.mul_(3)
        model.position.table.numpy()[2] += 1
        model.blocks[0].attention.q_proj.bias.data.add_(1)
        model.blocks[1].feed_forward.up_proj.bias[0] = 2
    assert not differences(prepared, readable)


@pytest.mark.parametrize("name", [*MATRICES, "blocks.1.attention.v_proj.weight"])
def test_another_weight_is_seen(prepared, readable, name):
    """As an argument of a call, which lessons use, and assigned to the module."""
    other = random(*readable.get_parameter(name).shape, seed=3)
    expected = functional_call(readable, {name: other}, (IDS,))
    with torch.inference_mode():
        torch.testing.assert_close(
            functional_call(prepared, {name: other}, (IDS,)), expected, **CLOSE
        )
    for model in (prepared, readable):
        owner, _, kind = name.rpartition(".")
        setattr(model.get_submodule(owner), kind, nn.Parameter(other, requires_grad=False))
    assert not differences(prepared, readable)


def test_edited_copies_of_weights_are_ordinary(prepared, readable):
    for name in MATRICES:
        ours, theirs = (model.get_parameter(name) for model in (prepared, readable))
        edited = ours.detach().clone()
        edited[0] = 0
        assert torch.equal(edited[1:], theirs[1:])
        for result in (ours @ ours.T, ours[torch.tensor([0, 1])], ours.norm(dim=0), ours + 1):
            assert type(result) is torch.Tensor
        assert np.array_equal(ours.numpy(), theirs.numpy())


def pickled(model):
    buffer = io.BytesIO()
    ForkingPickler(buffer).dump(model)
    return ForkingPickler.loads(buffer.getvalue())


@pytest.mark.parametrize("copied", [deepcopy, pickled])
def test_a_copy_is_an_ordinary_model(prepared, readable, copied):
    copy = copied(prepared)
    assert not any(isinstance(weight, Matrix) for weight in copy.parameters())
    assert not differences(copy, readable)
    with torch.no_grad():
        for model in (copy, readable):
            model.blocks[0].attention.k_proj.weight.data.mul_(3)
            model.embedding[4] += 1
    assert not differences(copy, readable)
    assert differences(copy, prepared)
    assert not differences(fast.prepare(copy), readable)


def test_gradients_are_the_readable_models(prepared, readable):
    gradients = []
    for model in (prepared, readable):
        model.requires_grad_(True)
        model(IDS).square().sum().backward()
        gradients.append({name: weight.grad for name, weight in model.named_parameters()})
    for name, expected in gradients[1].items():
        torch.testing.assert_close(gradients[0][name], expected, atol=1e-3, rtol=1e-4)


def test_8_bit_weights_of_a_prepared_model(prepared, readable):
    with torch.inference_mode():
        ours, theirs = with_8_bit_weights(prepared), with_8_bit_weights(readable)
        assert isinstance(ours.blocks[0].attention.q_proj, QuantizedLinear)
        torch.testing.assert_close(ours(IDS), theirs(IDS), **CLOSE)
        torch.testing.assert_close(decoded(ours), decoded(theirs), **CLOSE)


def test_other_kinds_of_numbers_are_left_as_they_are():
    model = filled(Transformer(config())).double()
    expected = model(IDS)
    assert not any(isinstance(weight, Matrix) for weight in fast.prepare(model).parameters())
    assert torch.equal(model(IDS), expected)
