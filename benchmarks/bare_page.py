"""The yardstick: a Streamlit page with one slider and one line of text."""

import streamlit as st

st.write(f"The number is {st.slider('Number', 0, 1_000, 500)}.")
