"""The reader's text under other vocabularies, and as letters and bytes, packed for the browser."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import streamlit as st

from pages.n1_forward_pass.tokenize.tokenize_board import histories_of, shown_text
from transformer_core.lens.recorded_cuts import recorded_cut
from transformer_core.lens.text_cuts import (
    TextCut,
    cut_by,
    cut_into_bytes,
    cut_into_characters,
    embedding_numbers,
)
from transformer_core.tokenizer import TokenizerError, load_tiktoken
from ui.models import load
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

# tiktoken's published vocabularies: the model that made each known, how many ids there are, and
# those of "hey there".
PUBLISHED: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "gpt2": ("GPT-2", 50_257, (20_342, 612)),
    "cl100k_base": ("GPT-4", 100_277, (36_661, 1_070)),
    "o200k_base": ("GPT-4o", 200_019, (48_467, 1_354)),
}
GREETING = "hey there"


def show_tokenizer_comparison(reader: Reader) -> None:
    """Every vocabulary's cut with its counts, and what shorter texts and longer lists cost."""
    text = shown_text(histories_of(reader.model_name, reader.text))
    packed = pack_comparison(reader, text, st.session_state.get("cut") or "")
    component(__file__)(key="tokenizer-comparison", data=packed)


def pack_comparison(reader: Reader, text: str, chosen: str) -> bytes:
    """One row for each way to cut the text; `chosen` is the one whose cost is compared with ours.

    Where a vocabulary is not on this machine its row is a recorded one, or says so.
    """
    config = load(reader.model_name).config
    rows = rows_of(reader.model_name, text)
    names = [row["name"] for row in rows]
    header = {
        "pass": f"{reader.model_name} {text}",
        "rows": rows,
        "chosen": chosen if chosen in names else names[0],
        "ours": reader.model_name,
        "characters": len(text),
        "bytes": len(text.encode()),
        "d_model": config.d_model,
        "context": config.context_length,
        "parameters": parameters_of(reader.model_name),
        "greeting": greeting_rows(reader.model_name),
    }
    return pack(header, {})


@lru_cache(maxsize=32)
def rows_of(model_name: str, text: str) -> list[dict[str, Any]]:
    """Characters, bytes, the reader's model, and the published vocabularies."""
    loaded = load(model_name)
    d_model = loaded.config.d_model
    own = cut_by(loaded.tokenizer, text)
    rows = [
        _row(
            "characters",
            "Characters",
            "code points: a family emoji is five",
            cut_into_characters(text),
            d_model,
        ),
        _row("bytes", "Bytes", "of the UTF-8 form", cut_into_bytes(text), d_model),
        _row(model_name, model_name.rsplit("/", 1)[-1], "this model", own, d_model),
    ]
    for name, (model, size, _) in PUBLISHED.items():
        try:
            rows.append(_row(name, model, name, cut_by(load_tiktoken(name), text), d_model))
        except TokenizerError as error:
            recorded = recorded_cut(name, text)
            told = {"recorded": True} if recorded else {"missing": str(error)}
            cut = recorded or TextCut(size, (), ())
            rows.append(_row(name, model, name, cut, d_model) | told)
    return rows


def _row(name: str, title: str, about: str, cut: TextCut, d_model: int) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "about": about,
        "size": cut.vocabulary_size,
        "embedding": embedding_numbers(cut.vocabulary_size, d_model),
        "pieces": cut.pieces,
        "ids": cut.token_ids,
    }


def greeting_rows(model_name: str) -> list[dict[str, Any]]:
    """“hey there” in the reader's model, live, and as tiktoken publishes it."""
    cut = cut_by(load(model_name).tokenizer, GREETING)
    own = {"title": model_name.rsplit("/", 1)[-1], "kind": "live"}
    return [
        own | {"pieces": cut.pieces, "ids": cut.token_ids},
        *(
            {"title": model, "kind": "published", "pieces": ("hey", " there"), "ids": ids}
            for model, _, ids in PUBLISHED.values()
        ),
    ]


@cache
def parameters_of(model_name: str) -> int:
    """All numbers that were learnt, the embedding's among them."""
    return sum(parameter.numel() for parameter in load(model_name).model.parameters())
