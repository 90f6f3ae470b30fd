"""The address at which the first screen asks for a sentence's pass."""

from dataclasses import replace
from urllib.parse import parse_qsl, quote_plus

import pytest
import torch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pages.n1_forward_pass.at_a_glance import forward_pass, pass_answers
from pages.n1_forward_pass.at_a_glance.forward_pass import ROUTES, first_question
from pages.n1_forward_pass.at_a_glance.pass_answers import first_answer
from tests.ui.unpacking import unpack
from ui.examples import STORY
from ui.models import ModelUnavailableError, load
from ui.state import read_state


def ask(query: str) -> Response:
    scope = {"type": "http", "query_string": query.encode(), "headers": [], "path_params": {}}
    return ROUTES[0].endpoint(Request(scope))


def expected(text: str, name: str = "fable-classic", more=(), noticed=False) -> bytes:
    now = read_state({"model": name, "text": text, "more": ".".join(map(str, more))})
    return first_answer(load(name), replace(now, notices=("something",) if noticed else ()))


def test_a_sentence_is_answered_with_its_pass():
    answer = ask("model=fable-modern&text=The+cat&more=7.8")
    assert answer.body == expected("The cat", "fable-modern", (7, 8))
    assert answer.headers["content-encoding"] == "identity"  # not compressed on the way
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("text=+++", STORY),
        ("text=a%00b", "ab"),
        ("model=none&text=The+cat", "The cat"),
        ("text=The+cat&more=1.x", "The cat"),
        ("text=The+cat&more=999999", "The cat"),
    ],
)
def test_what_makes_no_sense_is_set_right_and_marked(query, text):
    assert ask(query).body == expected(text, noticed=True)


def test_no_question_at_all_is_the_first_example():
    assert ask("").body == expected(STORY)


def test_a_model_that_cannot_be_loaded_is_not_found(monkeypatch):
    def lost(raw):
        raise ModelUnavailableError("its weights are gone")

    monkeypatch.setattr(pass_answers, "read_state", lost)
    with pytest.raises(HTTPException) as refused:
        ask("text=The+cat")
    assert refused.value.status_code == 404


def test_a_long_text_is_cut_to_what_the_model_reads():
    with torch.inference_mode():
        body = ask("text=" + "the+" * 1_000).body
    context = load("fable-classic").config.context_length
    assert len(unpack(body)[1]["token_ids"]) == context


@pytest.mark.parametrize(
    ("raw", "query"),
    [
        ({}, f"model=MODEL&text={quote_plus(STORY)}&more=&layer=&token=14"),
        ({"text": "a~b*c é", "layer": "3"}, "model=MODEL&text=a%7Eb*c+%C3%A9&more=&layer=3&token="),
        ({"text": "The cat", "more": "7", "token": "2"}, "text=The+cat&more=7&layer=&token=2"),
    ],
)
def test_the_page_knows_what_its_picture_will_ask(raw, query):
    name = "fable-classic"
    load(name)
    asked = first_question({"model": name, **raw})
    assert query.replace("MODEL", name) in asked
    assert asked.startswith("/app/static/passes?")
    sentence = dict(parse_qsl(asked.partition("?")[2], keep_blank_values=True))
    assert sentence["text"] == raw.get("text", STORY)


def test_no_page_waits_for_a_model_that_has_to_be_loaded(monkeypatch):
    monkeypatch.setattr(forward_pass, "is_loaded", lambda name: False)
    assert first_question({"model": "fable-classic"}) == ""
