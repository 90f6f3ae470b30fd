"""Pretraining for engineers: the policy gradient, its relatives, ways to fine-tune, the code."""

import streamlit as st

from pages.n3_learning.pretraining.reward_runs import GROUP, LENGTH, RATE, UPDATES
from pages.n3_learning.pretraining.transfer_record import FINE_TUNED, FROZEN, SCRATCH, record
from transformer_core.policy_gradient import Learner, advantages, log_probabilities, write
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """Three explanations, then the code."""
    gradient, relatives, transfer = st.columns(3)
    with gradient.container(border=True, height="stretch"):
        st.markdown(
            "**Why −A ln p**  \n"
            "The mean reward is Σ p(y) r(y). Its gradient is Σ p(y) r(y) ∇ ln p(y), because "
            "∇p = p ∇ ln p. So texts drawn from p give an unbiased estimate: mean of r ∇ ln p. No "
            "gradient has to pass through the reward.\n\n"
            "A **baseline** b that does not depend on the text may be subtracted, since "
            "Σ p ∇ ln p = ∇ Σ p = 0. It lowers the variance. Here b is the mean of the other texts "
            "of the group. A test holds the step against all texts of a tiny vocabulary.\n\n"
            "With the penalty, r is replaced by r − β ln(p / p_start). The mean of the log-ratio "
            "is KL(p ‖ p_start)."
        )
    with relatives.container(border=True, height="stretch"):
        st.markdown(
            "**PPO and GRPO**  \n"
            "PPO takes several steps on the same texts and limits how far the ratio of "
            "probabilities may go; a second network estimates the baseline. GRPO drops that "
            "network: the baseline is the group’s mean, and the advantage is divided by the "
            "group’s deviation. It moves the KL term into the loss. "
            + tag("published", "Shao et al. 2024")
            + f"\n\nHere each group of {GROUP} texts of {LENGTH} tokens is used for one step of "
            f"Adam at {RATE:g}, {UPDATES} times, with all weights trained. Neither ratio nor "
            "deviation is needed then.\n\n"
            "A learned reward model can be overdone in the same way as “happy”: beyond some "
            "distance its score rises while what it stands for falls (arXiv 2210.10760). "
            + tag("published", "Gao et al. 2022")
        )
    with transfer.container(border=True, height="stretch"):
        _show_transfer()
    pressed = "when a reward was trained on this page"
    show_code(advantages, "The advantages")
    show_code(write, "A group of texts", when=pressed)
    show_code(log_probabilities, "The probability of each text", when=pressed)
    show_code(Learner, "One step", when=pressed)


def _show_transfer() -> None:
    told = record().configuration
    rates = {
        setting["way"]: measured["rate"]
        for setting, measured in zip(told["settings"], told["measurements"], strict=True)
    }
    steps = told["settings"][0]["steps"]
    st.markdown(
        "**How the classifier was trained**  \n"
        "A linear map reads what the final norm gives at the full stop (as GPT-1 did), and the "
        f"binary cross-entropy is lowered by AdamW in {steps} steps of at most 16 sentences. The "
        "rate was chosen among five on sentences of their own: "
        f"{rates[FINE_TUNED]:g} fine-tuned, {rates[FROZEN]:g} frozen, {rates[SCRATCH]:g} from "
        "random weights.\n\n"
        "All seeds draw the same examples for all ways. The model has read the sentences to learn "
        "from, without labels, and not those of the test.\n\n"
        f"`{record().command}` repeats it."
    )
