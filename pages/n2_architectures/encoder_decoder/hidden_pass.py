"""A text whose tokens are hidden one by one: what two models say stands there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint, load_masked_model
from transformer_core.masked_words import MaskedModel, hidden_logprobs
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.transformer import Transformer
from ui.known_models import ASSETS

MODEL, CAUSAL = "masked-words", "fable-tiny"
MOST = 32  # tokens
LONGEST = 300  # characters


class NotToldError(ValueError):
    """A text that the models cannot read; the message is a sentence for the reader."""


@dataclass(frozen=True)
class Hidden:
    """Log-probabilities [position, vocab] at each token of a text.

    both_ways: of all other tokens; before_only: of those before it.
    """

    ids: tuple[int, ...]
    both_ways: Tensor
    before_only: Tensor

    @property
    def pieces(self) -> list[str]:
        """The tokens as they are shown."""
        return load_shipped().pieces(list(self.ids))

    @property
    def telling(self) -> int:
        """Where reading both ways gains most; before the first token there is nothing to read."""
        gained = costs(self.before_only, self.ids) - costs(self.both_ways, self.ids)
        return 1 + int(gained[1:].argmax())


@cache
def masked_model() -> MaskedModel:
    """The trained model; CheckpointError where its file cannot be read."""
    return load_masked_model(ASSETS / MODEL)


@cache
def causal_model() -> Transformer:
    """The one that it is compared with; CheckpointError as above."""
    return load_checkpoint(ASSETS / CAUSAL)


@cache
def masked_record() -> dict[str, Any]:
    """What was measured of it."""
    record: dict[str, Any] = json.loads((ASSETS / MODEL / "training.json").read_text("utf-8"))
    return record


def tellable(typed: str) -> str:
    """What is typed, as the models can read it."""
    text = " ".join("".join(char if char.isprintable() else " " for char in typed).split())
    if not text:
        raise NotToldError("There is nothing to read yet. Type a sentence.")
    if len(text) > LONGEST:
        raise NotToldError(f"This text has more than {LONGEST} characters. Shorten it.")
    n = len(load_shipped().encode(text))
    if not 2 <= n <= MOST:
        tokens = "1 token" if n == 1 else f"{n} tokens"
        raise NotToldError(f"This text has {tokens}. It has to have 2 to {MOST}.")
    return text


@lru_cache(maxsize=64)
def hidden(text: str) -> Hidden:
    """Both models at every token; the causal one reads the end-of-text token first."""
    tokenizer = load_shipped()
    ids = tokenizer.encode(text)
    start = [] if tokenizer.end_of_text is None else [tokenizer.end_of_text]
    with torch.inference_mode():
        both_ways = hidden_logprobs(masked_model(), torch.tensor(ids))
        logits = causal_model()(torch.tensor([[*start, *ids[:-1]]]))[0]
    return Hidden(tuple(ids), both_ways, logits.log_softmax(-1))


def costs(logprobs: Tensor, ids: tuple[int, ...]) -> Tensor:
    """-ln p of each token, in nats, [position]."""
    return -logprobs.gather(1, torch.tensor(ids)[:, None])[:, 0]
