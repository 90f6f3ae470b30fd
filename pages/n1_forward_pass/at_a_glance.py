"""The whole model at work on the reader's sentence, and the door to every lesson."""

import streamlit as st

from ui.forward_pass import show
from ui.frame import address_field, reader, way_on
from ui.models import ModelUnavailableError

address_field("step")
try:
    show(reader(), st.session_state["step"])
except ModelUnavailableError:
    st.stop()  # the frame has said why
with st.container(key="narrow-only"):  # elsewhere the navigation stands above the picture
    way_on("At a glance")
