"""Who is this model? Its size, what it read, how well it predicts, what it cannot do.

Nothing of it is read before a reader opens it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import streamlit as st

from transformer_core.laws.parameters import count_parameters
from ui.head_roles import weights_hash
from ui.known_models import ASSETS, Catalogue, KnownModel
from ui.models import MOST_TOKENS
from ui.prose import plain
from ui.provenance import tag

KEY = "about-model"
RECORD = "unseen_text.json"
UNKNOWN = "This app knows no more about it. Its publisher’s model card says what it read."
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")


def show_about_model(known: Catalogue, name: str) -> None:
    """A menu beside the switch."""
    menu = st.popover(
        "Who is this model?", icon=":material/info:", key=KEY, on_change="rerun", width="content"
    )
    if menu.open and name in known.offered:
        with menu, st.container(key="about"):
            _about(known.offered[name])


def _about(known: KnownModel) -> None:
    facts = _facts().get(known.name, {})
    st.markdown(f"**{plain(known.title)}**")
    st.markdown(_size(known))
    if not facts:
        st.markdown(UNKNOWN)
        return
    st.markdown(facts["made"])
    st.markdown(f"**What it read.** {facts['read']}")
    st.markdown(f"**How it was trained.** {facts['trained']}")
    st.markdown(f"**How well it predicts.** {prediction(known)}")
    st.markdown(f"**What it cannot do.** {facts['cannot']}")
    st.markdown(f"**Licence.** {facts['licence']}.")
    card = st.expander("Its model card", key=f"{KEY}-card", on_change="rerun")
    if card.open:
        card.markdown(_card(known))


@cache
def _facts() -> dict[str, dict[str, str]]:
    return tomllib.loads((ASSETS / "about.toml").read_text("utf-8"))


def _size(known: KnownModel) -> str:
    config = known.config
    parameters = count_parameters(config).total
    shared = (
        f", which share {config.n_kv_heads} heads of keys and values"
        if config.n_kv_heads < config.n_heads
        else ""
    )
    part = f"; this app runs up to {MOST_TOKENS}" * (config.context_length > MOST_TOKENS)
    return (
        f"**{parameters:,} parameters**: {config.n_layers} layers of {config.n_heads} heads"
        f"{shared}. Each token is a vector of {config.d_model:,} numbers. The vocabulary has "
        f"{config.vocab_size:,} tokens. The context window is {config.context_length:,} tokens"
        f"{part}."
    )


def prediction(known: KnownModel) -> str:
    """The loss on a text that no model has read, where it was measured on these very weights."""
    record = _measured(known)
    if not record:
        return "It was not measured for these weights."
    return (
        f"On a plain text of {record['words']:,} words that no model here has read, its loss is "
        f"{record['nats_per_token']:.2f} ± {record['standard_error']:.2f} nats per token (natural-"
        "log units, ± standard error). The perplexity is e to the loss, about "
        f"{record['perplexity']:.0f}: it is as uncertain as a choice among so many equally "
        "probable tokens. Models cut text into different tokens, so compare them by bits per "
        f"byte: {record['bits_per_byte']:.2f} (lower is better). "
        f"{tag('measured')} by `{record['command']}`."
    )


def _measured(known: KnownModel) -> dict[str, Any]:
    record = known.record(RECORD)
    if not record:
        return {}
    weights = known.path / record["weights"] if known.path.is_dir() else known.path
    return record if record["weights_sha256"] == weights_hash(weights) else {}


def _card(known: KnownModel) -> str:
    """Its text; pictures lie where the browser does not reach."""
    text = (ASSETS / known.name / "README.md").read_text("utf-8")
    return _PICTURE.sub("", re.sub(r"^#", "####", text, flags=re.MULTILINE))
