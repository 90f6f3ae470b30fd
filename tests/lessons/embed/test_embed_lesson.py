"""Embed: the geometry against NumPy, the sizes against published counts, what the browser gets."""

import time
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

import pages.n1_forward_pass.embed.embedding_answers as embedding_answers
import pages.n1_forward_pass.embed.embedding_questions as questions
import pages.n1_forward_pass.embed.embedding_table as embedding_table
from figures.embedding_size import embedding_sizes, gigabytes, millions
from figures.numbers import number
from pages.n1_forward_pass.embed.context import context_examples, packed_context
from pages.n1_forward_pass.embed.embedding_answers import known_id, packed_near
from pages.n1_forward_pass.embed.embedding_board import looked_at, pack_board
from pages.n1_forward_pass.embed.embedding_questions import embedding_questions
from pages.n1_forward_pass.embed.embedding_table import components, drawn, packed_table
from pages.n1_forward_pass.embed.token_search import search
from pages.n1_forward_pass.embed.vocabulary_map import pack_map
from pages.n1_forward_pass.embed.word_arithmetic import (
    _ids,
    examples,
    packed_sum,
    packed_verdicts,
)
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.parameters import count_parameters
from transformer_core.lens.embedding_map import (
    analogy,
    centred_cosines,
    cosines,
    mean_cosine,
    nearest,
    principal_components,
    project,
    row_lengths,
)
from transformer_core.presets import PRESETS
from ui.examples import CAPITAL, STORY, TEXTS
from ui.models import LoadedModel, load, trace
from ui.prose import spaced
from ui.state import read_state

ROOT = Path(__file__).parents[3]
MODELS = ("fable-classic", "fable-modern")
each_model = pytest.mark.parametrize("model", MODELS)
each_of_all = pytest.mark.parametrize("model", [*MODELS, "smollm2"])


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
    assert torch.equal(principal_components(drawn(loaded)).axes, found.axes)


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


@given(st.integers(0, 10_000), st.integers(3, 40), st.integers(2, 8))
def test_lengths_and_centred_cosines_are_numpys_without_a_second_table(seed, tokens, width):
    rows = random_table(seed, tokens, width)
    rows[0] = 0
    exact = rows.double().numpy()
    mean = exact.mean(0)
    lengths = np.linalg.norm(exact, axis=1)
    assert np.allclose(row_lengths(rows), np.where(lengths, lengths, 1), atol=1e-5)
    apart = row_lengths(rows, rows.mean(0))
    assert np.allclose(apart, np.linalg.norm(exact - mean, axis=1), atol=1e-3)
    found = centred_cosines(rows, rows[1], rows.mean(0), apart)
    centred = (exact - mean) / np.linalg.norm(exact - mean, axis=1, keepdims=True)
    assert np.allclose(found, centred @ centred[1], atol=1e-3)


def test_mean_cosine_of_each_pair_by_hand():
    rows = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])
    assert mean_cosine(rows, row_lengths(rows)) == pytest.approx((0 + 0 - 1) / 3)


def real_table(loaded) -> np.ndarray:
    return loaded.model.embedding.detach().double().numpy()


@each_of_all
def test_map_and_picture_are_of_the_models_own_matrix(model):
    loaded = load(model)
    rows, n = real_table(loaded), loaded.config.vocab_size
    packed = packed_table(loaded)
    assert len(packed) < 250_000
    header, arrays = unpack(packed)
    assert header["vocab_size"] == n
    assert header["pieces"] == loaded.tokenizer.pieces(list(range(4_096)))
    axes = components(loaded)
    expected = (rows[:4_096] - rows[:4_096].mean(0)) @ axes.axes.double().numpy().T
    assert np.allclose(arrays["places"], expected, atol=2e-3 * np.abs(expected).max())
    assert np.allclose(header["shares"], axes.shares)
    lines = header["lines"]
    assert lines == sorted(set(lines))
    assert n - n // 500 < lines[-1] < n
    assert header["line_pieces"] == loaded.tokenizer.pieces(lines)
    assert np.array_equal(arrays["picture"], rows[lines, :64].astype(np.float16))


