"""What the picture is told of a pass: all of it in small, then a layer or a token at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import cast

import torch

from pages.n1_forward_pass.at_a_glance.pass_message import (
    LayerArrays,
    LayerHeader,
    LensArrays,
    LensHeader,
    ModelShape,
    PassArrays,
    PassHeader,
    RoleHere,
)
from pages.n1_forward_pass.at_a_glance.passes import run
from pages.n1_forward_pass.at_a_glance.trace_rows import TraceRows
from transformer_core.lens.attention_arithmetic import most_telling
from transformer_core.lens.logit_lens import layer_guesses
from transformer_core.lens.prediction import rank_logits
from transformer_core.lens.small_maps import bins_of, resting, small_maps
from ui.head_roles import HeadRole, roles_here
from ui.models import LoadedModel, load
from ui.serving.transport import pack
from ui.state import Reader, read_state

EXACT, GROUPS = 1_024, 512  # of the last position's logits: the largest one by one, then in groups


def packed_pass(raw: Mapping[str, str]) -> bytes:
    """What the picture shows first of the sentence that the address's parameters name.

    Raises:
        ModelUnavailableError: where the model cannot be loaded.
    """
    now = read_state(raw)
    return first_answer(load(now.model_name), now)


def packed_layer(raw: Mapping[str, str]) -> bytes:
    """Another layer's numbers of the same pass."""
    now = read_state(raw)
    layer = now.chosen_layer or 0
    header: LayerHeader = {"layer": layer}
    return pack(header, _layer(run(load(now.model_name), now.token_ids).rows, layer))


def packed_lens(raw: Mapping[str, str]) -> bytes:
    """What each layer would have guessed after another token of the same pass.

    Of a small model after every token, where none is named: it takes less than the pass.
    """
    now = read_state(raw)
    loaded = load(now.model_name)
    every = now.chosen_token is None and loaded.is_small
    tokens = [*range(len(now.token_ids))] if every else [now.token]
    lens = _lens(loaded, run(loaded, now.token_ids).rows, tokens)
    pieces = _pieces(loaded, lens["lens_ids"].ravel().tolist())
    header: LensHeader = {"tokens": tokens, "pieces": pieces}
    return pack(header, lens)


def first_answer(loaded: LoadedModel, now: Reader) -> bytes:
    """The whole pass in small, the layer looked at, and the layers' guesses after one token."""
    done = run(loaded, now.token_ids)
    rows, weights = done.rows, done.rows.weights()
    roles, telling = roles_here(loaded, now.token_ids, weights), most_telling(weights)
    layer = telling[0] if now.chosen_layer is None else now.chosen_layer
    lens, bins = _lens(loaded, rows, [now.token]), bins_of(len(rows.token_ids))
    ranking = rank_logits(done.last_logits[None], EXACT, GROUPS)
    guessed = (*rows.next_ids.ravel().tolist(), *lens["lens_ids"].ravel().tolist())
    header: PassHeader = {
        "model": _shape(loaded),
        "roles": [[_role(each) for each in layer] for layer in roles],
        "telling": telling,
        "layer": layer,
        "tokens": [now.token],
        "every_lens": loaded.is_small,
        "resting": resting(weights),
        "bins": bins,
        "pieces": _pieces(loaded, (*now.token_ids, *guessed)),
        "bytes": [list(loaded.tokenizer.token_bytes(i)) for i in now.token_ids],
        "exact": ranking.first.shape[-1],
        "group": ranking.group,
        "computed": done.computed,
        "sampled": len(now.more),
        "noticed": bool(now.notices),
    }
    whole: PassArrays = {
        **cast(PassArrays, {name: vars(rows)[name] for name in _OF_POSITIONS}),
        "maps": small_maps(weights, bins),
        "last_logits": torch.cat((ranking.first, ranking.rest), dim=-1)[0].numpy(),
    }
    return pack(header, {**whole, **_layer(rows, layer), **lens})


def _role(role: HeadRole | None) -> RoleHere | None:
    if role is None:
        return None
    return {
        "name": role.name,
        "measured": role.measured,
        "here": role.here,
        "shown": role.shown,
    }


_OF_POSITIONS = [name for name in PassArrays.__annotations__ if name in TraceRows.__annotations__]


def _layer(rows: TraceRows, layer: int) -> LayerArrays:
    """The numbers of one layer; the shares alone have the layer in front."""
    numbers = {name: vars(rows)[name] for name in LayerArrays.__annotations__}
    cut = {name: a[layer] if name == "shares" else a[:, layer] for name, a in numbers.items()}
    return cast(LayerArrays, cut)


def _lens(loaded: LoadedModel, rows: TraceRows, tokens: list[int]) -> LensArrays:
    with torch.inference_mode():
        guess = layer_guesses(loaded.model, torch.from_numpy(rows.stream[tokens]))
    return {"lens_ids": guess.token_ids.numpy(), "lens_shares": guess.probabilities.numpy()}


def _pieces(loaded: LoadedModel, token_ids: Iterable[int]) -> dict[str, str]:
    return {str(i): _piece(loaded, i) for i in {*token_ids}}


@lru_cache(maxsize=20_000)
def _piece(loaded: LoadedModel, token_id: int) -> str:
    return loaded.tokenizer.pieces([token_id])[0]


@cache
def _shape(loaded: LoadedModel) -> ModelShape:
    config = loaded.config
    known = config.to_dict() | {
        "name": loaded.name,
        "parameters": loaded.n_parameters,
        "d_head": config.d_head,
        "most_tokens": loaded.most_tokens,
        "bias": config.bias is True,
    }
    return cast(ModelShape, {name: known[name] for name in ModelShape.__annotations__})
