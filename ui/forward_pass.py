"""The first screen: one trace, packed for the browser, and the component that draws it.

The message is one block of bytes: four bytes with the length of a JSON header, the header, the
rows of all tokens, and the logits of the last token as 16-bit floats. Because no token sees the
future, a row never changes when a token is appended: only the new token's row is computed.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from threading import Lock
from time import time_ns
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from transformer_core.generation import Sampling, draw, filter_steps
from transformer_core.kv_cache import KVCache
from transformer_core.lens.logit_lens import LayerGuess, logit_lens
from transformer_core.transformer import TransformerTrace
from ui.component import component
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, known_models, load
from ui.state import Reader

SHOWN = 48  # of the d_model or d_ff numbers of a vector, the first so many are sent
GUESSES = 8  # likeliest next tokens per position
NEURONS = 4  # strongest hidden units per layer
KEY = "forward_pass"
REMEMBERED = 24  # passes kept; of a shipped model, each about 0.02 MB per token


@dataclass(frozen=True)
class Field:
    """One kind of number in a row: float16, float32 or int8 with a float32 scale per vector."""

    name: str
    type: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Pass:
    """A sentence that has been through the model: rows for the browser, and the cache to go on."""

    rows: tuple[bytes, ...]
    tokens: tuple[dict[str, Any], ...]
    fields: tuple[Field, ...]
    last_logits: Tensor
    cache: KVCache
    computed: int


def pack_rows(trace: TransformerTrace) -> tuple[tuple[Field, ...], tuple[bytes, ...]]:
    """Everything that the picture shows, one block of bytes per position.

    The fixed fields come first, in the order returned; then the attention weights of the position
    over itself and all before it, [layer, head, key], as 16-bit shares of 65,535.
    """
    parts: list[tuple[Field, np.ndarray]] = []

    def add(name: str, kind: str, values: Tensor) -> None:
        parts.extend(_encode(name, kind, values.numpy()))

    blocks = trace.blocks

    def layers(pick: Callable[[Any], Tensor], shown: int | None = None) -> Tensor:
        return torch.stack([pick(block)[0, :, :shown] for block in blocks], dim=1)

    add("token_embedded", "float16", trace.token_embedded[0, :, :SHOWN])
    add("position_added", "float16", (trace.embedded - trace.token_embedded)[0, :, :SHOWN])
    add("embedded", "float16", trace.embedded[0, :, :SHOWN])
    add("final_norm", "int8", trace.final_norm[0, :, :SHOWN])
    for name, pick in _VECTORS.items():
        add(name, "int8", layers(pick, SHOWN))
    for name in ("q", "k", "v"):
        start = -trace.token_ids.shape[1]  # with a cache, k and v also hold the past
        heads = torch.stack([getattr(b.attention, name)[0, :, start:] for b in blocks])
        add(name, "float16", heads.permute(2, 0, 1, 3))
    summands = (trace.token_embedded, trace.embedded - trace.token_embedded, trace.embedded)
    add("embedding_size", "float32", torch.stack([x[0].norm(dim=-1) for x in summands], dim=-1))
    add("size", "float32", torch.stack([layers(p).norm(dim=-1) for p in _SIZES], dim=-1))
    add("norm_input", "float32", _mean_and_deviation(layers))
    hidden = layers(lambda b: b.feed_forward.hidden)
    strongest = hidden.abs().topk(NEURONS, dim=-1).indices
    values = hidden.gather(-1, strongest)
    add("neurons", "float32", torch.stack((strongest.float(), values), dim=-1))
    fixed = np.concatenate([array for _, array in parts], axis=1)
    weights = torch.stack([b.attention.weights[0] for b in blocks]).permute(2, 0, 1, 3)
    past = weights.shape[3] - len(fixed)
    shares = (weights * 65_535).round().numpy().astype("<u2")
    rows = tuple(
        fixed[i].tobytes() + shares[i, :, :, : past + i + 1].tobytes() for i in range(len(fixed))
    )
    return tuple(field for field, _ in parts), rows


_VECTORS: dict[str, Callable[[Any], Tensor]] = {
    "attention_norm": lambda b: b.attention_norm,
    "attention_output": lambda b: b.attention.output,
    "resid_mid": lambda b: b.resid_mid,
    "feed_forward_norm": lambda b: b.feed_forward_norm,
    "hidden": lambda b: b.feed_forward.hidden,
    "feed_forward_output": lambda b: b.feed_forward.output,
    "resid_post": lambda b: b.resid_post,
}
_SIZES: tuple[Callable[[Any], Tensor], ...] = (
    lambda b: b.resid_pre,
    lambda b: b.attention.output,
    lambda b: b.resid_mid,
    lambda b: b.feed_forward.output,
    lambda b: b.resid_post,
)


def _mean_and_deviation(layers: Callable[[Callable[[Any], Tensor]], Tensor]) -> Tensor:
    """Mean, deviation and root mean square of what the two norms read, [position, layer, 2, 3]."""
    inputs = torch.stack((layers(lambda b: b.resid_pre), layers(lambda b: b.resid_mid)), dim=2)
    mean = inputs.mean(-1)
    deviation = (inputs - mean[..., None]).square().mean(-1).sqrt()  # Tensor.std is slower
    return torch.stack((mean, deviation, inputs.square().mean(-1).sqrt()), dim=-1)


def _encode(name: str, kind: str, values: np.ndarray) -> list[tuple[Field, np.ndarray]]:
    shape = tuple(values.shape[1:])
    if kind != "int8":
        array = np.ascontiguousarray(values, "<f2" if kind == "float16" else "<f4")
        return [(Field(name, kind, shape), array.reshape(len(values), -1).view(np.uint8))]
    scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-12) / 127
    steps = np.round(values / scale).astype(np.int8)
    return [
        *_encode(f"{name}.scale", "float32", scale[..., 0]),
        (Field(name, kind, shape), steps.reshape(len(values), -1).view(np.uint8)),
    ]


_passes: OrderedDict[tuple[str, tuple[int, ...]], Pass] = OrderedDict()
_passes_lock = Lock()


def run(loaded: LoadedModel, token_ids: tuple[int, ...]) -> Pass:
    """The pass of these tokens; where the text begins like one before, only the rest is run."""
    key = (loaded.name, token_ids)
    with _passes_lock:
        known = _passes.get(key)
        before, shared = (None, 0) if known else _nearest(*key)
    done = known or _compute(loaded, token_ids, before, shared)
    with _passes_lock:
        _passes[key] = done
        _passes.move_to_end(key)
        while len(_passes) > REMEMBERED:
            _passes.popitem(last=False)
    return done


def _nearest(name: str, token_ids: tuple[int, ...]) -> tuple[Pass | None, int]:
    """The remembered pass that shares most of the beginning, and how many tokens that is.

    The last token is never shared: its logits are wanted.
    """
    best, most = None, 0
    for (model, ids), done in _passes.items():
        pairs = zip(ids, token_ids[:-1], strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if model == name and shared > most:
            best, most = done, shared
    return best, most


def _compute(
    loaded: LoadedModel, token_ids: tuple[int, ...], before: Pass | None = None, shared: int = 0
) -> Pass:
    model, new = loaded.model, token_ids[shared:]
    with HEAVY_PASSES, torch.inference_mode():
        size = len(token_ids)
        cache = before.cache.copy(size, shared) if before else KVCache(model.config, size)
        trace = model.trace(torch.tensor([new]), cache=cache)
        fields, rows = pack_rows(trace)
        tokens = _describe(loaded, new, trace.logits[0], logit_lens(model, trace))
    return Pass(
        rows=(*before.rows[:shared], *rows) if before else rows,
        tokens=(*before.tokens[:shared], *tokens) if before else tokens,
        fields=fields,
        last_logits=trace.logits[0, -1],
        cache=cache,
        computed=len(new),
    )


def _describe(
    loaded: LoadedModel, token_ids: tuple[int, ...], logits: Tensor, lens: LayerGuess
) -> tuple[dict[str, Any], ...]:
    """For each token its id, its bytes, the likeliest next tokens and the guess of each layer."""
    best = logits.topk(GUESSES)
    totals = logits.logsumexp(-1)
    next_ids, next_logits = best.indices.tolist(), _rounded(best.values, 3)
    shares = _rounded((best.values - totals[:, None]).exp(), 5)
    log_sums = _rounded(totals, 3)
    lens_ids, lens_shares = lens.token_ids.T.tolist(), _rounded(lens.probabilities.T, 4)
    return tuple(
        {
            "id": token_id,
            "bytes": list(loaded.tokenizer.token_bytes(token_id)),
            "next": next_ids[i],
            "probabilities": shares[i],
            "logits": next_logits[i],
            "log_sum": log_sums[i],
            "lens": list(zip(lens_ids[i], lens_shares[i], strict=True)),
        }
        for i, token_id in enumerate(token_ids)
    )


def _rounded(values: Tensor, digits: int) -> list[Any]:
    return values.double().numpy().round(digits).tolist()


def message(loaded: LoadedModel, done: Pass, n_sampled: int, view: dict[str, Any]) -> bytes:
    """What the browser is sent; `n_sampled` of the last tokens were sampled, not typed."""
    mentioned = {token["id"] for token in done.tokens}
    mentioned |= {i for token in done.tokens for i in token["next"]}
    mentioned |= {i for token in done.tokens for i, _ in token["lens"]}
    header = json.dumps(
        {
            "model": _shape(loaded),
            "roles": head_roles(loaded.name),
            "tokens": done.tokens,
            "pieces": {str(i): _piece(loaded, i) for i in mentioned},
            "fields": [vars(field) for field in done.fields],
            "rows": [len(row) for row in done.rows],
            "computed": done.computed,
            "sampled": n_sampled,
            "view": view,
        },
        separators=(",", ":"),
    ).encode()
    logits = done.last_logits.half().numpy().tobytes()
    return b"".join((len(header).to_bytes(4, "little"), header, *done.rows, logits))


@lru_cache(maxsize=20_000)
def _piece(loaded: LoadedModel, token_id: int) -> str:
    return loaded.tokenizer.pieces([token_id])[0]


@cache
def _shape(loaded: LoadedModel) -> dict[str, Any]:
    config = loaded.config
    return {
        "name": loaded.name,
        "parameters": sum(p.numel() for p in loaded.model.parameters()),
        "d_head": config.d_head,
        "tied": config.tied_embeddings,
        **config.to_dict(),
    }


# A head is called by the first role whose measured score is clear: (measured on, role, at least).
CLEAR_ROLES = {
    "induction": ("repeated", "induction", 0.3),
    "previous": ("repeated", "previous_token", 0.5),
    "first": ("text", "first_token", 0.5),
    "self": ("text", "current_token", 0.5),
    "duplicate": ("repeated", "duplicate_token", 0.3),
    "punctuation": ("text", "punctuation", 0.5),
}


@cache
def head_roles(model_name: str) -> list[list[str | None]]:
    """The clear role of each head, [layer][head], as recorded beside the weights; else empty."""
    try:
        record = json.loads((known_models()[model_name] / "head_roles.json").read_text("utf-8"))
        heads = record["heads"]
        layers: list[list[str | None]] = [[] for _ in range(1 + max(h["layer"] for h in heads))]
        for head in heads:
            layers[head["layer"]].append(
                next(
                    (
                        name
                        for name, (on, role, least) in CLEAR_ROLES.items()
                        if head[on].get(role, 0) >= least
                    ),
                    None,
                )
            )
    except (OSError, ValueError, KeyError):
        return []
    return layers


def append_to_text() -> None:
    """Append the token that the browser asks for: clicked, or drawn by temperature and top-p."""
    now, choice = reader(), st.session_state[KEY].append
    if isinstance(choice, dict) and choice.get("length") == len(now.token_ids):
        chosen = _next_token(load(now.model_name), now.token_ids, choice)
        st.session_state["more"] = ".".join(map(str, (*now.more, chosen)))
        st.session_state["token"] = ""


def _next_token(loaded: LoadedModel, token_ids: tuple[int, ...], choice: dict[str, Any]) -> int:
    """Odd numbers from the browser are clamped; an id that does not exist falls back to a draw."""
    wanted = choice.get("token")
    if isinstance(wanted, int) and 0 <= wanted < loaded.config.vocab_size:
        return wanted
    sampling = Sampling(
        temperature=round(_within(choice.get("temperature"), 0.0, 2.0), 3),
        top_p=_within(choice.get("top_p"), 0.05, 1.0),
    )
    chances = filter_steps(run(loaded, token_ids).last_logits, sampling)[-1].probabilities
    return draw(chances, torch.Generator().manual_seed(time_ns()))


def _within(value: Any, low: float, high: float) -> float:
    number = value if isinstance(value, int | float) and value == value else 1.0
    return float(min(max(number, low), high))


def show(now: Reader, step: str) -> None:
    """Mount the component; the browser gets one message per sentence and model."""
    loaded = load(now.model_name)
    view = {
        "layer": now.layer + 1 if st.session_state["layer"] else None,
        "head": now.head + 1 if st.session_state["head"] else None,
        "token": now.token + 1,
        "step": step,
    }
    data = message(loaded, run(loaded, now.token_ids), len(now.more), view)
    component("forward_pass")(key=KEY, data=data, on_append_change=append_to_text)
