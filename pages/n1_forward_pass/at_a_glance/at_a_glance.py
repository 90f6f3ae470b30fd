"""The whole model at work on the reader's sentence, and the door to every lesson."""

import streamlit as st

from pages.n1_forward_pass.at_a_glance.forward_pass import show
from ui.course import way_on
from ui.frame import address_field

address_field("step", "temperature", "top_p", "tour")
show()
with st.container(key="narrow-only"):  # elsewhere the navigation stands above the picture
    way_on("At a glance")
