"""Decoding for engineers: the sampling rule on the reader's next token, and the code that ran."""

import streamlit as st

from figures.numbers import number
from pages.n4_scale.decoding.decoding_runs import (
    PROMPT,
    draft_kinds,
    drafting_model,
    next_distribution,
)
from transformer_core.rolling_cache import RollingLayerCache, slot_of
from transformer_core.speculative import (
    accept_or_replace,
    acceptance,
    lookup_draft,
    residual,
    speculate,
)
from transformer_core.turns import sliced_pass
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load
from ui.provenance import tag


def show_deeper() -> None:
    """Three explanations, one number of this text, then the code."""
    rule, drafts, limits = st.columns(3)
    with rule.container(border=True, height="stretch"):
        _show_rule()
    with drafts.container(border=True, height="stretch"):
        _show_drafts()
    with limits.container(border=True, height="stretch"):
        _show_limits()
    show_code(speculate, "Draft, check, accept")
    show_code(sliced_pass, "A pass in turns")
    show_code(acceptance, "How often a sampled guess is accepted")
    pressed = "when “Write with drafts” was pressed with this draft"
    show_code(lookup_draft, "Prompt lookup", when=pressed)
    tests = "in the tests alone: the boards above decode greedily"
    show_code(accept_or_replace, "The sampling rule", when=tests)
    show_code(residual, "What replaces a rejected guess", when=tests)
    windows = "in the tests alone, against a pass with a mask"
    show_code(slot_of, "The slot of a position", when=windows)
    show_code(RollingLayerCache, "The rolling cache", when=windows)


def _show_rule() -> None:
    """The rule, and how often it would accept here."""
    now = reader()
    ids = now.token_ids[:PROMPT]
    p = next_distribution(load(now.model_name).model, ids)
    q = next_distribution(drafting_model(now.model_name), ids)
    names = draft_kinds(now.model_name)
    drafter = names.get("model", names["layers"])
    st.markdown(
        f"**Sampling with a draft** {tag('published', 'Leviathan et al. 2023; Chen et al. 2023')}  "
        "\nThe draft draws a token x from its distribution q. The model, whose distribution is p, "
        "keeps x with probability min(1, p(x) / q(x)). If it does not, a token is drawn from "
        "max(0, p − q), divided by its sum. The result is distributed as p, whatever q is.\n\n"
        f"A guess is accepted with probability α = Σ min(p, q). {tag('live')} After your text, "
        f"with {drafter} as draft, α is {number(acceptance(p, q))}."
    )


def _show_drafts() -> None:
    st.markdown(
        "**Where drafts come from**  \n"
        "- A smaller model with the same vocabulary. The Fable models share theirs, so Fable tiny "
        "can draft for them. SmolLM2 has another vocabulary.\n"
        "- Prompt lookup: what followed the last tokens earlier in the text (Saxena 2023). It "
        "costs almost nothing and helps where a text repeats itself.\n"
        "- The model’s own first layers, read by its final norm and unembedding. LayerSkip "
        "(Elhoushi et al. 2024, arXiv 2404.16710) trains a model for this. The models here were "
        "not trained so. Here up to four fifths of the layers draft, so a guess costs most of a "
        "pass."
    )


def _show_limits() -> None:
    st.markdown(
        "**When it does not pay**  \n"
        "A check of γ + 1 tokens is as fast as a single step only while memory is the limit. Then "
        "an accelerator has much arithmetic to spare. A processor core has little, and a check "
        "takes noticeably longer than a step: the times above show it. In a large batch the spare "
        "arithmetic is already used.\n\n"
        "Equality with greedy decoding holds up to rounding: two almost equal logits may change "
        "places when they are computed in another order."
    )
