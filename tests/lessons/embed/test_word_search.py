"""Embed's search in a graph of words: the graph, its searches and what the board is told."""

import numpy as np
import pytest

from pages.n1_forward_pass.embed.embedding_board import looked_at
from pages.n1_forward_pass.embed.search_board import describe_search
from pages.n1_forward_pass.embed.word_graph import (
    IN_SIGHT,
    MOST_ADDED,
    NEAREST,
    common_ids,
    packed_graph,
    sight_rows,
    walk,
    word_graph,
)
from tests.lessons.embed.test_embed_lesson import ask
from tests.lessons.test_lessons import open_fold, visit
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.lens.embedding_map import cosines, nearest
from ui.known_models import REAL_MODEL
from ui.models import load
from ui.state import SETTINGS, read_state

MODEL = "fable-classic"
TEXT = "The old cat sat on the mat"


@pytest.fixture(scope="module")
def added() -> tuple[int, ...]:
    return tuple(load(MODEL).tokenizer.encode(TEXT))


def test_the_graph_holds_common_words_and_the_readers(added):
    loaded = load(MODEL)
    made = word_graph(loaded, added)
    words = loaded.tokenizer.pieces(list(common_ids(loaded)))
    assert {" king", " dog", " red"} <= set(words)
    assert len(words) > 100
    assert set(added) <= set(made.ids)
    assert len(set(made.ids)) == len(made.ids) == len(made.graph.vectors)
    assert len(word_graph(loaded, tuple(range(300, 400))).ids) <= len(words) + MOST_ADDED


def test_the_board_gets_the_graph_as_it_is(added):
    loaded = load(MODEL)
    header, arrays = unpack(packed_graph(loaded, added))
    graph = word_graph(loaded, added).graph
    assert len(header["ids"]) == len(header["pieces"]) == len(arrays["places"])
    for level, pairs in enumerate(header["links"]):
        linked = {tuple(sorted((a, b))) for a, o in graph.links[level].items() for b in o}
        assert linked == {tuple(pair) for pair in pairs}
        assert all(min(graph.levels[a], graph.levels[b]) >= level for a, b in pairs)
    assert len(packed_graph(loaded, added)) < 60_000


@pytest.mark.parametrize("ef", IN_SIGHT)
def test_a_search_is_told_step_by_step(added, ef):
    loaded = load(MODEL)
    token = added[2]
    told, made = walk(loaded, added, token, ef), word_graph(loaded, added)
    assert told["comparisons"] == 1 + sum(len(visit["compared"]) for visit in told["visits"])
    assert told["comparisons"] < len(made.ids)
    rows = load(MODEL).model.embedding.detach()
    similar = cosines(rows[list(made.ids)], rows[token])
    np.testing.assert_allclose(told["cosines"], similar, atol=1e-4)
    itself = made.ids.index(token)
    assert told["true"] == nearest(similar, NEAREST, (itself,)).tolist()
    assert itself not in told["nearest"]
    assert len(told["nearest"]) == NEAREST
    assert told["visits"][0]["node"] == made.graph.entry
    assert told["visits"][-1]["level"] == 0


def test_more_in_sight_finds_more(added):
    rows = sight_rows(load(MODEL), added)
    assert [row["ef"] for row in rows] == list(IN_SIGHT)
    for key in ("recall", "compared"):
        values = [row[key] for row in rows]
        assert values == sorted(values)
    assert rows[0]["recall"] > 0.8
    assert rows[0]["compared"] < len(word_graph(load(MODEL), added).ids) / 2


def test_a_token_outside_the_graph_can_be_sought(added):
    told = walk(load(MODEL), added, 300, IN_SIGHT[0])
    assert 300 not in word_graph(load(MODEL), added).ids
    assert len(told["nearest"]) == len(told["true"]) == NEAREST


@pytest.mark.parametrize("raw", ["", "-1", "9999999999", "<b>", "1.2.x", "5." * 400])
def test_nonsense_is_searched_without_harm(raw):
    header = unpack(ask("walk", MODEL, added=raw, id=raw, ef=raw).body)[0]
    assert header["ef"] == IN_SIGHT[0]
    assert len(unpack(ask("graph", MODEL, added=raw).body)[0]["ids"]) > 100


def test_the_address_says_what_is_sought(monkeypatch):
    now = read_state({"text": TEXT, "model": MODEL})
    monkeypatch.setattr("streamlit.session_state", {SETTINGS: "sought=2038&sight=12"})
    assert (describe_search(now)["sought"], describe_search(now)["ef"]) == (2038, 12)
    monkeypatch.setattr("streamlit.session_state", {SETTINGS: "sought=<b>&sight=7"})
    told = describe_search(now)
    assert (told["sought"], told["ef"]) == (now.token_ids[looked_at(now)], IN_SIGHT[0])
    many = read_state({"text": "one two red dog " * 40, "model": MODEL})
    assert len(describe_search(many)["ids"]) <= MOST_ADDED


def test_the_graph_is_built_only_when_the_fold_is_open():
    word_graph.cache_clear()
    app = visit("pages/n1_forward_pass/embed/embed.py", text=TEXT)
    open_fold(app)
    assert not app.exception
    assert word_graph.cache_info().currsize == 0
    assert any("Nearest without comparing all" in each.value for each in app.subheader)


@real_model
def test_countries_are_near_france_in_the_real_model():
    loaded = load(REAL_MODEL)
    france = loaded.tokenizer.encode(" France")[0]
    told, made = walk(loaded, (), france, 24), word_graph(loaded, ())
    found = {loaded.tokenizer.pieces([made.ids[node]])[0].strip() for node in told["nearest"]}
    assert len(found & {"Germany", "Italy", "Spain", "England", "Russia", "Paris"}) >= 3
    assert len(made.ids) > 250