@each_of_all
@pytest.mark.parametrize("centred", [False, True])
def test_nearest_are_those_of_the_whole_vocabulary(model, centred):
    loaded = load(model)
    rows, known = real_table(loaded), loaded.tokenizer.encode(" horse")[0]
    base = rows - rows.mean(0) if centred else rows
    unit = base / np.linalg.norm(base, axis=1, keepdims=True)
    similar = unit @ unit[known]
    header, arrays = unpack(packed_near(loaded, known, centred))
    others = np.delete(similar, known)
    best = [i for i in np.argsort(-similar) if i != known][:8]
    assert header["ids"] == best
    assert np.allclose(header["cosines"], similar[best], atol=1e-5)
    assert header["pieces"] == loaded.tokenizer.pieces([int(i) for i in best])
    assert header["piece"] == loaded.tokenizer.pieces([known])[0]
    assert header["n"] == len(rows) - 1 == sum(header["bins"])
    assert header["mean"] == pytest.approx(others.mean(), abs=1e-5)
    assert header["high"] == pytest.approx(np.sort(others)[int(len(others) * 0.99)], abs=1e-5)
    assert np.allclose(arrays["similar"], similar[:4_096], atol=1e-3)
    counted, _ = np.histogram(others.clip(-0.5, 1), 60, (-0.5, 1))
    assert np.abs(np.array(header["bins"]) - counted).sum() <= 4  # one on an edge falls either way


class FewPieces:
    """A tokenizer of ten tokens."""

    n_vocab = 10
    all = ("cat", " cat", "Cat", " Cats", "scatter", " dog", "\x16", "<|endoftext|>", "\n", " ")

    def pieces(self, ids):
        return [self.all[i] for i in ids]


@pytest.mark.parametrize(
    ("text", "count", "found"),
    [(" cat ", 9, [1, 0, 2, 3, 4]), ("Cat", 3, [2, 1, 0]), ("  ", 9, []), ("zebra", 9, [])],
)
def test_search_finds_the_word_with_its_space_first(text, count, found):
    few = LoadedModel("few", None, FewPieces())
    assert search(few, text, count) == found


@real_model
def test_search_knows_the_whole_vocabulary():
    loaded = load("smollm2")
    king = loaded.tokenizer.encode(" king")[0]
    assert king == 4_197
    assert search(loaded, "king", 8)[0] == king
    assert search(loaded, "x" * 10_000, 8) == []


@each_of_all
@pytest.mark.parametrize("words", [("king", "man", "woman"), ("walked", "walk", "talk")])
def test_arithmetic_is_asked_of_every_row(model, words):
    loaded = load(model)
    rows = real_table(loaded)
    used = [search(loaded, word, 1)[0] for word in words]
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    summed = unit[used[0]] - unit[used[1]] + unit[used[2]]
    similar = unit @ summed / np.linalg.norm(summed)
    header, _ = unpack(packed_sum(loaded, words))
    best = np.argsort(-similar)[:7]
    assert header["used"] == used
    assert header["ids"] == best.tolist()
    assert np.allclose(header["cosines"], similar[best], atol=1e-5)
    assert header["first"] == next(i for i in np.argsort(-similar) if i not in used)


def test_a_word_of_several_tokens_is_named_as_missing():
    header, _ = unpack(packed_sum(load("fable-classic"), ("king", "xylophone", "woman")))
    assert (header["missing"], header["ids"]) == ("xylophone", [])


@each_of_all
def test_verdicts_are_judged_by_every_row(model):
    loaded = load(model)
    rows = loaded.model.embedding.detach()
    known = [ids for ids in examples(loaded).values() if ids]
    verdicts = unpack(packed_verdicts(loaded))[0]["verdicts"]
    assert len(verdicts) == len(known)
    for (a, b, c, d), verdict in list(zip(known, verdicts, strict=True))[:6]:
        similar = analogy(rows, a, b, c)
        assert verdict["barred"] == (int(nearest(similar, 1, (a, b, c))) == d)
        assert verdict["free"] == (int(similar.argmax()) == d)


