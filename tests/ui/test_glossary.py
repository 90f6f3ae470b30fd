"""Terms: each explained once, marked once, and never in what is not our own prose."""

import re

import pytest

from pages.n5_reference.contents.syllabus import PARTS
from ui.glossary import Term, explanations, instead, marked, terms

WANTED = (
    *("self-attention", "autoregressive", "context window", "hidden state", "pretraining"),
    *("fine-tuning", "hyperparameter", "batch", "epoch", "weight tying", "hallucination", "RLHF"),
    *("logit", "nat", "perplexity", "softmax", "residual stream", "attention weight", "ablation"),
)


def test_each_term_has_one_plain_explanation():
    names = [form.lower() for term in terms() for form in (term.name, *term.also)]
    assert len(names) == len(set(names))
    assert {name.lower() for name in WANTED} <= set(names)
    assert [term.name for term in terms()] == sorted((t.name for t in terms()), key=str.lower)
    for term in terms():
        sentences = re.split(r"(?<=[.?])\s", term.says)
        assert 1 <= len(sentences) <= 3, term.name
        assert all(len(sentence.split()) <= 25 for sentence in sentences), term.name
        assert term.says.endswith(".")
    assert len({term.place for term in terms()}) == len(terms())


def test_lessons_named_are_pages():
    titles = {lesson.title for part in PARTS.values() for lesson in part}
    assert {term.lesson for term in terms() if term.lesson} <= titles


def test_rules_are_expressions():
    for wanted, write in instead().items():
        re.compile(wanted)
        assert write


def test_a_term_is_marked_where_it_first_stands():
    text, found = marked("A **query** meets tokens. The query of a token, and softmaxes.")
    assert text.startswith(
        "A [**query**](#term-query) meets [tokens](#term-token). The query of a "
    )
    assert [term.name for term in found] == ["query", "token"]
    again, more = marked("A token and a logit.", found)
    assert again == "A token and a [logit](#term-logit)."
    assert [term.name for term in more] == ["logit"]


def test_the_longest_form_counts_and_an_everyday_word_only_in_bold():
    text, _ = marked("Attention weights are no weights, and no value; the **value** is.")
    assert text == (
        "[Attention weights](#term-attention-weight) are no weights, and no value; "
        "the [**value**](#term-value) is."
    )
    assert marked("an on-token word, a subtoken")[1] == ()


@pytest.mark.parametrize(
    "left", ["“a token”", "`token`", "$token$", "[token](page)", ":blue-badge[token]"]
)
def test_the_readers_words_code_formulas_and_links_stay(left):
    assert marked(left) == (left, ())


def test_an_explanation_cannot_end_its_style():
    style = explanations([Term("x", 'a "b" </style><script>')])
    assert "</style" not in style
    assert '\\"b\\"' in style
