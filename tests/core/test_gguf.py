"""GGUF files, against `transformers` reading the same file; what a file may not say is refused."""

import os
import struct
import time
import tracemalloc

import numpy as np
import pytest
import torch
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFReader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken
from tokenizers.normalizers import NFC
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

from tests.core import gguf_files
from tests.core.test_hugging_face import LLAMA_31, continued, gpt2, llama
from tests.core.test_hugging_face_tokenizer import CHARACTERS, LACKING, PARTS, WAYS, trained
from transformer_core import checkpoints, gguf
from transformer_core.checkpoints import CheckpointError
from transformer_core.gguf import UNREADABLE, describe_gguf, load_gguf
from transformer_core.published.gguf_header import opened, read_header
from transformer_core.tokenizer import TokenizerError

VOCABULARY = trained(WAYS["digits"])
N_TOKENS = VOCABULARY.get_vocab_size()
WIDE = {"hidden_size": 256, "intermediate_size": 256, "num_attention_heads": 4}
WIDE |= {"num_key_value_heads": 2, "num_hidden_layers": 1, "initializer_range": 0.1}
SHORT = {"n_positions": 1024, "n_embd": 64, "n_head": 4, "n_layer": 2}  # theirs fixes the context
ROUNDED = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "TQ1_0", "TQ2_0"]
DECODED = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "IQ3_S", "IQ2_XS", "IQ1_M"]


def small(**changes):
    return llama(vocab_size=N_TOKENS, **({"num_key_value_heads": 2} | changes))


def write(path, model, kind="F32", pre="smollm", vocabulary=VOCABULARY, **changes):
    """A model of `transformers` with a vocabulary; values of the header may be changed."""
    metadata = gguf_files.values(model) | gguf_files.vocabulary(vocabulary, pre) | changes
    architecture = metadata.pop("general.architecture", model.config.model_type)
    return gguf_files.write(path, architecture, metadata, gguf_files.tensors(model), kind)


def theirs(path):
    """As `from_pretrained(..., gguf_file=...)`, which wants one more package to place weights."""
    said = load_gguf_checkpoint(path)["config"]
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**said))
    read = load_gguf_checkpoint(path, return_tensors=True, model_to_load=model)["tensors"]
    left = model.load_state_dict(read, strict=False)
    tied = ["lm_head.weight"] if said["tie_word_embeddings"] else []
    assert (left.missing_keys, left.unexpected_keys) == (tied, [])
    model.tie_weights()
    return model.eval().requires_grad_(False)


