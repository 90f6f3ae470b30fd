"""One layer for one word: a wide vector split into heads, each on its own, and joined again."""

from __future__ import annotations

import torch
from torch import Tensor

from pages.n1_forward_pass.heads.heads_board import SHOWN, causal_weights, view
from transformer_core.lens.head_arithmetic import written_by_heads
from transformer_core.transformer import Transformer, TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

DRAWN = 6 * 192  # numbers per token and kind, over all layers; a larger model is drawn thinned


def show_split_board(reader: Reader) -> None:
    """Strips of the chosen word's numbers with the shapes they have."""
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    packed = pack_split(reader, load(reader.model_name).model, traced)
    component(__file__)(key="split-board", data=packed)


def pack_split(reader: Reader, model: Transformer, traced: TransformerTrace) -> bytes:
    """What attention reads and writes, and each head's part, [layer, position, ...]."""
    config = model.config
    every = -(-config.n_layers * config.d_model // DRAWN)
    pre_norm = config.block == "pre_norm"
    read = [b.attention_norm if pre_norm else b.resid_pre for b in traced.blocks]
    layers = [block.attention for block in traced.blocks]

    def heads(name: str) -> Tensor:
        """[layer, position, head, d_head], thinned."""
        stacked = torch.stack([getattr(layer, name)[0] for layer in layers])
        return stacked.transpose(1, 2)[..., ::every].half()

    header = view(reader) | {
        "every": every,
        "d_model": config.d_model,
        "d_head": config.d_head,
        "n_kv_heads": config.n_kv_heads,
    }
    arrays = {
        "x": torch.stack([x[0, :, ::every] for x in read]).half(),
        "q": heads("q"),
        "k": heads("k"),
        "mixed": heads("mixed_values"),
        "output": torch.stack([layer.output[0, :, ::every] for layer in layers]).half(),
        "weights": (255 * causal_weights(traced).float()).round().to(torch.uint8),
        "most": torch.stack([layer.weights[0].amax(-1).T for layer in layers]).half(),
        "written": torch.stack(
            [
                written_by_heads(block.attention, layer)[0].norm(dim=-1)
                for block, layer in zip(model.blocks, layers, strict=True)
            ]
        ).half(),
    }
    return pack(header, arrays)
