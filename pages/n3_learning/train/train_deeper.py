"""Train one for engineers: the update, the process beside the server and its limits, the code."""

import streamlit as st

from pages.n3_learning.train.train_board import SETTING, the_queue
from pages.n3_learning.train.training_queue import (
    LONGEST_PAUSE,
    LONGEST_RUN,
    MOST_WAITING,
    PATIENCE,
    TrainingQueue,
)
from transformer_core.live_training.loop import (
    EXPLODED,
    TOO_OFTEN,
    LiveRun,
    accuracy,
    build,
)
from transformer_core.live_training.order import LONGEST_TEXT, MOST_STEPS
from transformer_core.live_training.tasks import induction, sorting
from ui.code_drawer import show_code

IN_PROCESS = "in the training process, for the recorded run"


def show_deeper() -> None:
    """Three explanations, then the code."""
    update, process, limits = st.columns(3)
    with update.container(border=True, height="stretch"):
        st.markdown(
            "**The update**  \n"
            "AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) keeps a running mean m of each "
            "gradient and v of its square:\n"
            "- `m = 0.9 m + 0.1 g`\n"
            "- `v = 0.98 v + 0.02 g²`\n"
            "- `w = w − rate · (m̂ / (√v̂ + 10⁻⁸) + decay · w)`\n\n"
            "m̂ and v̂ are m and v divided by 1 − 0.9^t and 1 − 0.98^t. The ratio is at most about "
            "1 in size, so a weight moves by about the learning rate or less. The decay is 0.01, "
            "and 1 for addition. The rate is constant and the gradient is not clipped."
        )
    with process.container(border=True, height="stretch"):
        st.markdown(
            "**A process beside the server**  \n"
            "Python’s interpreter lock lets one thread of a process run Python at a time, so a "
            "training in a thread would hold up every visitor. It has a process of its own, with "
            "one thread of PyTorch and a low priority. It writes a line of JSON for each record. "
            "The browser asks for new lines, and the server passes them on unchanged."
        )
    with limits.container(border=True, height="stretch"):
        st.markdown(
            "**Limits**  \n"
            f"- Trainings at a time: {the_queue().at_a_time} (`{SETTING}`); at most "
            f"{MOST_WAITING} wait, one for each visitor, first come, first served.\n"
            f"- {MOST_STEPS:,} steps, 120 seconds of the processor’s time, {LONGEST_RUN:.0f} "
            "seconds in all, 1,200 MiB of memory.\n"
            f"- Texts of {LONGEST_TEXT:,} characters; two layers, d_model 64.\n"
            f"- A pause of {LONGEST_PAUSE:.0f} seconds where others wait.\n"
            f"- A page that has not asked for {PATIENCE:.0f} seconds counts as closed; its "
            "training ends.\n"
            f"- {TOO_OFTEN} losses above {EXPLODED:.0f} times that of a uniform guess end a "
            "training, and so does one that is not a finite number."
        )
    _show_code()


def _show_code() -> None:
    show_code(build, "The model", IN_PROCESS)
    show_code(sorting, "The task", IN_PROCESS)
    show_code(induction, "Another task", "in the training process, when somebody chooses it")
    show_code(LiveRun.records, "The loop", IN_PROCESS)
    show_code(LiveRun._loss_and_gradient, "Loss and gradient", IN_PROCESS)
    show_code(LiveRun.update, "One step", IN_PROCESS)
    show_code(accuracy, "What counts as right", IN_PROCESS)
    show_code(TrainingQueue.tidy, "Whose turn it is", "on this server, at each change of the queue")
