"""Watch it learn for engineers: distances, scores, K-composition, tables, the code."""

import streamlit as st

from figures.numbers import count, number
from pages.n3_learning.snapshots.kept_steps import (
    copying_record,
    inducing_heads,
    pair_losses,
    pair_statistics,
    story_steps,
)
from transformer_core.lens.learning import look_at
from transformer_core.lens.pair_statistics import PairStatistics, divergence
from transformer_core.lens.two_heads import matches_if_unread, read_twice
from ui.code_drawer import show_code
from ui.provenance import tag

SOURCES = {"tinystories": "simple stories", "childrens_books": "children’s classics"}


def show_deeper() -> None:
    """What the pictures rest on, then the code."""
    _show_losses()
    st.markdown(
        "**Distance.** KL(s ‖ p) = Σ s(t) · (ln s(t) − ln p(t)), over all tokens t, where s are "
        "the counted probabilities and p the model’s. The picture shows its mean over the "
        f"positions of your sentence. The bigram knows the "
        f"{count(len(pair_statistics().follower))} most frequent pairs of the training texts. "
        "The probability that they leave goes to the unigram. The made-up repeats of the training "
        "are not counted."
    )
    record = copying_record()
    st.markdown(
        f"**The small model.** {count(record['parameters'])} parameters, two layers of four heads, "
        f"RoPE, {count(record['steps'])} steps of 32 sequences of 64 characters; "
        f"{record['repeated'] * 100:.0f} % of the sequences end in a repeating pattern. It has "
        "MLPs, unlike the models in which Elhage et al. (2021) derived the circuit. It was trained "
        f"in {record['seconds']} seconds on one CPU thread, with one seed; "
        "`transformer_core/training/copying_run.py` repeats it. "
        f"{count(len(inducing_heads()))} heads of layer 2 learn to copy. The picture follows the "
        "one that is strongest at the end. Before the circuit forms, the second copy already costs "
        "less than the first. That needs no circuit: it is enough to prefer characters that stand "
        "in the text."
    )
    st.markdown(
        "**K-composition.** In layer 2 the score of query i with key j is qᵢ · kⱼ / √d_head, and "
        "kⱼ = (xⱼ + what layer 1 wrote at j) · W_K, the norm left aside. The previous-token head "
        "writes there which character stands at j − 1. Where that is the character at i, the score "
        "is high. Ablated, the head hands W_O zeros, and the same weights find nothing. To see "
        "which side needs the note, either the keys or the queries are computed without it, and "
        "everything else as before."
    )
    show_code(look_at, "One snapshot read by your sentence")
    show_code(divergence, "The distance from a statistic")
    show_code(PairStatistics.bigram, "The probabilities of a bigram")
    show_code(read_twice, "A pattern read twice, with heads ablated")
    show_code(matches_if_unread, "Keys or queries without the first head")


def _show_losses() -> None:
    """Held-out losses of the snapshots beside those of both statistics."""
    losses = pair_losses()
    head = "| step | tokens read | " + " | ".join(SOURCES.values()) + " |"
    rows = [
        f"| {count(step['step'])} | {count(step['tokens_seen'])} | "
        + " | ".join(number(step["held_out"][source]["nats_per_token"]) for source in SOURCES)
        + " |"
        for step in story_steps()
    ]
    rows += [
        f"| {name} | | " + " | ".join(number(losses[source][name]) for source in SOURCES) + " |"
        for name in ("unigram", "bigram")
    ]
    st.markdown(
        "**Held-out loss**, in nats a token, of the story model (0.9 million parameters, 4 layers "
        f"of 4 heads) and of both statistics {tag('measured', 'steps.json, pairs.json')}\n\n"
        + "\n".join([head, "| --- " * (2 + len(SOURCES)) + "|", *rows])
    )
