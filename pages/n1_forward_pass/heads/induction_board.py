"""The induction circuit at work on a repeating text."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.lens.ablation import Head
from transformer_core.lens.induction import Circuit, find_circuit
from ui.frame import reader
from ui.head_roles import measured_halves
from ui.models import HEAVY_PASSES, load, trace
from ui.serving.component import component
from ui.serving.transport import pack

TWICE = 2 * " red stone cat river lamp green door song"  # a blank belongs to its word


class InductionHeader(TypedDict):
    """The repeating text, and which heads, [layer, head], do which step."""

    pass_id: str
    pieces: list[str]
    induction: tuple[int, int]
    previous: list[tuple[int, int]]
    others: list[tuple[int, int]]


class InductionArrays(TypedDict):
    """Of each query: key, the token after the earlier copy, or −1.

    before [previous, query]; found and probability [pass, query] with all heads, without the first
    of `previous`, without all of them, without `others`; raised [query], in logits.
    """

    key: Tensor
    before: Tensor
    found: Tensor
    probability: Tensor
    raised: Tensor


@st.fragment
def show_induction_board() -> None:
    """Four steps on one token of a repeating text, and the proof by ablation."""
    name = reader().model_name
    if reason := why_none(name):
        st.caption(reason)
        return
    with st.spinner("Running the model on a repeating text"):
        packed = pack_induction(name)
    component(__file__)(key="induction-board", data=packed)
    if induction_heads(name) is None:
        st.caption(
            "No record says which heads of this model are induction heads. Shown is the head that "
            "gives the copies in this text the most attention."
        )


def why_none(model_name: str) -> str:
    """Why a model has no circuit to show; empty where it has one."""
    loaded = load(model_name)
    if loaded.config.n_layers < 2:
        return "Induction takes heads in two layers. This model has one layer."
    n_tokens = len(loaded.tokenizer.encode(TWICE))
    if n_tokens > loaded.most_tokens:
        return (
            f"The repeating text has {n_tokens} tokens. This model reads at most "
            f"{loaded.most_tokens}, so the circuit cannot be shown here."
        )
    if induction_heads(model_name) == []:
        return (
            "This model has no induction head, so there is no circuit to show. On everyday "
            "sentences, none of its heads both attends to the token after an earlier copy and "
            "raises that token’s logit. Choose another model above to see one that has such heads."
        )
    return ""


def induction_heads(model_name: str) -> list[Head] | None:
    """Those that show both halves of the definition; None where nothing is recorded of them."""
    halves = measured_halves(model_name)
    return halves.both() if halves else None


@lru_cache(maxsize=8)
def circuit_of(model_name: str) -> Circuit:
    """Computed once for all visitors: the text is the same for each."""
    loaded = load(model_name)
    traced = trace(model_name, tuple(loaded.tokenizer.encode(TWICE)))
    among = induction_heads(model_name)
    with HEAVY_PASSES, torch.inference_mode():
        return find_circuit(loaded.model, traced, loaded.tokenizer, among)


def clear_copies(model_name: str) -> list[int]:
    """The repeated tokens with the most weight on their copy, but for the one shown at first."""
    circuit = circuit_of(model_name)
    queries = circuit.target.any(-1).nonzero().flatten().tolist()
    queries.remove(max(queries, key=lambda at: float(circuit.probability[0, at])))
    return sorted(queries, key=lambda at: -float(circuit.found[0, at]))


def pack_induction(model_name: str) -> bytes:
    """The circuit's numbers at each token of the repeating text."""
    tokenizer = load(model_name).tokenizer
    ids = tuple(tokenizer.encode(TWICE))
    circuit, traced = circuit_of(model_name), trace(model_name, ids)
    layer, head = circuit.induction
    header: InductionHeader = {
        "pass_id": model_name,
        "pieces": tokenizer.pieces(list(ids)),
        "induction": circuit.induction,
        "previous": list(circuit.previous),
        "others": list(circuit.others),
    }
    weights = traced.blocks[layer].attention.weights[0, head]
    found = (weights * circuit.target).argmax(-1)
    arrays: InductionArrays = {
        "key": torch.where(circuit.target.any(-1), found, -1).int(),
        "before": circuit.before,
        "found": circuit.found,
        "probability": circuit.probability,
        "raised": circuit.raised,
    }
    return pack(header, arrays)