@each_of_all
@pytest.mark.parametrize("text", [*TEXTS, "a", "the " * 300])
def test_browser_gets_the_rows_of_the_text(model, text):
    now = read_state({"text": text, "model": model, "token": "2"})
    shown = trace(model, now.token_ids[:64])
    packed = pack_board(now, shown)
    header, arrays = unpack(packed)
    assert np.array_equal(arrays["rows"], shown.token_embedded[0].half())
    assert header["placed"] == (model == "fable-classic") == bool(len(arrays["places"]))
    if header["placed"]:
        summed = arrays["rows"].astype(np.float32) + arrays["places"]
        assert np.allclose(summed, shown.embedded[0], atol=2e-3)
    assert header["ids"] == list(now.token_ids[:64])
    assert len(packed) + len(pack_map(now)) < 100_000
    places = unpack(pack_map(now))[1]["places"]
    ids, axes = list(now.token_ids[:64]), components(load(model))
    expected = project(load(model).model.embedding.detach()[ids], axes)
    assert np.allclose(places, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("model", "text", "word"),
    [
        ("smollm2", CAPITAL, " France"),
        ("smollm2", STORY, " catch"),
        ("fable-classic", STORY, " catch"),
        ("smollm2", "The dog was unbelievable, a floccinaucinihilipilification", " was"),
        ("smollm2", "12 + 3 =", " ="),
    ],
)
def test_the_lesson_opens_on_a_whole_common_word(model, text, word):
    now = read_state({"text": text, "model": model})
    assert now.pieces[looked_at(now)] == word
    assert looked_at(read_state({"text": text, "model": model, "token": "1"})) == 0


def ask(part: str, name: str, version: str = "", **asked: str):
    route = next(route for route in embedding_answers.ROUTES if route.path.endswith(f"/{part}"))
    scope = {
        "type": "http",
        "path_params": {"name": name, "version": version},
        "query_string": urlencode(asked).encode(),
    }
    return route.endpoint(Request(scope | {"headers": []}))


def test_answers_are_kept_for_good_under_their_version_only():
    loaded = load("fable-modern")
    fresh = ask("table", loaded.name, embedding_table.version(loaded))
    assert fresh.body == packed_table(loaded)
    assert "immutable" in fresh.headers["cache-control"]
    assert ask("table", loaded.name, "old").headers["cache-control"] == "no-store"
    with pytest.raises(HTTPException):
        ask("table", "../../etc/passwd")


@pytest.mark.parametrize("raw", ["", "-1", "4096", "1e9", "<script>", "\uff19", "99999999999"])
def test_nonsense_is_asked_without_harm(raw):
    name = "fable-modern"
    assert unpack(ask("near", name, id=raw).body)[0] == unpack(ask("near", name, id="0").body)[0]
    assert unpack(ask("around", name, id=raw).body)[0]["ids"] == [0, 1]
    assert len(unpack(ask("search", name, text=raw).body)[0]["ids"]) <= 8
    assert unpack(ask("sum", name, a=raw, b="", c=raw).body)[0]["missing"] is not None


@real_model
def test_first_visit_to_the_real_model_takes_little():
    """Server time of the page, as if nobody had been there: 12 tokens."""
    name = "smollm2"
    text = "When Alice and Bob went out, Alice gave a drink to"
    trace(name, read_state({"text": text, "model": name}).token_ids)
    for cached in (components, embedding_table.lengths, packed_table, embedding_table.version):
        cached.cache_clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["model"], app.query_params["text"] = name, text
    app.run()
    start = time.process_time()
    app.switch_page("pages/n1_forward_pass/embed/embed.py").run()
    assert not app.exception
    assert time.process_time() - start < 2  # 0.5 where nothing else runs


@each_model
def test_a_model_without_a_table_of_positions_says_where_its_order_comes_from(model):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["model"] = model
    app.run()
    app.switch_page("pages/n1_forward_pass/embed/embed.py").run()
    assert not app.exception
    labels = [link.proto.label for link in app.get("page_link")]
    said = "Where this model’s order of words comes from"
    assert (said in labels) == (model == "fable-modern")


@pytest.mark.parametrize(
    "raw", ["", "-1", "4096", "1e9", "<script>", "\uff19", " 3", "99999999999"]
)
def test_nonsense_entry_is_ignored(raw):
    assert known_id(raw, 4_096) is None
    assert known_id("2038", 4_096) == 2_038


