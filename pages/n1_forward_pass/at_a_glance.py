"""The whole model at work on the reader's sentence, and the door to every lesson."""

import streamlit as st

from ui.forward_pass import show
from ui.frame import address_field, reader, shows_text, way_on
from ui.models import ModelUnavailableError


@st.fragment(key="picture")
def picture() -> None:
    """The component; where the model cannot be loaded, the frame has said why."""
    try:
        now = reader()
    except ModelUnavailableError:
        return
    show(now, st.session_state["step"])


address_field("step")
shows_text("picture")
picture()
with st.container(key="narrow-only"):  # elsewhere the navigation stands above the picture
    way_on("At a glance")