def assert_same(path, expected):
    model, _ = load_gguf(path)
    ids = gguf_files.ids(12, model.config.vocab_size)
    with torch.inference_mode():
        logits = expected(ids).logits
        assert logits.std() > 0.05
        torch.testing.assert_close(model(ids), logits, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(model.trace(ids).logits, logits, atol=1e-4, rtol=1e-4)
        mine = continued(model, ids, 8)
        assert torch.equal(mine, continued(lambda ids: expected(ids).logits, ids, 8))
    assert {p.dtype for p in model.parameters()} == {torch.float32}


@pytest.mark.parametrize("kind", ROUNDED + DECODED)
def test_every_kind_of_number_is_read_as_theirs(kind, tmp_path):
    path = write(tmp_path / "model.gguf", small(**WIDE), kind)
    assert_same(path, theirs(path))
    assert describe_gguf(path).kind == kind


FAMILIES = {
    "llama": small,
    "llama tied": lambda: small(tie_word_embeddings=True),
    "llama, a key for each query": lambda: small(num_key_value_heads=6),
    "llama, one key": lambda: small(num_key_value_heads=1, rms_norm_eps=1e-3),
    "gpt2": lambda: gpt2(vocab_size=N_TOKENS, **SHORT),
    "gpt2 untied": lambda: gpt2(vocab_size=N_TOKENS, tie_word_embeddings=False, **SHORT),
}


@pytest.mark.parametrize("make", FAMILIES.values(), ids=FAMILIES)
def test_every_family_is_read_as_theirs(make, tmp_path):
    path = write(tmp_path / "model.gguf", make())
    assert_same(path, theirs(path))


# Theirs leaves out of a GGUF file what follows here: it is compared with the model itself.


def test_wide_heads_and_biases(tmp_path):
    for number, changes in enumerate(
        ({"head_dim": 10}, {"attention_bias": True}, {"mlp_bias": True, "attention_bias": True})
    ):
        model = small(**changes)
        assert_same(write(tmp_path / f"{number}.gguf", model), model)


def test_rotary_pairs_slowed_as_in_llama_3(tmp_path):
    model = small(head_dim=16, rope_parameters=LLAMA_31)
    plain = 500.0 ** (-torch.arange(0, 16, 2) / 16)
    factors = plain / model.model.rotary_emb.inv_freq
    assert factors.unique().numel() > 3
    stored = gguf_files.tensors(model) | {"rope_freqs.weight": factors.numpy()}
    metadata = gguf_files.values(model) | gguf_files.vocabulary(VOCABULARY)
    assert_same(gguf_files.write(tmp_path / "model.gguf", "llama", metadata, stored), model)


@pytest.mark.parametrize("older", [True, False])
def test_rotary_pairs_slowed_alike(older, tmp_path):
    rope = {"rope_type": "linear", "rope_theta": 1e4, "factor": 4.0}
    newer = {"llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": 4.0}
    said = {"llama.rope.scale_linear": 4.0} if older else newer
    model = small(rope_parameters=rope)
    assert_same(write(tmp_path / "model.gguf", model, **said), model)


def test_four_bits_by_hand(tmp_path):
    """Q4_1: scale and least value in 16 bits, then 32 numbers of 4 bits, the low ones first."""
    row = struct.pack("<ee", 0.5, -1.0) + bytes(16 * i + (15 - i) for i in range(16))
    path = tmp_path / "block.gguf"
    path.write_bytes(row)
    tensor = gguf.StoredTensor((32,), GGMLQuantizationType.Q4_1, 0, len(row))
    with path.open("rb") as file:
        read = gguf._read(file, tensor)
    expected = [0.5 * (15 - i) - 1 for i in range(16)] + [0.5 * i - 1 for i in range(16)]
    assert read.tolist() == expected


@pytest.mark.parametrize("kind", list(GGMLQuantizationType), ids=lambda kind: kind.name)
def test_a_kind_is_decoded_or_known_to_be_unreadable(kind, tmp_path):
    block, n_bytes = GGML_QUANT_SIZES[kind]
    path = tmp_path / "block"
    path.write_bytes(bytes(n_bytes))
    tensor = gguf.StoredTensor((1, block), kind, 0, n_bytes)
    with path.open("rb") as file:
        if kind.name in UNREADABLE:
            with pytest.raises(NotImplementedError):
                gguf._read(file, tensor)
        else:
            assert gguf._read(file, tensor).shape == (1, block)


def test_a_header_says_what_the_packages_reader_says(tmp_path):
    said = {"general.tags": ["a", "é"], "some.numbers": [1.5, -2.0], "some.flag": True}
    path = write(tmp_path / "model.gguf", small(), "F16", **said)
    with opened(path) as file:
        ours, theirs = read_header(file), GGUFReader(path)
    values = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in ours.values.items()}
    fields = {k: f.contents() for k, f in theirs.fields.items() if not k.startswith("GGUF.")}
    assert values == fields
    places = {name: (t.shape, t.kind, t.start, t.n_bytes) for name, t in ours.tensors.items()}
    assert places == {
        t.name: (tuple(reversed(t.shape.tolist())), t.tensor_type, t.data_offset, t.n_bytes)
        for t in theirs.tensors
    }


# The vocabulary.


@pytest.fixture(scope="module", params=["gpt-2", "smollm", "llama-bpe", "qwen2", "bytes unknown"])
def pair(request, tmp_path_factory):
    name = {"gpt-2": "gpt2", "llama-bpe": "llama3", "qwen2": "qwen2"}.get(request.param, "digits")
    is_unknown = request.param == "bytes unknown"
    options = {"unk_token": "<|endoftext|>"} if is_unknown else {}
    tokenizer = trained(WAYS[name], LACKING if is_unknown else (), **options)
    tokenizer.add_tokens([AddedToken("theme", normalized=False)])
    tokenizer.encode_special_tokens = True
    if request.param == "qwen2":
        tokenizer.normalizer = NFC()
    path = tmp_path_factory.mktemp("vocabulary") / "model.gguf"
    pre = "smollm" if is_unknown else request.param
    model = llama(vocab_size=tokenizer.get_vocab_size())
    return tokenizer, load_gguf(write(path, model, pre=pre, vocabulary=tokenizer))[1]


