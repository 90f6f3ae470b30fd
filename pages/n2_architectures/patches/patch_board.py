"""The board: a picture to draw or choose, its patches as rows, attention over them, positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from figures.numbers import count, percent
from pages.n2_architectures.patches.decoded import (
    ENDINGS,
    MOST_MEGABYTES,
    NotAPictureError,
    decoded,
)
from pages.n2_architectures.patches.picture_pass import (
    MODEL,
    NotADrawingError,
    drawing,
    examples,
    likeness,
    neighbours,
    seen,
    shape_reader,
    training_record,
)
from transformer_core.checkpoints import CheckpointError
from transformer_core.drawings import KINDS
from ui.navigation.course import way_on
from ui.provenance import tag
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import settings_named

NUMBERS = "/app/static/patches"  # below the app's own address
TITLE = "Pictures and sound"
SETTINGS = ("shape", "drawing", "patch", "cut", "look")  # of the address; `look`: layer.head
FIRST = "heart"
FILE = "patches-file"  # the field of a reader's picture


class PatchHeader(TypedDict):
    """A picture that was looked at.

    name: which picture it is, so that a board knows what it has; shape: the kind that it was drawn
    as, "" where nobody knows; said: what the reader has to know of the picture; near: mean cosines
    of positions beside each other, in a line, elsewhere; told: settings of the address.
    """

    name: str
    shape: str
    said: str
    refused: bool
    kinds: list[str]
    patch_size: int
    near: list[float]
    told: dict[str, str]
    numbers: str


class PatchArrays(TypedDict):
    """Of the picture, its pass and the model.

    picture [H, W, C] and examples [kind, H, W, C], bytes; projected, tokens [patch, d_model];
    attention [layer, head, query, key], the class token first; chances [kind]; likeness
    [patch, patch].
    """

    picture: Tensor
    examples: Tensor
    projected: Tensor
    tokens: Tensor
    attention: Tensor
    chances: Tensor
    likeness: Tensor


def show_patch_board() -> None:
    """The picture of the file or the address; without the model the page ends here."""
    try:
        shape_reader()
    except CheckpointError as error:
        st.error(f"The shape reader cannot be shown. {error}", icon=":material/error:")
        way_on(TITLE)
        st.stop()
    place = st.container()
    file = st.file_uploader(
        f"Or choose a picture of your own (at most {MOST_MEGABYTES} MB; only its small copy "
        "is shown, and nothing is stored)",
        type=ENDINGS,
        max_upload_size=MOST_MEGABYTES,
        key=FILE,
    )
    with place:
        data = packed_picture(settings_named(*SETTINGS), file.getvalue() if file else None)
        component(__file__)(key="patch-board", data=data)


def accuracy() -> str:
    """What the model is, and how it did on drawings that it had never seen."""
    record = training_record()
    new, known = (record[name] for name in ("held_out", "learnt_from"))
    new_right, known_right = (
        percent(each["right"] / each["pictures"]) for each in (new["all"], known)
    )
    return (
        f"The model was trained for this page on {count(record['pictures'])} drawings. It has "
        f"{count(record['parameters'])} parameters and {record['config']['n_layers']} layers. It "
        f"names {new_right} of held-out drawings right, and {known_right} of those that it learnt "
        "from: it has learnt some by heart. It knows eight shapes and nothing else, so a face gets "
        f"one of their names, too. {tag('measured', f'assets/models/{MODEL}')}"
    )


def packed_picture(raw: Mapping[str, str], file: bytes | None = None) -> bytes:
    """All that the board shows of a picture; of an example where it cannot be read."""
    shape, said, refused = raw.get("shape", ""), "", False
    shape = shape if shape in KINDS else FIRST
    picture, name = examples()[KINDS.index(shape)], shape
    try:
        if file is not None:
            picture, said = decoded(file)
            shape, name = "", f"file {hash(file)}"
        elif raw.get("drawing"):
            picture, shape, name = drawing(raw["drawing"]), "", raw["drawing"]
    except (NotAPictureError, NotADrawingError) as error:
        said, refused = f"{error} The picture shows a held-out drawing meanwhile.", True
        name = f"refused {hash(file)}"
    now = seen(picture)
    near = neighbours()
    header: PatchHeader = {
        "name": name,
        "shape": shape,
        "said": said,
        "refused": refused,
        "kinds": list(KINDS),
        "patch_size": shape_reader().config.patch_size,
        "near": [near.beside, near.in_line, near.elsewhere],
        "told": {each: raw.get(each, "")[:10] for each in SETTINGS if each != "drawing"},
        "numbers": f"{base_path()}{NUMBERS}",
    }
    arrays: PatchArrays = {
        "picture": picture,
        "examples": examples(),
        "projected": now.trace.projected[0],
        "tokens": now.trace.embedded[0, 1:],
        "attention": now.attention.to(torch.float16),
        "chances": now.chances,
        "likeness": likeness(),
    }
    return pack(header, arrays)


ROUTES = [data_route(NUMBERS, lambda raw: Answer(packed_picture(raw)))]
