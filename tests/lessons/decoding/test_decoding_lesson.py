"""Decoding: what is sent is the model's own, drafts leave the text as it is, nobody waits long."""

from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest
import torch

from pages.n4_scale.decoding import decoding_runs
from pages.n4_scale.decoding.decoding_questions import decoding_questions
from pages.n4_scale.decoding.decoding_runs import (
    PROMPT,
    SPECULATED,
    WRITTEN,
    BusyError,
    added,
    alone,
    draft_kinds,
    written,
)
from pages.n4_scale.decoding.draft_board import describe_drafts, packed_run
from pages.n4_scale.decoding.machine_board import describe_kept, packed_limits
from pages.n4_scale.decoding.passes_board import describe_passes, lengths, packed_step
from pages.n4_scale.decoding.rolling_board import pack_rolling, packed_losses, read_tokens
from tests.lessons.test_lessons import HOSTILE, open_fold, said, visit
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.generation import GenerationStep, Sampling, generate
from ui.known_models import REAL_MODEL
from ui.models import load
from ui.state import read_state

CAT = "The cat sat down because she was tired"
PAGE = "pages/n4_scale/decoding/decoding.py"
MODELS = ["fable-classic", "fable-modern"]


def greedy(name: str, token_ids, n: int) -> list[int]:
    steps = generate(load(name).model, token_ids, Sampling(temperature=0), n)
    return [step.token_id for step in steps if isinstance(step, GenerationStep)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", ["a", CAT, "the " * 400])
def test_the_first_picture_is_the_models_own_text(model, text):
    now = read_state({"text": text, "model": model})
    told = describe_passes(now)
    prompt = now.token_ids[:PROMPT]
    new = greedy(model, prompt, WRITTEN)
    assert list(written(model, prompt)) == new
    assert told["pieces"][told["n_prompt"] :] == list(load(model).tokenizer.pieces(new))
    assert (told["n_prompt"], told["n_text"]) == (len(prompt), len(now.token_ids))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", ["a", CAT, f"{CAT}. " * 4])
def test_every_draft_leaves_the_text_as_it_is(model, text):
    now = read_state({"text": text, "model": model})
    wanted = greedy(model, now.token_ids[:PROMPT], SPECULATED)
    pieces = list(load(model).tokenizer.pieces(wanted))
    for kind in draft_kinds(model):
        raw = {"text": text, "model": model, "draft": kind, "drafted": "4"}
        run, _ = unpack(packed_run(raw))
        assert run["same"]
        assert not run["busy"]
        for rounds in (run["rounds"], run["plain"]):
            assert sum(len(each["added"]) for each in rounds) == len(pieces)
        assert [piece for each in run["plain"] for piece in each["added"]] == pieces
        assert all(len(each["guesses"]) <= 4 for each in run["rounds"])


def test_what_is_not_offered_is_the_first_that_is():
    assert list(draft_kinds("fable-classic")) == ["model", "lookup", "layers"]
    raw = {"text": CAT, "model": "fable-classic", "draft": "<b>", "drafted": "99"}
    run, _ = unpack(packed_run(raw))
    assert max(len(each["guesses"]) for each in run["rounds"]) <= 2
    told = describe_drafts(read_state({"text": CAT, "model": "fable-classic"}))
    assert told["written"] == SPECULATED


@pytest.mark.parametrize("n", ["8", "16", "x", "-3", "99999999", ""])
def test_a_step_is_timed_at_a_length_that_is_offered(n):
    step, _ = unpack(packed_step({"text": CAT, "model": "fable-classic", "n": n}))
    assert step["n"] == (16 if n == "16" else 8)
    assert 0 < step["cached"] < step["uncached"]
    assert lengths("fable-classic")[-1] == 256


def test_who_measures_is_alone_and_others_are_told(monkeypatch):
    monkeypatch.setattr(decoding_runs, "WAIT", 0.01)
    raw = {"text": CAT, "model": "fable-classic", "n": "8"}
    with alone():
        assert unpack(packed_step(raw))[0]["busy"]
        assert unpack(packed_run(raw))[0]["busy"]
        with pytest.raises(BusyError), alone():
            pass
    assert not unpack(packed_step(raw))[0]["busy"]


def test_turns_are_short_and_never_within_one_another(monkeypatch):
    """No turn holds a place for longer than a block of this model takes, far below 250 ms."""
    events = []

    @contextmanager
    def turn():
        events.append("in")
        yield
        events.append("out")

    monkeypatch.setattr(decoding_runs, "turn", turn)
    rounds, plain = decoding_runs.speculated("fable-classic", [5, 6, 7], "model", 4)
    assert added(rounds) == added(plain)
    assert all(a != b for a, b in pairwise(events))
    assert len(events) > 2 * len(plain) * 6


@pytest.mark.parametrize("model", MODELS)
def test_weights_are_the_mean_of_all_heads(model):
    now = read_state({"text": CAT, "model": model})
    header, arrays = unpack(pack_rolling(now))
    n = len(read_tokens(now))
    assert arrays["weights"].shape == (n, n) == (len(header["pieces"]),) * 2
    np.testing.assert_allclose(arrays["weights"].sum(1), 1, atol=1e-5)


@pytest.mark.parametrize(("slots", "sinks"), [("6", "1"), ("x", "-1"), ("9999", "9999"), ("", "")])
def test_losses_of_a_small_cache(slots, sinks):
    raw = {"text": CAT, "model": "fable-classic", "slots": slots, "sinks": sinks}
    told, _ = unpack(packed_losses(raw))
    ids = torch.tensor([read_tokens(read_state(raw))])
    with torch.inference_mode():
        logits = load("fable-classic").model(ids)[0, :-1]
    full = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
    assert 1 <= told["sinks"] < told["slots"] <= ids.shape[1]
    if told["slots"] < ids.shape[1]:
        assert told["full"] == pytest.approx(float(full[told["slots"] - 1 :].mean()), abs=1e-4)


def test_the_readers_model_is_the_first_shape():
    shapes = describe_kept(read_state({"text": CAT, "model": "fable-classic"}))["shapes"]
    assert [shape["own"] for shape in shapes] == ["MHA", "MHA", "GQA", "GQA", "MQA", "MLA"]
    assert shapes[0]["kinds"]["MHA"]["numbers"] == 2 * 192


def test_this_server_is_measured():
    told, _ = unpack(packed_limits({}))
    assert told["flops"] > 1e8
    assert told["bandwidth"] > 1e8


def test_each_question_has_exactly_one_right_answer():
    for question in decoding_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
    right = [option.text for q in decoding_questions() for option in q.options if option.right]
    assert right[:2] == ["13", "1.75"]


@pytest.mark.parametrize("text", [CAT, HOSTILE["one"], HOSTILE["full context"]])
def test_the_fold_says_how_often_a_sampled_guess_would_stay(folders, text):
    app = visit(PAGE, text=text)
    open_fold(app)
    assert "as draft, α is" in said(app)


@real_model
def test_the_real_model_has_honest_drafts():
    kinds = draft_kinds(REAL_MODEL)
    assert list(kinds) == ["lookup", "layers"]
    assert "first 24 of 30 layers" in kinds["layers"]
    run, _ = unpack(packed_run({"text": "a b a b a b", "model": REAL_MODEL, "draft": "lookup"}))
    assert run["same"]
