"""The switch: which model works on the sentence, and how to have others."""

from __future__ import annotations

import os

import streamlit as st

from figures.numbers import counted, short
from transformer_core.checkpoints import CheckpointError
from transformer_core.downloads import DOWNLOADS, Download, download
from transformer_core.laws.parameters import count_parameters
from ui.known_models import FOLDER_SETTING, Catalogue, KnownModel
from ui.prose import plain
from ui.state import change_settings, setting

CHOICE, OPEN = "model-choice", "model-menu"
MINE = "own-models"  # in a visitor's session: the names of those that were trained there
DOWNLOADS_SETTING = "FORWARD_PASS_DOWNLOADS"  # "on": visitors may fetch models


def show_model_menu(known: Catalogue) -> str:
    """The model's name; pressed, all that can be chosen with their sizes, and how to have more.

    What is inside is made when it is opened. Returns the name of the model that is shown.
    """
    wanted = setting("model")
    shown = known.find(wanted) or (wanted if wanted in known.refused else known.default)
    offered = _offered(known, shown)
    label = offered[shown].label if shown in offered else shown
    menu = st.popover(plain(label), key=OPEN, on_change="rerun", width=230)
    if menu.open:
        with menu, st.container(key="models"):
            _choice(offered, shown)
            _show_more(known)
    return shown


def _offered(known: Catalogue, shown: str) -> dict[str, KnownModel]:
    """What is here for everyone, and this visitor's own."""
    own = {shown, *st.session_state.get(MINE, ())}
    return {n: model for n, model in known.offered.items() if not model.private or n in own}


def choose_own(name: str) -> None:
    """Show a model that this visitor has trained, on all pages."""
    st.session_state[MINE] = [*st.session_state.get(MINE, ()), name]
    change_settings({"model": name, "layer": "", "head": "", "more": ""})


def _choice(offered: dict[str, KnownModel], shown: str) -> None:
    st.session_state[CHOICE] = shown
    st.radio(
        "Model",
        [*offered] if shown in offered else [*offered, shown],
        format_func=lambda name: plain(offered[name].title if name in offered else name),
        captions=[_size(model) for model in offered.values()],
        key=CHOICE,
        on_change=_take_model,
    )


def _size(model: KnownModel) -> str:
    config = model.config
    return (
        f"{short(count_parameters(config).total)} parameters in "
        f"{counted(config.n_layers, 'layer')} of {counted(config.n_heads, 'head')}; "
        f"a vocabulary of {config.vocab_size:,} tokens"
    )


def _take_model() -> None:
    """The layer and head looked at belong to the model before."""
    chosen = st.session_state[CHOICE]
    change_settings({"model": chosen, "layer": "", "head": "", "more": ""})
    st.session_state[OPEN] = False


def _show_more(known: Catalogue) -> None:
    st.markdown("**More models**")
    st.caption(
        "GGUF files and Hugging Face folders of the GPT-2 and Llama families appear here when "
        f"whoever runs this app names their folder in `{FOLDER_SETTING}`."
    )
    for name, reason in known.refused.items():
        st.caption(f"**{plain(name)}** cannot be shown. {plain(reason)}")
    if os.environ.get(DOWNLOADS_SETTING) == "on":
        _offer([each for each in DOWNLOADS if each.repository not in known.offered])


def _offer(offered: list[Download]) -> None:
    st.caption("These are fetched from huggingface.co when you press a button, and only then.")
    for each in offered:
        label = f"Download {each.repository} ({each.megabytes} MB, {each.licence})"
        if st.button(label, icon=":material/download:"):
            _fetch(each)


def _fetch(wanted: Download) -> None:
    try:
        with st.spinner(f"Fetching {wanted.megabytes} MB"):
            download(wanted.repository)
    except CheckpointError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.rerun()
