"""Published models and vocabularies, against Hugging Face's own code on random weights."""

import json
import os

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from tests.core.variants import token_ids
from transformer_core.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from transformer_core.downloads import DOWNLOADS, download, find_cached, find_packaged
from transformer_core.hugging_face import load_hugging_face
from transformer_core.positions import rotary_frequencies
from transformer_core.published.hugging_face_config import llama_config

GPT2 = {"vocab_size": 37, "n_positions": 40, "n_embd": 24, "n_layer": 2, "n_head": 3}
LLAMA = {
    "vocab_size": 37,
    "max_position_embeddings": 40,
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 6,
    "initializer_range": 0.3,
}

LLAMA_31 = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}


def gpt2(**changes) -> GPT2LMHeadModel:
    torch.manual_seed(0)
    return filled(GPT2LMHeadModel(GPT2Config(**(GPT2 | {"initializer_range": 0.3} | changes))))


def llama(**changes) -> LlamaForCausalLM:
    torch.manual_seed(0)
    return filled(LlamaForCausalLM(LlamaConfig(**(LLAMA | changes))))


def filled(model):
    """Norms and biases random too: as they start, a lost one would not show."""
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1:
            torch.nn.init.normal_(parameter, 0.0 if name.endswith("bias") else 1.0, 0.3)
    return model.eval().requires_grad_(False)


MODELS = {
    "gpt2": gpt2,
    "gpt2 untied": lambda: gpt2(tie_word_embeddings=False),
    "gpt2 exact GELU": lambda: gpt2(activation_function="gelu", layer_norm_epsilon=1e-3),
    "gpt2 ReLU, narrow": lambda: gpt2(activation_function="relu", n_inner=30),
    "llama": llama,
    "llama tied": lambda: llama(tie_word_embeddings=True),
    "llama grouped": lambda: llama(num_key_value_heads=2, rms_norm_eps=1e-3),
    "llama one key": lambda: llama(num_key_value_heads=1),
    "llama biases": lambda: llama(attention_bias=True, mlp_bias=True),
    "llama attention biases": lambda: llama(attention_bias=True, num_key_value_heads=2),
    "llama MLP biases": lambda: llama(mlp_bias=True),
    "llama wide heads": lambda: llama(head_dim=10, num_key_value_heads=3),
    "llama narrow heads": lambda: llama(head_dim=2),
    "llama linear": lambda: llama(
        rope_parameters={"rope_type": "linear", "rope_theta": 1e4, "factor": 4.0}
    ),
    "llama 3.1": lambda: llama(head_dim=16, rope_parameters=LLAMA_31),
    "llama other base": lambda: llama(
        rope_parameters={"rope_type": "default", "rope_theta": 500_000.0}
    ),
}


