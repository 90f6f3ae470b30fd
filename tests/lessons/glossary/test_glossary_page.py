"""The page of all terms."""

import pytest

from tests.lessons.test_lessons import HOSTILE, said, type_text, visit
from ui.glossary import terms

PAGE = "pages/n5_reference/glossary/glossary.py"
FIND = "glossary-find"


def test_every_term_is_listed_with_its_explanation(folders):
    app = visit(PAGE)
    assert not app.exception
    shown = said(app)
    for term in terms():
        assert f"**{term.name}**" in shown
        assert term.says in shown


def test_a_term_can_be_found_by_name_or_explanation(folders):
    app = visit(PAGE)
    app.text_input(key=FIND).set_value("PERPLEX").run()
    assert "**perplexity**" in said(app)
    assert "**softmax**" not in said(app)
    app.text_input(key=FIND).set_value("**<b>").run()
    assert not app.exception
    assert "No term has this" in said(app)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_sentence_of_a_reader_disturbs_it(folders, text):
    app = visit(PAGE)
    type_text(app, text)
    assert "**ablation**" in said(app)
