"""What is measured on a trained model: held-out loss, head roles, a continuation."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.generation import GenerationStep, Sampling, generate, until
from transformer_core.lens.head_roles import (
    ON_REPEATED,
    ON_TEXT,
    ROLES,
    HeadScores,
    chance,
    measure_head_roles,
    ordinary_ids,
    repeated_sequences,
)
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.tokenizer import Tokenizer
from transformer_core.training.corpus import held_out, read_index
from transformer_core.training.evaluation import held_out_loss
from transformer_core.transformer import Transformer

PROMPT = "Once upon a time, there was a little girl named"


def continuation(
    model: Transformer, prompt: str, temperature: float, seed: int, n_tokens: int = 160
) -> str:
    """The prompt continued until the text or the context ends, greedily at temperature 0."""
    tokenizer = load_shipped()
    ids = tokenizer.encode(prompt)
    steps = until(generate(model, ids, Sampling(temperature), n_tokens, seed), tokenizer.stop_ids)
    new_ids = [step.token_id for step in steps if isinstance(step, GenerationStep)]
    return tokenizer.decode([*ids, *(i for i in new_ids if i != tokenizer.end_of_text)])


def held_out_windows(tokens_folder: Path, config: TransformerConfig, n_windows: int = 4) -> Tensor:
    """The first windows of every source's held-out text, int64 [window, 128 or the context]."""
    length = min(128, config.context_length)
    windows = []
    for source in read_index(tokens_folder)["sources"]:
        tokens = held_out(tokens_folder, source).tokens
        n = min(n_windows, len(tokens) // length)
        windows.append(torch.from_numpy(tokens[: n * length].astype("int64")).view(n, length))
    return torch.cat(windows)


def head_roles(model: Transformer, text: Tensor) -> list[HeadScores]:
    """Every head's scores on random repeated tokens and on `text` [batch, position]."""
    tokenizer = load_shipped()
    return measure_head_roles(model, tokenizer, repeated_tokens(model, tokenizer), text)


def repeated_tokens(model: Transformer, tokenizer: Tokenizer) -> Tensor:
    """Random ordinary tokens, said twice: int64 [sequence, 128 or the context]."""
    ordinary = ordinary_ids(tokenizer)
    return ordinary[repeated_sequences(len(ordinary), min(64, model.config.context_length // 2))]


def head_roles_record(
    model: Transformer, tokenizer: Tokenizer, text: Tensor, source: str
) -> dict[str, Any]:
    """What head_roles.json holds: meanings, chance levels and all scores."""
    repeated = repeated_tokens(model, tokenizer)
    on = {"repeated": (repeated, ON_REPEATED), "text": (text, ON_TEXT)}
    return {
        "roles": {name: {"title": r.title, "meaning": r.meaning} for name, r in ROLES.items()},
        "repeated": f"{len(repeated)} sequences of {repeated.shape[1] // 2} random tokens, twice",
        "text": f"{len(text)} windows of {text.shape[1]} tokens, {source}",
        "chance": {
            name: _rounded(chance(tokenizer, token_ids, roles))
            for name, (token_ids, roles) in on.items()
        },
        "heads": [
            head_record(scores) for scores in measure_head_roles(model, tokenizer, repeated, text)
        ],
    }


def head_record(scores: HeadScores) -> dict[str, Any]:
    """One head's scores as JSON holds them, to four decimals."""
    on = {"repeated": _rounded(scores.repeated), "text": _rounded(scores.text)}
    return {"layer": scores.layer, "head": scores.head} | on


def _rounded(numbers: dict[str, float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in numbers.items()}


def held_out_record(model: Transformer, tokens_folder: Path, max_tokens: int) -> dict[str, Any]:
    """Held-out loss of every source: nats per token, bits per byte, tokens."""
    sources = read_index(tokens_folder)["sources"]
    losses = {s: asdict(held_out_loss(model, tokens_folder, s, max_tokens)) for s in sources}
    return {source: _rounded(loss) for source, loss in losses.items()}