def continued(logits_of, ids: torch.Tensor, n: int) -> torch.Tensor:
    for _ in range(n):
        ids = torch.cat((ids, logits_of(ids)[:, -1:].argmax(-1)), dim=1)
    return ids


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_logits_and_greedy_continuations_are_theirs(make, tmp_path):
    theirs = make()
    theirs.save_pretrained(tmp_path)
    ours = load_hugging_face(tmp_path)
    ids = token_ids(3, 12, vocab_size=37)
    expected = theirs(ids).logits
    assert expected.std() > 0.1
    torch.testing.assert_close(ours(ids), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(ours.trace(ids).logits, expected, atol=1e-4, rtol=1e-4)
    mine = continued(ours, ids, 20)
    assert torch.equal(mine, continued(lambda ids: theirs(ids).logits, ids, 20))
    assert len(mine[:, 12:].unique()) > 1


def test_hidden_states_are_theirs(tmp_path):
    theirs = llama(num_key_value_heads=2)
    theirs.save_pretrained(tmp_path)
    ids = token_ids(2, 12, vocab_size=37)
    states = theirs(ids, output_hidden_states=True).hidden_states
    trace = load_hugging_face(tmp_path).trace(ids)
    streams = [trace.embedded, trace.blocks[0].resid_post, trace.final_norm]
    for mine, expected in zip(streams, states, strict=True):
        torch.testing.assert_close(mine, expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("make", [gpt2, llama])
def test_a_model_in_several_files(make, tmp_path):
    theirs = make()
    theirs.save_pretrained(tmp_path, max_shard_size="10KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    ids = token_ids(1, 12, vocab_size=37)
    ours = load_hugging_face(tmp_path)(ids)
    torch.testing.assert_close(ours, theirs(ids).logits, atol=1e-4, rtol=1e-4)


def test_half_precision_becomes_float32(tmp_path):
    llama().bfloat16().save_pretrained(tmp_path)
    model = load_hugging_face(tmp_path)
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in model.parameters())


def test_the_first_gpt2_files_had_bare_names_and_stored_the_mask(tmp_path):
    theirs = gpt2()
    theirs.save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    bare = {name.removeprefix("transformer."): w for name, w in load_file(path).items()}
    save_file(bare | {"h.0.attn.bias": torch.ones(1, 1, 40, 40).tril()}, path)
    ids = token_ids(1, 12, vocab_size=37)
    ours = load_hugging_face(tmp_path)(ids)
    torch.testing.assert_close(ours, theirs(ids).logits, atol=1e-4, rtol=1e-4)


def test_older_llama_files_name_the_base_at_the_top(tmp_path):
    theirs = llama(rope_parameters={"rope_type": "default", "rope_theta": 123.0})
    theirs.save_pretrained(tmp_path)
    change(tmp_path, rope_parameters=None, rope_theta=123.0, rope_scaling=None, head_dim=None)
    ids = token_ids(1, 12, vocab_size=37)
    ours = load_hugging_face(tmp_path)(ids)
    torch.testing.assert_close(ours, theirs(ids).logits, atol=1e-4, rtol=1e-4)


def test_what_llama_3_slows_is_what_theirs_slows():
    """Some pairs left alone, one slowed by the factor and those in between."""
    rope = LLAMA_31 | {"rope_theta": 500_000.0, "original_max_position_embeddings": 8192}
    theirs = LlamaRotaryEmbedding(
        LlamaConfig(hidden_size=256, num_attention_heads=4, rope_parameters=rope)
    )
    values = LLAMA | {"hidden_size": 256, "num_attention_heads": 4, "rope_parameters": rope}
    ours = llama_config(values, has_unembedding=False)
    torch.testing.assert_close(rotary_frequencies(ours), theirs.inv_freq, atol=0, rtol=1e-5)
    factors = ours.constants.rope_factors
    assert min(factors) == 1
    assert max(factors) == 8
    assert {factor for factor in factors if 1.01 < factor < 7.99}


@pytest.mark.parametrize("make", [gpt2, llama, lambda: llama(tie_word_embeddings=True)])
def test_what_a_config_leaves_out_is_as_in_the_families_first_files(make, tmp_path):
    theirs = make()
    theirs.save_pretrained(tmp_path)
    absent = ("tie_word_embeddings", "hidden_act", "activation_function", "head_dim")
    change(tmp_path, **dict.fromkeys(absent, None), rope_scaling=None)
    ids = token_ids(1, 12, vocab_size=37)
    ours = load_hugging_face(tmp_path)(ids)
    torch.testing.assert_close(ours, theirs(ids).logits, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("make", [gpt2, llama])
@pytest.mark.parametrize("prefix", ["", "module.transformer.", "module.model."])
def test_older_files_have_other_prefixes_and_store_what_follows(make, prefix, tmp_path):
    theirs = make()
    theirs.save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    bare = {
        name.removeprefix("transformer.").removeprefix("model."): w
        for name, w in load_file(path).items()
    }
    bare |= {
        "h.0.attn.masked_bias": torch.tensor(-1e4),
        "layers.1.self_attn.rotary_emb.inv_freq": torch.ones(2),
        "rotary_emb.inv_freq": torch.ones(2),
    }
    save_file({prefix + name: weight for name, weight in bare.items()}, path)
    ids = token_ids(1, 12, vocab_size=37)
    ours = load_hugging_face(tmp_path)(ids)
    torch.testing.assert_close(ours, theirs(ids).logits, atol=1e-4, rtol=1e-4)


def test_a_published_model_can_be_kept_as_our_own(tmp_path):
    llama(head_dim=16, rope_parameters=LLAMA_31, attention_bias=True).save_pretrained(
        tmp_path / "theirs"
    )
    model = load_hugging_face(tmp_path / "theirs")
    save_checkpoint(model, tmp_path / "ours", torch.float32)
    ids = token_ids(1, 12, vocab_size=37)
    assert torch.equal(load_checkpoint(tmp_path / "ours")(ids), model(ids))


def change(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


REFUSED = {
    "other family": (gpt2, {"model_type": "bert"}, "model_type is 'bert'; .* gpt2, llama"),
    "quantised": (llama, {"quantization_config": {"bits": 4}}, "quantization_config"),
    "unscaled": (gpt2, {"scale_attn_weights": False}, "scale_attn_weights is False"),
    "scaled by layer": (
        gpt2,
        {"scale_attn_by_inverse_layer_idx": True},
        "scale_attn_by_inverse_layer_idx is True",
    ),
    "cross-attention": (gpt2, {"add_cross_attention": True}, "add_cross_attention is True"),
    "GPT-2's activation": (
        gpt2,
        {"activation_function": "silu"},
        "activation_function is 'silu'; .*gelu_new",
    ),
    "Llama's activation": (llama, {"hidden_act": "gelu"}, "hidden_act is 'gelu'; .*silu"),
    "stretched in another way": (
        llama,
        {"rope_scaling": {"type": "dynamic", "factor": 2.0}},
        "rope_scaling is .*dynamic.*; plain, linear and llama3",
    ),
    "stretched by nothing said": (
        llama,
        {"rope_scaling": {"rope_type": "llama3"}},
        "the field 'factor' is missing",
    ),
    "stretched by a zero": (
        llama,
        {"rope_scaling": {"rope_type": "linear", "factor": 0}},
        r"rope_factors\[0\] is 0.0",
    ),
    "stretched over no span": (
        llama,
        {
            "rope_scaling": {
                "rope_type": "llama3",
                "factor": 8,
                "low_freq_factor": 4,
                "high_freq_factor": 4,
                "original_max_position_embeddings": 8,
            }
        },
        "cannot be built here",
    ),
    "stretched, newer": (
        llama,
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}},
        "rope_parameters is .*yarn",
    ),
    "part of a head": (
        llama,
        {"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.5}},
        "partial_rotary_factor",
    ),
    "untied without a matrix": (
        lambda: llama(tie_word_embeddings=True),
        {"tie_word_embeddings": False},
        r"tie_word_embeddings is False.*lm_head\.weight",
    ),
    "wider heads": (llama, {"head_dim": 8}, r"shape \[24, 24\].*asks for \[24, 48\]"),
    "no biases": (llama, {"attention_bias": True}, "lacks the weight .*attention.k_proj.bias"),
    "biases of unknown kind": (llama, {"mlp_bias": "yes"}, "mlp_bias is 'yes'"),
    "other heads": (
        llama,
        {"num_attention_heads": 5, "num_key_value_heads": 5, "head_dim": None},
        "d_model is 24.*= 5",
    ),
    "other depth": (gpt2, {"n_layer": 3}, "lacks the weight blocks.2"),
    "other width": (gpt2, {"n_inner": 50}, r"up_proj\.bias has the shape \[96\].*\[50\]"),
}


@pytest.mark.parametrize(("make", "changes", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_supported_is_named(make, changes, message, tmp_path):
    make().save_pretrained(tmp_path)
    change(tmp_path, **changes)
    with pytest.raises(CheckpointError, match=message) as error:
        load_hugging_face(tmp_path)
    assert str(tmp_path) not in str(error.value)


def test_a_missing_field_is_named(tmp_path):
    gpt2().save_pretrained(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2", "vocab_size": 5}))
    with pytest.raises(CheckpointError, match="'n_positions' is missing"):
        load_hugging_face(tmp_path)


def test_missing_files_are_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json cannot be read"):
        load_hugging_face(tmp_path)
    gpt2().save_pretrained(tmp_path, max_shard_size="10KB")
    next(tmp_path.glob("*-00002-*")).unlink()
    with pytest.raises(CheckpointError, match=r"model-00002-of-.* is missing"):
        load_hugging_face(tmp_path)


def test_an_index_may_not_lead_out_of_its_folder(tmp_path):
    gpt2().save_pretrained(tmp_path)
    index = {"weight_map": {"transformer.wte.weight": "../elsewhere.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(CheckpointError, match="outside of its folder"):
        load_hugging_face(tmp_path)


# What is on this machine, and what can be asked for.


def snapshot(cache, repository: str, commit: str):
    name = repository.replace("/", "--")
    folder = cache / f"models--{name}" / "snapshots" / commit
    gpt2().save_pretrained(folder)
    return folder


def test_cached_models_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    assert find_cached() == []
    folder = snapshot(tmp_path / "hub", "someone/small-gpt", "abc")
    plain = snapshot(tmp_path / "hub", "gpt2", "def")
    half = snapshot(tmp_path / "hub", "someone/half", "123")
    (half / "model.safetensors").unlink()
    found = find_cached()
    assert found == [("gpt2", plain), ("someone/small-gpt", folder)]
    assert load_hugging_face(found[1][1]).config.d_model == 24


def test_the_newest_snapshot_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    new, old = (snapshot(tmp_path, "gpt2", commit) for commit in ("abc", "def"))
    for folder, seconds in ((new, 2_000), (old, 1_000)):
        os.utime(folder, (seconds, seconds))
    assert find_cached() == [("gpt2", new)]


def test_the_file_in_a_package_is_found_without_importing_it(tmp_path, monkeypatch):
    folder = tmp_path / "some_model"
    for name, text in (
        ("some_model/__init__.py", "raise ImportError"),
        ("some_model/weights.gguf", "GGUF"),
        ("some_model-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: some-model\n"),
        ("some_model-1.dist-info/RECORD", "some_model/__init__.py,,\nsome_model/weights.gguf,,\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_packaged("some-model") == folder / "weights.gguf"
    (folder / "weights.gguf").unlink()
    assert find_packaged("some-model") is None
    assert find_packaged("no-such-model") is None


def test_a_download_asks_for_what_is_needed_only(tmp_path, monkeypatch):
    import huggingface_hub

    asked = {}

    def fetch(repository, **options):
        asked.update(options, repository=repository)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    assert download("openai-community/gpt2", tmp_path) == tmp_path
    assert asked["repository"] == "openai-community/gpt2"
    assert asked["cache_dir"] == tmp_path
    assert not any("bin" in pattern or pattern == "*" for pattern in asked["allow_patterns"])


def test_a_failed_download_is_told(tmp_path, monkeypatch):
    import huggingface_hub

    def fetch(repository, **_):
        raise ConnectionError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    with pytest.raises(CheckpointError, match=r"gpt2 cannot be fetched \(no network\)"):
        download("openai-community/gpt2", tmp_path)


def test_downloads_have_a_size_and_a_licence():
    assert len({d.repository for d in DOWNLOADS}) == len(DOWNLOADS)
    for one in DOWNLOADS:
        assert 1 < one.megabytes < 3000
        assert one.licence in {"MIT", "Apache 2.0"}
        assert one.repository.count("/") == 1
