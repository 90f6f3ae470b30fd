"""Which mask the reader has chosen: in the address as `sliding_window.3+causal` or painted bits."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import torch
from torch import Tensor

from transformer_core.masks import MASKS, MaskParameter, causal_mask

SHOWN = 64  # tokens; under other masks than the causal one, the text is cut, not only the picture
PAINTED = "painted"
MOST = {"dilation": 3, "n_global": 3, "block": 8}  # else as many as there are tokens
LOOK_AHEAD = ("full", "prefix", "cross")  # patterns whose own form shows the future
_NAMED = re.compile(r"([a-z_]{1,20})((?:\.[0-9]{1,4}){0,2})(\+causal)?", re.ASCII)
_PAINTED = re.compile(r"painted\.([0-9]{1,2})\.([\w-]{1,700})(\+causal)?", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """A kind of `MASKS` with one value per parameter, or painted cells; with or without causal."""

    kind: str
    values: tuple[int, ...] = ()
    causal: bool = False
    cells: bytes = b""

    @property
    def address(self) -> str:
        """As it stands in the address."""
        parts = [self.kind, *map(str, self.values)]
        if self.kind == PAINTED:
            parts.append(urlsafe_b64encode(self.cells).decode().rstrip("="))
        return ".".join(parts) + "+causal" * self.causal

    def mask(self, n: int) -> Tensor:
        """The boolean [query, key] for n tokens."""
        pattern = (
            self._painted(n) if self.kind == PAINTED else named_mask(self.kind, self.values, n)
        )
        return pattern & causal_mask(n) if self.causal else pattern

    def _painted(self, n: int) -> Tensor:
        """Tokens that came after the painting follow the causal rule."""
        (side,) = self.values
        bits = np.unpackbits(np.frombuffer(self.cells, np.uint8), count=side * side)
        cells = torch.from_numpy(bits).bool().view(side, side)
        mask, kept = causal_mask(n), min(n, side)
        mask[:kept, :kept] = cells[:kept, :kept]
        return mask


DEFAULT = Choice("causal")


def read_choice(raw: str, n: int) -> tuple[Choice, str]:
    """What the address names, made to fit n tokens, and a sentence where that is not what it said.

    Never an error: what makes no sense gives the default.
    """
    if not raw:
        return DEFAULT, ""
    if raw.startswith(PAINTED) and (found := _PAINTED.fullmatch(raw)):
        return _read_painted(int(found[1]), found[2], bool(found[3]), n)
    found = _NAMED.fullmatch(raw)
    if found and found[1] in MASKS:
        wanted = [int(value) for value in found[2].split(".")[1:]]
        parameters = MASKS[found[1]].parameters
        if len(wanted) == len(parameters):
            values = tuple(
                min(max(value, parameter.least), most(parameter, n))
                for value, parameter in zip(wanted, parameters, strict=True)
            )
            changed = list(values) != wanted
            fitted = f"{MASKS[found[1]].title} {', '.join(map(str, values))}"
            note = f"To fit this text, the mask in the address becomes {fitted}." if changed else ""
            return Choice(found[1], values, bool(found[3])), note
    return DEFAULT, "The address names no known mask, so the causal mask is shown."


def _read_painted(side: int, text: str, causal: bool, n: int) -> tuple[Choice, str]:
    cells = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) % 4 != 1 else b""
    if side < 1 or len(cells) != (side * side + 7) // 8:
        return DEFAULT, "The painted mask in the address is damaged, so the causal mask is shown."
    note = f"The mask was painted for {side} tokens, and your text now has {n}. "
    note += (
        "The tokens beyond follow the causal rule."
        if n > side
        else "Cells beyond the text are left out."
    )
    return Choice(PAINTED, (side,), causal, cells), note if n != side else ""


def most(parameter: MaskParameter, n: int) -> int:
    """The largest value of a setting that still changes something for n tokens."""
    return max(parameter.least, min(n, MOST.get(parameter.name, n)))


def first_value(parameter: MaskParameter, n: int) -> int:
    """Where a setting starts; a length at half of the text."""
    start = parameter.default if isinstance(parameter.default, int) else (n + 1) // 2
    return min(max(start, parameter.least), most(parameter, n))


def named_mask(kind: str, values: tuple[int, ...], n: int) -> Tensor:
    """A mask of the registry as [query, key]; a setting of several numbers gets the first one."""
    settings = {
        parameter.name: value if isinstance(parameter.default, int) else (value,)
        for parameter, value in zip(MASKS[kind].parameters, values, strict=True)
    }
    return MASKS[kind].make(n, n, **settings).view(n, n)


@lru_cache(maxsize=16)
def gallery(n: int) -> tuple[np.ndarray, dict[str, int]]:
    """Every mask of the menu at every setting, as bits, and where each kind starts.

    So the browser changes the picture at once, and the patterns are the core's own: a second
    implementation in the browser could differ. For 32 tokens that is about 45 kB.
    """
    rows: list[np.ndarray] = []
    starts: dict[str, int] = {}
    for name, kind in MASKS.items():
        starts[name] = len(rows)
        ranges = [range(each.least, most(each, n) + 1) for each in kind.parameters]
        rows += [np.packbits(named_mask(name, values, n).numpy()) for values in product(*ranges)]
    return np.stack(rows), starts


def is_picture_only(choice: Choice) -> bool:
    """Cross-attention is between two texts; the models here have none, so nothing is run."""
    return choice.kind == "cross"


def counted(choice: Choice, n: int) -> int:
    """How many positions, from the first, are asked for their next token; padding is not.

    Also the index of the last token that is no padding.
    """
    return (choice.values[0] if choice.kind == "padding" else n) - 1