@given(text=st.lists(st.sampled_from(PARTS) | CHARACTERS, max_size=20).map("".join))
def test_tokens_are_theirs(pair, text):
    tokenizer, ours = pair
    assert ours.encode(text) == tokenizer.encode(text, add_special_tokens=False).ids


def test_special_tokens_stops_and_template(tmp_path):
    template = "{% for m in messages %}{{ m }}{% endfor %}"
    said = {"tokenizer.chat_template": template, "tokenizer.ggml.eot_token_id": 5}
    _, ours = load_gguf(write(tmp_path / "model.gguf", small(), **said))
    assert list(ours.special_tokens) == ["<|endoftext|>", "<|start|>", "<|extra|>"]
    assert ours.stop_ids == {0, 5}
    assert ours.chat_template == template


def test_rows_without_a_token_are_unused(tmp_path):
    model = llama(vocab_size=N_TOKENS + 7)
    _, ours = load_gguf(write(tmp_path / "model.gguf", model))
    assert ours.n_vocab == N_TOKENS + 7
    assert ours.pieces([N_TOKENS + 6]) == [f"⟨unused {N_TOKENS + 6}⟩"]


# What is read when.


def test_a_description_reads_the_header_only(tmp_path, monkeypatch):
    said = {"general.name": "Some Model", "general.license": "apache-2.0"}
    path = write(tmp_path / "model.gguf", small(), "F16", **said)
    monkeypatch.setattr(gguf, "dequantize", lambda *_: pytest.fail("read a weight"))
    described = describe_gguf(path)
    assert (described.title, described.licence) == ("Some Model", "apache-2.0")
    config = described.config
    assert (config.n_layers, config.n_heads, config.context_length) == (2, 6, 40)
    assert described.n_bytes == path.stat().st_size
    monkeypatch.undo()
    held = sum(parameter.numel() for parameter in load_gguf(path)[0].parameters())
    assert described.n_parameters == held


def test_a_model_without_a_name_is_called_as_its_file(tmp_path):
    assert describe_gguf(write(tmp_path / "some-file.gguf", small())).title == "some-file"


