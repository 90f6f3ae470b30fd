"""The board: a date to type, where each written character was read from, masks, a broken target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st
from torch import Tensor

from figures.numbers import count
from pages.n2_architectures.encoder_decoder.date_pass import (
    EXAMPLE,
    MODEL,
    NEIGHBOUR,
    NotReadableError,
    Rewriting,
    batch_masks,
    broken,
    date_writer,
    later_errors,
    readable,
    rewritten,
    telling_change,
    telling_head,
    training_record,
    true_target,
)
from transformer_core.checkpoints import CheckpointError
from transformer_core.dates import ALPHABET, END
from ui.navigation.course import way_on
from ui.provenance import tag
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import settings_named

NUMBERS = "/app/static/dates"  # below the app's own address
TITLE = "Encoder, decoder"
TYPED = "date"  # in the address: what the reader has typed
SETTINGS = ("cross", "letter", "broken")  # layer.head, position, position.digit
EXAMPLES = (EXAMPLE, "3 March 1987", "03/03/87", "tue 14 sep '06", "THE 29TH OF FEB., 2000")


class DatesHeader(TypedDict):
    """A text that was rewritten.

    typed: what the reader has typed; refused: why it is not what is shown; remark: what is to be
    known of a text that is; source, target: their characters, of which the target's last is the
    end; wanted: what the target is compared with, right where the text is a date; alphabet: by id;
    places: of the digits in `wanted`; place, digit: a change that tells much; spread: how many
    changes generation goes wrong after; told: settings of the address.
    """

    typed: str
    refused: str
    remark: str
    source: list[str]
    target: list[str]
    wanted: list[str]
    is_date: bool
    neighbour: list[str]
    neighbour_target: list[str]
    alphabet: list[str]
    places: list[int]
    place: int
    digit: int
    spread: int
    layer: int
    head: int
    examples: list[str]
    told: dict[str, str]
    numbers: str


class DatesArrays(TypedDict):
    """Of the pass, of all changes of one digit, and of the batch's masks.

    cross [layer, head, target, source]; chances [target, vocab]; forced, forced_chances, free
    [place, digit, wanted]; encoder_mask [text, source, source], decoder_mask [target, target],
    cross_mask [text, target, source].
    """

    cross: Tensor
    chances: Tensor
    forced: Tensor
    forced_chances: Tensor
    free: Tensor
    encoder_mask: Tensor
    decoder_mask: Tensor
    cross_mask: Tensor


def show_dates_board() -> None:
    """The text that the address names; without the model the page ends here."""
    try:
        data = packed_dates(settings_named(TYPED, *SETTINGS))
    except CheckpointError as error:
        st.error(f"The date writer cannot be shown. {error}", icon=":material/error:")
        way_on(TITLE)
        st.stop()
    component(__file__)(key="dates-board", data=data)


def accuracy() -> str:
    """What the model is, and how it did on dates that it had never seen."""
    record = training_record()
    held_out = record["held_out"]["all"]
    return (
        f"The model was trained for this page: {count(record['parameters'])} parameters, "
        f"{record['config']['n_layers']} layers in each half. Of {count(held_out['dates'])} dates "
        "held out from training, written in forms that it has learnt, it rewrites "
        f"{count(held_out['right'])} without a wrong character. "
        f"{tag('measured', f'assets/models/{MODEL}')}"
    )


def packed_dates(raw: Mapping[str, str]) -> bytes:
    """All that the board shows of a text; of the example where the text cannot be read."""
    typed = raw.get(TYPED, "") or (EXAMPLE if "asked" not in raw else "")
    refused = ""
    try:
        text = readable(typed)
    except NotReadableError as error:
        text, refused = EXAMPLE, str(error)
    now = rewritten(text)
    return pack(header_of(now, typed[:200], refused, raw), arrays_of(now))


def header_of(now: Rewriting, typed: str, refused: str, raw: Mapping[str, str]) -> DatesHeader:
    """What is said of a text."""
    layer, head = telling_head(now)
    changed = broken(now)
    place, digit = telling_change(changed)
    wanted = true_target(now)
    return {
        "typed": typed,
        "refused": refused,
        "remark": remark_on(now),
        "source": list(now.text),
        "target": named(now.ids),
        "wanted": [*wanted, "end"],
        "is_date": now.right is not None,
        "neighbour": list(NEIGHBOUR),
        "neighbour_target": named(rewritten(NEIGHBOUR).ids),
        "alphabet": named(range(date_writer().config.vocab_size)),
        "places": [i for i, char in enumerate(wanted) if char.isdigit()],
        "place": place,
        "digit": digit,
        "spread": int((later_errors(changed) > 0).sum()),
        "layer": layer,
        "head": head,
        "examples": list(EXAMPLES),
        "told": {name: raw.get(name, "")[:10] for name in SETTINGS},
        "numbers": f"{base_path()}{NUMBERS}",
    }


def remark_on(now: Rewriting) -> str:
    """What a reader has to know of a text that is no date."""
    if now.right:
        return ""
    return (
        "This is no date in a form that the model has learnt, so no answer is right. The model "
        "writes one all the same: training never showed it how to refuse."
    )


def named(ids: tuple[int, ...] | range) -> list[str]:
    """Tokens as the board names them."""
    special = ("padding", "start", "end")
    return [special[i] if i <= END else ALPHABET[i - END - 1] for i in ids]


def arrays_of(now: Rewriting) -> DatesArrays:
    """The numbers of a text."""
    changed = broken(now)
    masks = batch_masks(now.text, max(len(now.ids), len(rewritten(NEIGHBOUR).ids)))
    return {
        "cross": now.cross,
        "chances": now.trace.logits[0].softmax(-1),
        "forced": changed.forced,
        "forced_chances": changed.forced_chances,
        "free": changed.free,
        "encoder_mask": masks.encoder,
        "decoder_mask": masks.decoder,
        "cross_mask": masks.cross,
    }


ROUTES = [data_route(NUMBERS, lambda raw: Answer(packed_dates({**raw, "asked": "1"})))]
