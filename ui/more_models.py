"""Other models: which of this machine cannot be shown, and those that may be fetched."""

from __future__ import annotations

import os

import streamlit as st

from transformer_core.checkpoints import CheckpointError
from transformer_core.downloads import DOWNLOADS, Download, download
from ui.known_models import FOLDER_SETTING, Catalogue
from ui.prose import plain

DOWNLOADS_SETTING = "FORWARD_PASS_DOWNLOADS"  # "on": visitors may fetch models


def show_more_models(known: Catalogue) -> None:
    """A menu beside the switch."""
    with st.popover("", icon=":material/add:", help="More models", width="content"):
        st.markdown("**More models**")
        st.caption(
            "GGUF files and Hugging Face folders of the GPT-2 and Llama families appear in the "
            f"switch when whoever runs this app names their folder in `{FOLDER_SETTING}`."
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