def test_ten_gigabytes_are_described_at_once_and_refused_with_their_size(tmp_path, monkeypatch):
    path, start = sparse(tmp_path / "model.gguf", "F16", 5 * 10**9 // 24), time.process_time()
    assert describe_gguf(path).n_bytes > 10**10
    monkeypatch.setattr(checkpoints, "free_memory", lambda: 10**9)
    with pytest.raises(
        CheckpointError, match=r"model\.gguf needs 20\.0 GB of memory, of which 1\.0"
    ):
        load_gguf(path)
    assert time.process_time() - start < 2


def sparse(path, kind: str, rows: int):
    """A file whose embedding is as long as that, and holds nothing yet."""
    model = small(tie_word_embeddings=True)
    write(path, model, kind)
    data = path.read_bytes()
    held = struct.pack("<QQ", 24, N_TOKENS)
    assert data.count(held) == 1
    at = data.index(held)
    size = os.path.getsize(path)
    path.write_bytes(data[: at + 8] + struct.pack("<Q", rows) + data[at + 16 :])
    os.truncate(path, size + 2 * 24 * rows)
    return path


# What is refused.


REFUSED = {
    "other architecture": ({"general.architecture": "mamba"}, "'mamba'; it must be one of gpt2, l"),
    "experts": ({"llama.expert_count": 8}, "llama.expert_count is 8; only 0"),
    "one of several files": ({"split.count": 3}, "one of several files"),
    "a window": ({"llama.attention.sliding_window": 16}, "reaches back 16 tokens only"),
    "yarn": ({"llama.rope.scaling.type": "yarn"}, "scaling.type is 'yarn'"),
    "part of a head": ({"llama.rope.dimension_count": 2}, "n_heads|shape"),
    "values of another width": ({"llama.attention.value_length": 8}, "value_length is 8, but"),
    "no layers said": ({"llama.block_count": None}, r"lacks llama\.block_count"),
    "a billion layers": ({"llama.block_count": 10**9}, "lacks weights of 1000000000 layers"),
    "a layer more": ({"llama.block_count": 3}, r"lacks the weight blocks\.2"),
    "a layer less": ({"llama.block_count": 1}, r"holds 'blocks\.1"),
    "no heads": ({"llama.attention.head_count": 0}, "cannot be built here"),
    "five heads": ({"llama.attention.head_count": 5}, "5"),
    "layers in words": ({"llama.block_count": "two"}, "n_layers is 'two'"),
    "heads by layer": ({"llama.attention.head_count_kv": [2, 2]}, "n_kv_heads is"),
    "another width": ({"llama.embedding_length": 48}, "has the shape|a head is"),
    "a context of 4 billion": ({"llama.context_length": 2**32 - 1}, None),
    "wide heads slowed": (
        {
            "llama.rope.dimension_count": 2**31,
            "llama.rope.scaling.type": "linear",
            "llama.rope.scaling.factor": 4.0,
        },
        "a head is 2,147,483,648 wide",
    ),
    "no base": ({"llama.rope.freq_base": 0.0}, r"rope_base is 0\.0"),
    "SentencePiece": ({"tokenizer.ggml.model": "llama"}, "the kind 'llama'"),
    "unknown words": ({"tokenizer.ggml.pre": "deepseek-llm"}, r"unknown way \(deepseek-llm\)"),
    "no words": ({"tokenizer.ggml.pre": None}, r"unknown way \(none\)"),
    "no tokens": ({"tokenizer.ggml.tokens": None}, r"lacks tokenizer\.ggml\.tokens"),
    "kinds of a few": ({"tokenizer.ggml.token_type": [1, 1]}, "damaged"),
    "merges of one": ({"tokenizer.ggml.merges": ["t"]}, "damaged"),
    "merges of nothing": ({"tokenizer.ggml.merges": ["t never"]}, "damaged"),
    "an unknown beyond": ({"tokenizer.ggml.unknown_token_id": 10**6}, "damaged"),
    "a stop in words": ({"tokenizer.ggml.eos_token_id": "end"}, "damaged"),
    "alignment of 3": ({"general.alignment": 3}, r"general\.alignment is 3"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_supported_is_named(changes, message, tmp_path):
    path = write(tmp_path / "model.gguf", small(), **changes)
    if message is None:
        load_gguf(path)
        return
    with pytest.raises((CheckpointError, TokenizerError), match=message) as refused:
        load_gguf(path)
    assert "model.gguf" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("name", ["other architecture", "a window", "SentencePiece", "no words"])
def test_a_description_refuses_what_would_not_open(name, tmp_path):
    changes, message = REFUSED[name]
    path = write(tmp_path / "model.gguf", small(), **changes)
    with pytest.raises((CheckpointError, TokenizerError), match=message):
        describe_gguf(path)


def test_factors_for_more_pairs_than_any_head_has(tmp_path):
    model = small()
    stored = gguf_files.tensors(model) | {"rope_freqs.weight": np.ones(5000, np.float32)}
    path = gguf_files.write(tmp_path / "model.gguf", "llama", gguf_files.values(model), stored)
    with pytest.raises(CheckpointError, match=r"rope_freqs\.weight has the shape \[5000\]"):
        describe_gguf(path)


def test_a_vocabulary_larger_than_the_model_is_refused(tmp_path):
    path = write(tmp_path / "model.gguf", llama(vocab_size=N_TOKENS - 1))
    with pytest.raises(TokenizerError, match=f"ids up to {N_TOKENS - 1}, but the model knows"):
        load_gguf(path)


def test_numbers_that_are_none_are_refused(tmp_path):
    model = small()
    model.model.norm.weight[3] = torch.nan
    path = write(tmp_path / "model.gguf", model)
    with pytest.raises(CheckpointError, match=r"final_norm\.gain holds infinite or undefined"):
        load_gguf(path)


def test_a_missing_file_and_a_folder(tmp_path):
    (tmp_path / "folder.gguf").mkdir()
    for name in ("none.gguf", "folder.gguf"):
        with pytest.raises(CheckpointError, match=f"{name} cannot be read") as refused:
            describe_gguf(tmp_path / name)
        assert str(tmp_path) not in str(refused.value)


def test_a_file_cut_short_while_it_is_read(tmp_path, monkeypatch):
    path = write(tmp_path / "model.gguf", small())
    with opened(path) as file:
        header = read_header(file)
    path.write_bytes(path.read_bytes()[:-500])
    monkeypatch.setattr(gguf, "read_header", lambda _: header)
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_gguf(path)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write(tmp_path_factory.mktemp("good") / "good.gguf", small(), "F16")


def tried(path, data: bytes) -> str:
    """What a reader is told of these bytes, "" if they are a model; soon."""
    path.write_bytes(data)
    start = time.process_time()
    try:
        load_gguf(path)
        told = ""
    except (CheckpointError, TokenizerError) as error:
        told = str(error)
        assert path.name in told
        assert str(path.parent) not in told
    assert time.process_time() - start < 5
    return told


@pytest.mark.parametrize("end", [0, 3, 4, 8, 23, 24, 40, 300, 5_000, -20_000, -1])
def test_a_file_cut_short_is_told(good, end, tmp_path):
    assert "cut short" in tried(tmp_path / "cut.gguf", good.read_bytes()[:end])


HEADERS = {
    "other letters": b"PK\x03\x04" + bytes(40),
    "first version": struct.pack("<4sIQQ", b"GGUF", 1, 1, 1),
    "big-endian": struct.pack(">4sIQQ", b"GGUF", 3, 1, 1),
    "endless values": struct.pack("<4sIQQ", b"GGUF", 3, 0, 2**63),
    "endless tensors": struct.pack("<4sIQQ", b"GGUF", 3, 2**63, 0) + bytes(200),
    "endless key": struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, 2**64 - 1) + bytes(99),
    "endless list": struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"k", 9, 4, 2**40) + bytes(99),
    "list of lists": struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"k", 9, 9, 1) + bytes(99),
    "unknown value": struct.pack("<4sIQQQ1sI", b"GGUF", 3, 0, 1, 1, b"k", 77) + bytes(99),
    "many axes": struct.pack("<4sIQQQ1sI", b"GGUF", 3, 1, 0, 1, b"t", 2**31) + bytes(99),
    "zeros": struct.pack("<4sIQQ", b"GGUF", 3, 5, 5) + bytes(10**6),
    "a header without end": struct.pack("<4sIQQ", b"GGUF", 3, 5, 2**40) + bytes(40 * 10**6),
    "many texts": struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"k", 9, 8, 2**20)
    + bytes(40 * 10**6),
}


@pytest.mark.parametrize("data", HEADERS.values(), ids=HEADERS)
def test_a_lying_header_is_told(data, tmp_path):
    assert tried(tmp_path / "lying.gguf", data)


@pytest.mark.parametrize("data", [d for d in HEADERS.values() if len(d) < 10**6 + 100])
def test_a_lying_header_takes_no_memory(data, tmp_path):
    path = tmp_path / "lying.gguf"
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError):
            load_gguf(path)
        assert tracemalloc.get_traced_memory()[1] < 10 * 10**6
    finally:
        tracemalloc.stop()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_header_does_harm(good, tmp_path, data):
    """Bytes of a good header replaced: by anything, or by numbers as large as they come."""
    held = bytearray(good.read_bytes())
    end = len(held) - sum(each.nbytes for each in gguf_files.tensors(small()).values()) // 2
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, end - 8))
        new = data.draw(
            st.binary(min_size=1, max_size=8)
            | st.sampled_from([0, 1, 2**31, 2**32, 2**63, 2**64 - 1]).map(
                lambda number: struct.pack("<Q", number)
            )
        )
        held[at : at + len(new)] = new
    tried(tmp_path / "changed.gguf", bytes(held))
