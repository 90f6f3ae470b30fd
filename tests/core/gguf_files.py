"""Small GGUF files, written by the package `gguf` from models of `transformers`."""

import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter, quantize
from gguf.quants import quant_shape_to_byte_shape
from tokenizers import Tokenizer as TheirTokenizer

LLAMA = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "model.layers.": "blk.",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
GPT2 = {
    "transformer.wte": "token_embd",
    "transformer.wpe": "position_embd",
    "transformer.ln_f": "output_norm",
    "lm_head": "output",
    "transformer.h.": "blk.",
    "ln_1": "attn_norm",
    "ln_2": "ffn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
}


def tensors(model) -> dict[str, np.ndarray]:
    """By GGUF's names and in its order: [d_out, d_in], pairs that turn together neighbours."""
    config, found = model.config, {}
    is_llama = config.model_type == "llama"
    for name, weight in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        for theirs, ggufs in (LLAMA if is_llama else GPT2).items():
            name = name.replace(theirs, ggufs)
        if not is_llama and name.startswith("blk.") and weight.ndim == 2:
            weight = weight.T
        if ".attn_q." in name or ".attn_k." in name:
            heads = config.num_attention_heads if "_q" in name else config.num_key_value_heads
            weight = weight.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2)
        found[name] = weight.contiguous().float().numpy()
    return found


def values(model) -> dict:
    config = model.config
    if config.model_type == "gpt2":
        return {
            "gpt2.context_length": config.n_positions,
            "gpt2.embedding_length": config.n_embd,
            "gpt2.block_count": config.n_layer,
            "gpt2.feed_forward_length": config.n_inner or 4 * config.n_embd,
            "gpt2.attention.head_count": config.n_head,
            "gpt2.attention.layer_norm_epsilon": config.layer_norm_epsilon,
        }
    return {
        "llama.context_length": config.max_position_embeddings,
        "llama.embedding_length": config.hidden_size,
        "llama.block_count": config.num_hidden_layers,
        "llama.feed_forward_length": config.intermediate_size,
        "llama.attention.head_count": config.num_attention_heads,
        "llama.attention.head_count_kv": config.num_key_value_heads,
        "llama.attention.layer_norm_rms_epsilon": config.rms_norm_eps,
        "llama.rope.freq_base": config.rope_parameters["rope_theta"],
        "llama.rope.dimension_count": config.head_dim,
        "llama.vocab_size": config.vocab_size,
    }


def vocabulary(tokenizer: TheirTokenizer, pre: str = "smollm") -> dict:
    """What llama.cpp's converter writes of a byte-level vocabulary."""
    recorded = json.loads(tokenizer.to_str())
    added = {each["id"]: each for each in recorded["added_tokens"]}
    names = {i: name for name, i in recorded["model"]["vocab"].items()}
    names |= {i: each["content"] for i, each in added.items()}
    kinds = {i: 3 if each["special"] else 4 for i, each in added.items()}
    ids = range(max(names) + 1)
    written = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": [names.get(i, f"[PAD{i}]") for i in ids],
        "tokenizer.ggml.token_type": [kinds.get(i, 1 if i in names else 5) for i in ids],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in recorded["model"]["merges"]],
        "tokenizer.ggml.eos_token_id": 0,
    }
    unknown = recorded["model"]["unk_token"]
    if unknown:
        written["tokenizer.ggml.unknown_token_id"] = recorded["model"]["vocab"][unknown]
    return written


def write(path: Path, architecture: str, metadata: dict, stored: dict, kind: str = "F32") -> Path:
    """Matrices as numbers of this kind, vectors in 32 bits; values of None are left out."""
    writer = GGUFWriter(path, architecture)
    for key, value in metadata.items():
        if value is not None:
            add(writer, key, value)
    for name, weight in stored.items():
        one = GGMLQuantizationType["F32" if weight.ndim == 1 else kind]
        writer.add_tensor(name, encoded(weight, one), raw_dtype=one)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def add(writer: GGUFWriter, key: str, value) -> None:
    if isinstance(value, list):
        writer.add_array(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    elif isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    else:
        writer.add_float32(key, value)


def encoded(weight: np.ndarray, kind: GGMLQuantizationType) -> np.ndarray:
    """Rounded by the package; where it can decode only, bytes of which any are small numbers."""
    try:
        return quantize(weight, kind)
    except NotImplementedError:
        shape = quant_shape_to_byte_shape(weight.shape, kind)
        return np.random.default_rng(weight.size).integers(0, 0x20, shape, np.uint8)


def ids(n: int, vocab_size: int) -> torch.Tensor:
    return torch.randint(vocab_size, (2, n), generator=torch.Generator().manual_seed(0))
