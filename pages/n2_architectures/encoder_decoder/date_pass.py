"""A text through the date writer: what it writes, where it reads, what its masks allow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.checkpoints import load_encoder_decoder
from transformer_core.dates import (
    END,
    LONGEST,
    N_TARGET,
    START,
    UnknownCharacterError,
    ids_of,
    read_date,
    text_of,
)
from transformer_core.encoder_decoder import EncoderDecoder, EncoderDecoderTrace
from transformer_core.masks import causal_mask, cross_mask, padding_mask
from transformer_core.rewriting import FREE, forced_logits, shifted, write
from ui.known_models import ASSETS

MODEL = "date-writer"
EXAMPLE = "March 3rd, 1987"
NEIGHBOUR = "Wednesday, 30 September 1998"  # shares the batch with the reader's text
DIGITS = "0123456789"
SAME = str.maketrans({"’": "'", "‘": "'", "–": "-", "\u2010": "-", "\u00a0": " "})


class NotReadableError(ValueError):
    """The model has no tokens for a text, or no room; the message is a sentence for the reader."""


@cache
def date_writer() -> EncoderDecoder:
    """The trained model; CheckpointError where its file cannot be read."""
    return load_encoder_decoder(ASSETS / MODEL)


@cache
def training_record() -> dict[str, Any]:
    """What was measured of it."""
    record: dict[str, Any] = json.loads((ASSETS / MODEL / "training.json").read_text("utf-8"))
    return record


def readable(typed: str) -> str:
    """What is typed, as the model can read it."""
    text = " ".join(typed.translate(SAME).split())
    if not text:
        raise NotReadableError("There is nothing to read yet. Type a date.")
    if len(text) > LONGEST:
        raise NotReadableError(
            f"This text has {len(text):,} characters. The model reads {LONGEST} at most. "
            "The picture shows another text meanwhile."
        )
    try:
        ids_of(text)
    except UnknownCharacterError as error:
        raise NotReadableError(
            f"The model has no token for “\u2068{error.character}\u2069”. It knows the letters A "
            "to Z and a to z, digits, blanks and the marks , . - / '. The picture shows another "
            "text meanwhile."
        ) from error
    return text


@dataclass(frozen=True)
class Rewriting:
    """One text and what became of it.

    ids [target] end with `END` or are as many as there is room for; `right`: the date that the text
    names, None where it names none.
    """

    text: str
    ids: tuple[int, ...]
    right: date | None
    trace: EncoderDecoderTrace

    @property
    def written(self) -> str:
        """The characters, without the end."""
        return text_of(self.ids)

    @property
    def cross(self) -> Tensor:
        """All weights of cross-attention, [layer, head, target, source]."""
        return torch.stack(
            [block.cross_attention.weights[0] for block in self.trace.decoder.blocks]
        )


@lru_cache(maxsize=64)
def rewritten(text: str) -> Rewriting:
    """What the model writes when it chooses each character by itself, every step kept."""
    model, source_ids = date_writer(), torch.tensor([ids_of(text)])
    with torch.inference_mode():
        source = model.encode(source_ids)
        ids = write(model, source, START, torch.full((1, N_TARGET), FREE)).ids[0].tolist()
        ids = ids[: ids.index(END) + 1] if END in ids else ids
        trace = model.trace(source_ids, shifted(torch.tensor([ids]), START))
    return Rewriting(text, tuple(ids), read_date(text), trace)


@dataclass(frozen=True)
class Broken:
    """A target with one digit changed, for every digit and every other one in its place.

    places: of the digits in the target; targets [place, digit, target] with the change;
    forced and forced_chances: what is the most probable in teacher forcing, and the probability of
    the target's own character; free: what the model writes from the change on by itself.
    """

    places: tuple[int, ...]
    targets: Tensor
    forced: Tensor
    forced_chances: Tensor
    free: Tensor


def broken(now: Rewriting) -> Broken:
    """Both ways for all changes of one digit, in two batches."""
    target = torch.tensor([*ids_of(true_target(now)), END])
    places = tuple(i for i, char in enumerate(true_target(now)) if char in DIGITS)
    targets = target.repeat(len(places), len(DIGITS), 1)
    for row, place in enumerate(places):
        targets[row, :, place] = torch.tensor(ids_of(DIGITS))
    flat = targets.flatten(0, 1)
    fixed = flat.clone()
    for row, place in enumerate(places):
        fixed[row * len(DIGITS) : (row + 1) * len(DIGITS), place + 1 :] = FREE
    model = date_writer()
    with torch.inference_mode():
        source = model.encode(torch.tensor([ids_of(now.text)]))
        logits = forced_logits(model, source, START, flat)
        chances = logits.softmax(-1).gather(-1, flat[..., None])[..., 0]
        free = write(model, source, START, fixed).ids
    shape = targets.shape
    return Broken(
        places, targets, logits.argmax(-1).view(shape), chances.view(shape), free.view(shape)
    )


def later_errors(changed: Broken) -> Tensor:
    """How many characters generation gets wrong after each change, [place, digit]."""
    position = torch.arange(changed.targets.shape[2])
    after = position > torch.tensor(changed.places, dtype=torch.long)[:, None, None]
    return ((changed.free != changed.targets) & after).sum(-1)


def telling_change(changed: Broken) -> tuple[int, int]:
    """Place and digit of the change after which generation goes wrong most; the first of equals."""
    errors = later_errors(changed)
    if not errors.any():
        return 0, 0
    place, digit = divmod(int(errors.argmax()), len(DIGITS))
    return place, digit


def true_target(now: Rewriting) -> str:
    """The right answer; where there is none, what the model writes."""
    return now.right.isoformat() if now.right else now.written


@dataclass(frozen=True)
class BatchMasks:
    """What the masks allow in a batch of the reader's text and another one.

    encoder [text, source, source], decoder [target, target], cross [text, target, source]; True
    where a query (a row) may look at a key (a column).
    """

    lengths: tuple[int, int]
    encoder: Tensor
    decoder: Tensor
    cross: Tensor


def batch_masks(text: str, n_target: int) -> BatchMasks:
    """The core's own masks."""
    lengths = torch.tensor([len(text), len(NEIGHBOUR)])
    n = int(lengths.max())
    return BatchMasks(
        (len(text), len(NEIGHBOUR)),
        padding_mask(lengths, n).expand(-1, 1, n, n)[:, 0],
        causal_mask(n_target),
        cross_mask(lengths, n_target, n)[:, 0],
    )


def padded_difference(now: Rewriting) -> float:
    """How far the logits move when the text is padded to the length of its neighbour."""
    room = max(0, len(NEIGHBOUR) - len(now.text))
    source_ids = F.pad(now.trace.source_ids, (0, room))
    mask = padding_mask(torch.tensor([len(now.text)]), source_ids.shape[1])
    with torch.inference_mode():
        logits = date_writer()(source_ids, now.trace.target_ids, mask)
    return float((logits - now.trace.logits).abs().max())


def telling_head(now: Rewriting) -> tuple[int, int]:
    """Layer and head whose rows have the highest largest weight on average."""
    sharpness = now.cross.amax(-1).mean(-1)
    layer, head = divmod(int(sharpness.argmax()), sharpness.shape[1])
    return layer, head
