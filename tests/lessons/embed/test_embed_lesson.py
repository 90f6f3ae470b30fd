"""Embed: the geometry against NumPy, the sizes against published counts, what the browser gets."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

import pages.n1_forward_pass.embed.embedding_questions as questions
import pages.n1_forward_pass.embed.embedding_table as embedding_table
from figures.embedding_size import embedding_sizes, gigabytes, millions
from figures.numbers import number
from pages.n1_forward_pass.embed.embedding_board import pack_board
from pages.n1_forward_pass.embed.embedding_questions import embedding_questions, neighbours_kept
from pages.n1_forward_pass.embed.embedding_table import components, packed_table, table
from pages.n1_forward_pass.embed.vocabulary_map import ANALOGIES, _entry, _ids, pack_map
from tests.ui.unpacking import unpack
from transformer_core.config import PRESETS
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.parameters import count_parameters
from transformer_core.lens.embedding_map import (
    analogy,
    cosines,
    nearest,
    principal_components,
    project,
)
from ui.examples import STORY, TEXTS
from ui.models import load, trace
from ui.prose import spaced
from ui.state import read_state

ROOT = Path(__file__).parents[3]
MODELS = ("fable-classic", "fable-modern")
each_model = pytest.mark.parametrize("model", MODELS)


def random_table(seed: int, tokens: int, width: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    spread = torch.linspace(3, 1, width)
    return torch.randn(tokens, width, generator=generator) * spread + 0.5


@given(st.integers(0, 10_000), st.integers(8, 60), st.integers(4, 12))
def test_principal_components_are_numpys_singular_vectors(seed, tokens, width):
    rows = random_table(seed, tokens, width)
    found = principal_components(rows)
    centred = rows.double().numpy() - rows.double().numpy().mean(0)
    singular = np.linalg.svd(centred, compute_uv=False)
    shares = singular**2 / (singular**2).sum()
    assert np.allclose(found.shares, shares[:4], atol=1e-5)
    assert torch.allclose(found.axes @ found.axes.T, torch.eye(4), atol=1e-5)
    assert all(axis[axis.abs().argmax()] > 0 for axis in found.axes)
    variance = project(rows, found).double().square().sum(0) / (singular**2).sum()
    assert np.allclose(variance, shares[:4], atol=1e-5)


@each_model
def test_axes_of_the_map_are_numpys(model):
    loaded = load(model)
    rows = loaded.model.embedding.detach().double().numpy()
    _, singular, vectors = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    found = components(loaded)
    for axis, vector in zip(found.axes.numpy(), vectors[:4], strict=True):
        assert abs(abs(axis @ vector) - 1) < 1e-4
    assert np.allclose(found.shares, (singular**2 / (singular**2).sum())[:4], atol=1e-6)
    assert torch.equal(principal_components(table(loaded)).axes, found.axes)


@given(st.integers(0, 10_000), st.integers(3, 40), st.integers(2, 8), st.integers(1, 50))
def test_nearest_are_numpys_largest_cosines(seed, tokens, width, count):
    rows = random_table(seed, tokens, width)
    similar = cosines(rows, rows[1])
    exact = rows.double().numpy()
    by_hand = exact @ exact[1] / np.linalg.norm(exact, axis=1) / np.linalg.norm(exact[1])
    assert np.allclose(similar, by_hand, atol=1e-5)
    assert similar.abs().max() <= 1 + 1e-5
    found = nearest(similar, count, (1,)).tolist()
    assert found == [i for i in np.argsort(-similar.numpy(), kind="stable") if i != 1][:count]


def test_analogy_by_hand():
    # first axis: male or female, second: how royal; the queen is exactly where the sum points
    man, woman, king, queen = (1.0, 0.0), (-1.0, 0.0), (0.6, 0.8), (-0.9285, 0.3714)
    rows = torch.tensor([king, man, woman, queen])
    similar = analogy(rows, 0, 1, 2)
    summed = np.array(king) - man + woman
    wanted = rows.numpy() @ summed / np.linalg.norm(summed) / rows.norm(dim=1).numpy()
    assert np.allclose(similar, wanted, atol=1e-6)
    assert int(nearest(similar, 1, (0, 1, 2))) == 3


def test_row_is_the_product_of_a_one_hot_vector():
    loaded = load("fable-classic")
    ids = loaded.tokenizer.encode(STORY)
    one_hot = torch.nn.functional.one_hot(torch.tensor(ids), loaded.config.vocab_size).float()
    embedded = trace(loaded.name, tuple(ids)).token_embedded[0]
    assert torch.equal(one_hot @ loaded.model.embedding.detach(), embedded)


def test_sizes_are_the_published_ones():
    known = {each.title: each.config for each in ARCHITECTURES}
    for title, total in (("GPT-2 XL", 1_557_611_200), ("GPT-3", 174_604_259_328)):
        assert count_parameters(known[title]).total == total
    table = count_parameters(known["GPT-3"]).embedding
    assert table == 617_558_016
    assert (millions(table), gigabytes(4 * table)) == ("617.6 M", "2.47 GB")


@each_model
def test_figure_draws_the_counted_sizes(model):
    loaded, gpt2 = load(model), PRESETS["gpt2"]
    counted = sum(p.numel() for p in loaded.model.parameters())
    numbers, shares = embedding_sizes({"here": loaded.config, "GPT-2": gpt2}).data
    assert list(numbers.x) == [4_096 * 192, 50_257 * 768]
    assert shares.x[0] == pytest.approx(786_432 / counted)


@each_model
def test_browser_gets_the_models_own_matrix(model):
    loaded = load(model)
    header, arrays = unpack(packed_table(loaded))
    assert np.array_equal(arrays["rows"], loaded.model.embedding.detach().numpy())
    assert header["pieces"] == loaded.tokenizer.pieces(list(range(4_096)))
    assert np.allclose(arrays["mean"], loaded.model.embedding.detach().mean(0), atol=1e-6)
    assert np.allclose(header["shares"], components(loaded).shares)


@each_model
@pytest.mark.parametrize("text", [*TEXTS, "a", "the " * 300])
def test_browser_gets_the_runs_own_rows(model, text):
    now = read_state({"text": text, "model": model, "token": "2"})
    shown = trace(model, now.token_ids[:64])
    header, arrays = unpack(pack_board(now, shown))
    assert np.array_equal(arrays["rows"], shown.token_embedded[0])
    summed = arrays["rows"].astype(np.float32) + arrays["places"]
    assert np.allclose(summed, shown.embedded[0], atol=2e-3)
    assert header["placed"] == (model == "fable-classic") == bool(arrays["places"].any())
    assert header["ids"] == list(now.token_ids[:64])
    assert len(pack_board(now, shown)) + len(pack_map(now, shown)) < 150_000
    assert np.array_equal(unpack(pack_map(now, shown))[1]["rows"], arrays["rows"])


def test_large_vocabulary_is_sent_in_part(monkeypatch):
    loaded = load("fable-classic")
    monkeypatch.setattr(embedding_table, "NUMBERS", 192 * 1_000 + 5)
    assert table(loaded).shape == (1_000, 192)


def test_matrix_is_served_for_good_under_its_version_only():
    loaded = load("fable-modern")

    def ask(name: str, version: str):
        query = f"v={version}".encode()
        scope = {"type": "http", "path_params": {"name": name}, "query_string": query}
        return embedding_table.ROUTES[0].endpoint(Request(scope | {"headers": []}))

    fresh = ask(loaded.name, embedding_table.version(loaded))
    assert fresh.body == packed_table(loaded)
    assert "immutable" in fresh.headers["cache-control"]
    assert ask(loaded.name, "old").headers["cache-control"] == "no-store"
    with pytest.raises(HTTPException):
        ask("../../etc/passwd", "")


@each_model
def test_a_model_without_a_table_of_positions_says_where_its_order_comes_from(model):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["model"] = model
    app.run()
    app.switch_page("pages/n1_forward_pass/embed/embed.py").run()
    assert not app.exception
    labels = [link.proto.label for link in app.get("page_link")]
    said = "Where this model's order of words comes from"
    assert (said in labels) == (model == "fable-modern")


@pytest.mark.parametrize(
    "raw", ["", "-1", "4096", "1e9", "<script>", "\uff19", " 3", "99999999999"]
)
def test_nonsense_entry_is_ignored(raw):
    assert _entry(raw, 4_096) is None
    assert _entry("2038", 4_096) == 2_038


@pytest.mark.parametrize(
    ("piece", "shown"),
    [(" She", "“␣She”"), ("She", "“She”"), ("\x16", "“⟨16⟩”"), (" ", "“␣”"), (" *", "“␣\\*”")],
)
def test_a_tokens_space_is_shown(piece, shown):
    assert spaced(piece) == shown


def test_analogies_are_asked_of_single_tokens_only():
    loaded = load("fable-classic")
    assert _ids(loaded, ("king", "man", "woman", "queen")) is None
    known = [ids for ids in (_ids(loaded, words) for words in ANALOGIES) if ids]
    assert len(known) == 19
    assert [loaded.tokenizer.pieces([ids[3]])[0] for ids in known][:2] == [" mother", " girl"]


BALLS = "Tom had a red ball. Sue had a blue ball. Tom liked his"


@each_model
@pytest.mark.parametrize("text", ["a", STORY, BALLS, "שלום 👩‍👩‍👧", "the " * 400])
def test_each_question_has_exactly_one_right_answer(monkeypatch, model, text):
    for token in ("1", "2", ""):
        now = read_state({"text": text, "model": model, "token": token})
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        for question in embedding_questions():
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.text for option in question.options}) == len(question.options)
            assert all(option.why for option in question.options)


@each_model
def test_right_answers_are_numpys(monkeypatch, model):
    now = read_state({"text": STORY, "model": model, "token": "12"})
    monkeypatch.setattr(questions, "reader", lambda: now)
    neighbour, place, flat = (
        next(option for option in question.options if option.right)
        for question in embedding_questions()
    )
    loaded, rows = load(model), load(model).model.embedding.detach().numpy()
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    ranked = [i for i in np.argsort(-unit @ unit[now.token_ids[11]]) if i != now.token_ids[11]]
    pieces = [loaded.tokenizer.pieces([int(i)])[0] for i in ranked[:3]]
    best = next(piece for piece in pieces if piece.strip().lower() != "lily")
    assert neighbour.text.strip("“”") == best.replace(" ", "␣")
    if model == "fable-modern":
        assert place.text == "The same, number by number"
    else:
        positions = loaded.model.position.table.detach().numpy()
        here, there = (
            rows[now.token_ids[11]] + positions[11],
            rows[now.token_ids[11]] + positions[0],
        )
        cosine = here @ there / np.linalg.norm(here) / np.linalg.norm(there)
        assert f"cosine is {number(float(cosine))}: " in place.why
    _, _, vectors = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    places = (rows - rows.mean(0)) @ vectors[:2].T
    far = np.linalg.norm(places - places[now.token_ids[11]], axis=1)
    close = [i for i in np.argsort(far) if i != now.token_ids[11]][:8]
    kept = len(set(close) & set(ranked[:8]))
    assert neighbours_kept(loaded, now.token_ids[11]) == kept
    assert flat.why.startswith(f"{kept} of 8")