@pytest.mark.parametrize(
    ("piece", "shown"),
    [(" She", "“␣She”"), ("She", "“She”"), ("\x16", "“⟨16⟩”"), (" ", "“␣”"), (" *", "“␣\\*”")],
)
def test_a_tokens_space_is_shown(piece, shown):
    assert spaced(piece) == shown


def test_analogies_are_asked_of_single_tokens_only():
    loaded = load("fable-classic")
    assert _ids(loaded, ("king", "man", "woman", "queen")) is None
    known = [ids for ids in examples(loaded).values() if ids]
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
    by_hand, place, meaning = (
        next(option for option in question.options if option.right)
        for question in embedding_questions()
    )
    a, b = map(np.array, (questions.FIRST, questions.SECOND))
    assert float(by_hand.text) == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert "attention" in meaning.text
    loaded, row = load(model), load(model).model.embedding[now.token_ids[11]].detach().numpy()
    if model == "fable-modern":
        assert place.text.endswith("and the vector that enters layer 1")
    else:
        positions = loaded.model.position.table.detach().numpy()
        here, there = row + positions[11], row + positions[0]
        cosine = here @ there / np.linalg.norm(here) / np.linalg.norm(there)
        assert place.text.endswith("but not the vector that enters layer 1")
        assert f"the cosine is {number(float(cosine))}." in place.why


# ------------------------------------------------------------ a word in three sentences


def by_hand(model: str, text: str, word: str) -> tuple[list[np.ndarray], int]:
    """The rows and the stream after each layer, by hooks; and where the word stands last."""
    loaded = load(model)
    ids = loaded.tokenizer.encode(text)
    steps = [loaded.model.embedding[ids].detach().numpy()]
    hooks = [
        block.register_forward_hook(lambda _, __, out: steps.append(out[0].detach().numpy()))
        for block in loaded.model.blocks
    ]
    with torch.inference_mode():
        loaded.model(torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    return steps, len(ids) - 1 - ids[::-1].index(loaded.tokenizer.encode(f" {word}")[0])


def angle(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a.astype(float), b.astype(float)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@each_of_all
def test_a_words_vectors_are_those_of_the_layers(model):
    word, *texts = context_examples(model)["examples"][0]
    header, arrays = unpack(packed_context(load(model), word, texts))
    assert header == {"split": False, "absent": []}
    (one, i), (two, j), (three, k) = (by_hand(model, text, word) for text in texts)
    n = load(model).config.n_layers
    assert arrays["alike"].shape == (2, n + 1)
    for step in range(n + 1):
        pairs = angle(one[step][i], two[step][j]), angle(one[step][i], three[step][k])
        assert np.allclose(arrays["alike"][:, step], pairs, atol=1e-3)
    assert np.allclose(arrays["alike"][:, 0], 1)
    encode = load(model).tokenizer.encode
    first, second = encode(texts[0]), encode(texts[1])
    others = [
        angle(one[n][a], two[n][b])
        for a in range(1, len(first))
        for b in range(1, len(second))
        if first[a] != second[b]
    ]
    assert arrays["others"][n] == pytest.approx(np.mean(others), abs=1e-3)
    assert np.allclose(arrays["vectors"][0], one[0][i], atol=1e-5)
    assert np.allclose(arrays["vectors"][2], two[n][j], rtol=1e-3, atol=1e-2)


@real_model
def test_the_real_model_tells_the_meanings_of_bank_apart():
    name = "smollm2"
    word, *texts = context_examples(name)["examples"][0]
    assert word == "bank"
    _, arrays = unpack(packed_context(load(name), word, texts))
    other, same = arrays["alike"][:, -1]
    assert arrays["others"][-1] < other < same - 0.1


@pytest.mark.parametrize(
    ("word", "texts", "split", "absent"),
    [
        ("bank", ["The bank", "A cat", ""], False, [2, 3]),
        ("xylophonist", ["a", "b", "c"], True, [1, 2, 3]),
        ("", ["", "", ""], True, [1, 2, 3]),
        ("<b>", ["\x00" * 200, "the " * 900, "<b>"], True, [1, 2, 3]),
    ],
)
def test_a_word_that_is_not_there_is_told(word, texts, split, absent):
    header, arrays = unpack(packed_context(load("fable-classic"), word, texts))
    assert header == {"split": split, "absent": absent}
    assert arrays == {}
