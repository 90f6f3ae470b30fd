"""What the reader has set: it lives in the address and follows from lesson to lesson.

The text is a field that Streamlit binds to its query parameter. All other settings stand together
in one unseen field, written as a query string, which `ui/kit/address.js` changes without asking the
server and keeps equal to the address. Layer, head and token are counted from 1 in the address and
on screen, from 0 in Python. What makes no sense is clamped or refused with a plain sentence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st
from starlette.datastructures import QueryParams

from transformer_core.lens.attention_arithmetic import most_telling_head
from ui.examples import first_text
from ui.known_models import catalogue
from ui.models import LoadedModel, load, trace
from ui.prose import quoted

MAX_CHARACTERS = 2_000
PLACES = ("layer", "head", "token")
SETTINGS = "settings"  # the key of their field
QUOTED = 6  # tokens of what is left out


@dataclass(frozen=True)
class Reader:
    """The reader's state, made safe.

    `token_ids` are the text's tokens and then those of `more`, which were sampled one by one:
    encoding the whole text anew might cut it into other tokens. `pieces` is what to show for each.
    `layer`, `head` and `token` (the query looked at) count from 0. Where the reader has chosen no
    layer or head, they are those of the head that tells most about this text, which takes a pass;
    where no token, it is the last.
    """

    text: str
    model_name: str
    token_ids: tuple[int, ...]
    more: tuple[int, ...]
    pieces: tuple[str, ...]
    chosen_layer: int | None
    chosen_head: int | None
    chosen_token: int | None
    notices: tuple[str, ...]

    @property
    def layer(self) -> int:
        """The layer looked at."""
        return self._first_look[0] if self.chosen_layer is None else self.chosen_layer

    @property
    def head(self) -> int:
        """The head looked at."""
        return self._first_look[1] if self.chosen_head is None else self.chosen_head

    @property
    def token(self) -> int:
        """The token looked at."""
        return len(self.token_ids) - 1 if self.chosen_token is None else self.chosen_token

    @property
    def sentence(self) -> dict[str, str]:
        """Text and model as `read_state` understands them: for a board that asks for more."""
        return {
            "model": self.model_name,
            "text": self.text,
            "more": ".".join(map(str, self.more)),
        }

    @cached_property
    def _first_look(self) -> tuple[int, int]:
        return most_telling_head(trace(self.model_name, self.token_ids))


def setting(name: str) -> str:
    """A setting as it stands in the address; "" where it says nothing."""
    return _all_settings().get(name, "")


def settings_named(*names: str) -> dict[str, str]:
    """Several settings by their names."""
    return {name: setting(name) for name in names}


def change_settings(changes: Mapping[str, str]) -> None:
    """Change some settings, in a widget's callback; "" takes one out of the address."""
    kept = {name: value for name, value in {**_all_settings(), **changes}.items() if value}
    st.session_state[SETTINGS] = str(QueryParams(kept))


def take_address() -> None:
    """What a new session's address says is what is set."""
    if SETTINGS not in st.session_state:
        said = {name: value for name, value in st.query_params.items() if name != "text"}
        st.session_state[SETTINGS] = str(QueryParams(said))


def _all_settings() -> dict[str, str]:
    return dict(QueryParams(st.session_state.get(SETTINGS) or ""))


def read_state(raw: Mapping[str, str], typed: int = 0) -> Reader:
    """The reader's state from the address's parameters, all of them strings and any of them odd.

    `typed` is how many characters there were, if the text is what was kept of more.

    Raises:
        ModelUnavailableError: where the model itself cannot be loaded.
    """
    notices: list[str] = []
    model = load(_model_name(raw.get("model", ""), notices))
    limit = model.most_tokens
    text = clean_text(raw.get("text", first_text()), notices, typed)
    start = _encode(text, model, notices)
    more = _sampled(raw.get("more", ""), model, limit - len(start), notices)
    ids = (*start, *more)
    layer = _place("layer", raw, model.config.n_layers, notices)
    head = _place("head", raw, model.config.n_heads, notices)
    token = _place("token", raw, len(ids), notices)
    shown = tuple(model.tokenizer.pieces(list(ids)))
    return Reader(text, model.name, ids, more, shown, layer, head, token, tuple(notices))


def _model_name(wanted: str, notices: list[str]) -> str:
    """The model that is meant; where it is not here, the one that is shown first, with the reason.

    Of a model that lies here and cannot be shown, the name stays: `load` says why.
    """
    known = catalogue()
    if found := known.find(wanted):
        return found
    if wanted in known.refused:
        return wanted
    if wanted:
        notices.append(
            f"The address names a model that is not here; {known.default} is shown instead."
        )
    return known.default


def clean_text(text: str, notices: list[str], typed: int = 0) -> str:
    """At most `MAX_CHARACTERS` without control characters; an example where nothing is left.

    Blanks at the end are not read: a blank belongs to the token of the word that follows.
    """
    kept = "".join(" " if char in "\n\r\t\v\f" else char for char in text)
    kept = "".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cs"))
    if kept.strip() == "":
        notices.append("There is nothing to read yet: type a sentence. Until then, an example.")
        return first_text()
    if len(kept) < len(text):
        notices.append(f"{len(text) - len(kept):,} control characters were left out.")
    whole = max(len(kept), typed if len(text) == MAX_CHARACTERS else 0)
    if whole > MAX_CHARACTERS:
        notices.append(f"Of {whole:,} characters, the first {MAX_CHARACTERS:,} are read.")
    return kept[:MAX_CHARACTERS].rstrip()


def _encode(text: str, model: LoadedModel, notices: list[str]) -> tuple[int, ...]:
    ids, limit = model.tokenizer.encode(text), model.most_tokens
    if len(ids) > limit:
        beyond = "".join(model.tokenizer.pieces(ids[limit : limit + QUOTED])).strip()
        notices.append(
            f"The text has {len(ids):,} tokens, of which the first {limit} are read. "
            f"Left out is all from {quoted(beyond)} on."
        )
    return tuple(ids[:limit])


def _sampled(raw: str, model: LoadedModel, room: int, notices: list[str]) -> tuple[int, ...]:
    """Token ids written as `12.345.7`."""
    numbers = raw.split(".") if raw else []
    if not all(n.isascii() and n.isdigit() and len(n) < 8 for n in numbers) or any(
        int(n) >= model.tokenizer.n_vocab for n in numbers
    ):
        notices.append("The address names sampled tokens that this model does not have.")
        return ()
    if len(numbers) > room:
        limit = model.most_tokens
        notices.append(f"{limit} tokens are read at most; the sampled ones beyond are left out.")
    return tuple(int(n) for n in numbers[:room])


def _place(name: str, raw: Mapping[str, str], count: int, notices: list[str]) -> int | None:
    """A number from 1 to `count`, given back counted from 0; None where nothing is chosen."""
    wanted = raw.get(name, "")
    if wanted == "":
        return None
    if not wanted.isascii() or not wanted.removeprefix("-").isdigit() or len(wanted) > 9:
        notices.append(f"The address names no valid {name}; another one is shown.")
        return None
    number = min(max(int(wanted), 1), count)
    if number != int(wanted):
        notices.append(f"There are {name}s 1 to {count} here; {name} {number} is shown.")
    return number - 1
