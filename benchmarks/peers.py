"""One model, the same weights, three libraries: ours, Hugging Face's, TransformerLens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core import fast
from transformer_core.config import TransformerConfig
from transformer_core.fast.quantization import with_8_bit_weights
from transformer_core.generation import GenerationStep, Sampling, generate
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer

SHAPES = {
    "small": TransformerConfig(
        vocab_size=8192,
        context_length=512,
        d_model=256,
        n_layers=6,
        n_heads=8,
        n_kv_heads=8,
        d_ff=1024,
    ),
    "gpt2": PRESETS["gpt2"],
}


def token_ids(config: TransformerConfig, n: int) -> list[int]:
    """The same random tokens for everybody."""
    generator = torch.Generator().manual_seed(n)
    return torch.randint(config.vocab_size, (n,), generator=generator).tolist()


class Ours:
    """This project's core."""

    def __init__(self, config: TransformerConfig) -> None:
        self.model = Transformer(config)
        self.model.initialise(0)
        fast.prepare(self.model.eval().requires_grad_(False))

    def plain(self, ids: list[int]) -> Tensor:
        """Logits [position, vocab]."""
        with torch.inference_mode():
            return self.model(torch.tensor([ids]))[0]

    def traced(self, ids: list[int]) -> Any:
        """Logits and whatever was kept."""
        with torch.inference_mode():
            trace = self.model.trace(torch.tensor([ids]))
        return trace.logits[0], trace

    def decode(self, ids: list[int], n: int) -> list[int]:
        """N tokens, greedily, with a KV cache."""
        events = generate(self.model, ids, Sampling(temperature=0), n)
        return [event.token_id for event in events if isinstance(event, GenerationStep)]


class Ours8Bit(Ours):
    """The same with 8-bit weights."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        self.model = with_8_bit_weights(self.model)


class HuggingFace:
    """GPT2LMHeadModel: fused attention, or eager attention where it has to return attentions."""

    def __init__(self, config: TransformerConfig) -> None:
        self.model = hugging_face(config, "sdpa")
        self.eager = hugging_face(config, "eager")

    def plain(self, ids: list[int]) -> Tensor:
        """Logits [position, vocab]."""
        with torch.inference_mode():
            return self.model(torch.tensor([ids]), use_cache=False).logits[0]

    def traced(self, ids: list[int]) -> Any:
        """Logits, attentions and hidden states."""
        with torch.inference_mode():
            output = self.eager(
                torch.tensor([ids]),
                use_cache=False,
                output_attentions=True,
                output_hidden_states=True,
            )
        return output.logits[0], output

    def decode(self, ids: list[int], n: int) -> list[int]:
        """N tokens, greedily, with a KV cache."""
        prompt = torch.tensor([ids])
        output = self.model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=n,
            min_new_tokens=n,
            do_sample=False,
        )
        return output[0, len(ids) :].tolist()


class TransformerLens:
    """TransformerBridge over the eager Hugging Face model."""

    def __init__(self, config: TransformerConfig) -> None:
        from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

        model = hugging_face(config, "eager")
        model.config.eos_token_id = 0
        self.model = build_bridge_from_module(
            model, "GPT2LMHeadModel", hf_config=model.config, tokenizer=None, device="cpu"
        )

    def traced(self, ids: list[int]) -> Any:
        """Logits and the cache of all activations."""
        with torch.inference_mode():
            logits, cache = self.model.run_with_cache(torch.tensor([ids]))
        return logits[0], dict(cache.items())


def hugging_face(config: TransformerConfig, attention: str) -> Any:
    """Our weights in Hugging Face's GPT-2."""
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=config.vocab_size,
            n_positions=config.context_length,
            n_embd=config.d_model,
            n_layer=config.n_layers,
            n_head=config.n_heads,
            attn_implementation=attention,  # type: ignore[call-arg]
            bos_token_id=0,
            eos_token_id=None,
            pad_token_id=0,
        )
    )
    model.load_state_dict(gpt2_weights(Ours(config).model), strict=False)
    model.tie_weights()
    return model.eval()


def gpt2_weights(model: Transformer) -> dict[str, Tensor]:
    """Our parameters under GPT-2's names; query, key and value stand side by side there."""
    ours = model.state_dict()
    weights = {
        "transformer.wte.weight": ours["embedding"],
        "transformer.wpe.weight": ours["position.table"],
        "transformer.ln_f.weight": ours["final_norm.gain"],
        "transformer.ln_f.bias": ours["final_norm.bias"],
    }
    for i in range(model.config.n_layers):
        our, their = f"blocks.{i}.", f"transformer.h.{i}."
        for kind in ("weight", "bias"):
            norm_kind = "gain" if kind == "weight" else "bias"
            qkv = [ours[f"{our}attention.{name}_proj.{kind}"] for name in "qkv"]
            weights |= {
                f"{their}ln_1.{kind}": ours[f"{our}attention_norm.{norm_kind}"],
                f"{their}ln_2.{kind}": ours[f"{our}feed_forward_norm.{norm_kind}"],
                f"{their}attn.c_attn.{kind}": torch.cat(qkv, dim=-1),
                f"{their}attn.c_proj.{kind}": ours[f"{our}attention.out_proj.{kind}"],
                f"{their}mlp.c_fc.{kind}": ours[f"{our}feed_forward.up_proj.{kind}"],
                f"{their}mlp.c_proj.{kind}": ours[f"{our}feed_forward.down_proj.{kind}"],
            }
    return weights


def tensors(kept: Any) -> Iterator[Tensor]:
    """Every tensor in nested dataclasses, dictionaries, lists and tuples."""
    if isinstance(kept, Tensor):
        yield kept
    elif is_dataclass(kept) and not hasattr(kept, "keys"):
        for field in fields(kept):
            yield from tensors(getattr(kept, field.name))
    elif isinstance(kept, dict):
        yield from tensors(list(kept.values()))
    elif isinstance(kept, list | tuple):
        for part in kept:
            yield from tensors(part)


PEERS: dict[str, Any] = {
    "ours": Ours,
    "ours_8_bit": Ours8Bit,
    "hugging_face": HuggingFace,
    "transformer_lens": TransformerLens,
}


def llama_of_smollm2(path: Path) -> Any:
    """The weights of a GGUF file of SmolLM2 in Hugging Face's Llama."""
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    model: Any = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=49_152,
            hidden_size=576,
            intermediate_size=1536,
            num_hidden_layers=30,
            num_attention_heads=9,
            num_key_value_heads=3,
            max_position_embeddings=8192,
            rms_norm_eps=1e-5,
            tie_word_embeddings=True,
            rope_parameters={"rope_type": "default", "rope_theta": 100_000.0},
            eos_token_id=None,
            pad_token_id=2,
        )
    ).eval()
    read = load_gguf_checkpoint(path, return_tensors=True, model_to_load=model)["tensors"]
    assert model.load_state_dict(read, strict=False).missing_keys == ["lm_head.weight"]  # tied
    return model


def hugging_face_smollm2(path: Path) -> Callable[[list[int], int], list[int]]:
    """How Hugging Face's Llama continues greedily with the weights of SmolLM2."""
    model = llama_of_smollm2(path)

    def continued(ids: list[int], n: int) -> list[int]:
        prompt = torch.tensor([ids])
        rest = {"max_new_tokens": n, "min_new_tokens": n, "do_sample": False}
        output = model.generate(prompt, attention_mask=torch.ones_like(prompt), **rest)
        return output[0, len(ids) :].tolist()

    return continued
