"""The recorded experiment `pictures`: a Vision Transformer and a convolutional net."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from figures.experiment import named_curves_figure
from figures.line_styles import Style
from figures.numbers import count, percent
from transformer_core.records.json_file import RecordError
from transformer_core.records.result import Result, load_result
from ui.chart import show_chart
from ui.provenance import tag

FILE = Path(__file__).parents[3] / "assets" / "experiments" / "pictures.json"
NETWORKS = ("Vision Transformer", "convolutional net")
STYLES = dict(zip(NETWORKS, (Style("attention"), Style("key")), strict=True))
NAMES = 140  # pixels for the names of the curves


@cache
def record() -> Result:
    """The file, read once."""
    return load_result(FILE)


def right_after(network: str, pictures: int) -> float:
    """Share of held-out pictures named right, mean of the seeds."""
    return record().fitted[f"{network}: right after {pictures} pictures"].value


def show_recorded_pictures() -> None:
    """Right answers against training pictures, beside what this can and cannot say."""
    chart, limits = st.columns([3, 2])
    with chart:
        try:
            _show_curves(record())
        except RecordError:
            st.error(
                "The recorded trainings cannot be shown: their file is missing or damaged.",
                icon=":material/error:",
            )
    with limits.container(border=True, height="stretch"):
        _say_limits()


def _show_curves(found: Result) -> None:
    curves = tuple(found.curve(name) for name in NETWORKS)
    few, most = (int(curves[0].x[i]) for i in (1, -1))
    (few_1, most_1), (few_2, most_2) = (
        [percent(right_after(name, n)) for n in (few, most)] for name in NETWORKS
    )
    show_chart(
        named_curves_figure(curves, STYLES, NAMES),
        key="patches-pictures",
        finding=[
            f"From {count(few)} pictures the Vision Transformer learns to name {few_1} of unseen "
            f"drawings right, the convolutional net {few_2}. From {count(most)} it is {most_1} and "
            f"{most_2}"
        ],
        caption=[
            "Share of held-out drawings named right, mean of two trainings of "
            f"{count(found.tokens // found.configuration['settings'][0]['batch_size'])} steps. "
            "Guessing gives 12.5 %. Both networks have 0.11 million parameters, and the learning "
            "rate was tuned for each. Patches of 7 × 7 pixels."
        ],
        alt="Share of right answers by number of training pictures: both curves rise.",
        kind="measured",
    )


def _say_limits() -> None:
    st.markdown(
        "**What this record can say**  \n"
        "More different pictures help both networks, and the convolutional net needs far fewer. A "
        "convolution looks at neighbouring pixels and uses the same weights at every place. Such "
        "built-in knowledge is called an **inductive bias**. A Vision Transformer has little of "
        "it: it must learn which patches are neighbours.\n\n"
        "**What it cannot say**  \n"
        "How many pictures the Vision Transformer would need to catch up. Its patches are large "
        "here, and the trainings short. The model above has smaller patches and read more pictures "
        "for longer.\n\n"
        "At large scale the amount of data decides. Trained on 1.3 million photographs, large "
        "Vision Transformers stayed a few percentage points below convolutional nets of their "
        "size. Trained first on 14 to 300 million, they matched or beat them. "
        f"{tag('published', 'Dosovitskiy et al. 2021, arXiv 2010.11929')}"
    )
