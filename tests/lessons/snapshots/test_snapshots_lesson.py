"""Watch it learn: what is sent is the snapshots' own; odd patterns get a sentence."""

import numpy as np
import pytest
import torch

from pages.n3_learning.snapshots import kept_steps
from pages.n3_learning.snapshots.birth_board import (
    FEWEST,
    FIRST,
    MOST,
    checked,
    pack_birth,
    packed_pattern,
)
from pages.n3_learning.snapshots.kept_steps import (
    COPYING,
    STORIES,
    ablations,
    circuit_heads,
    copying_record,
    copying_steps,
    inducing_heads,
    steepest_fall,
    story_steps,
)
from pages.n3_learning.snapshots.snapshots_questions import snapshots_questions
from pages.n3_learning.snapshots.steps_board import MOST_TOKENS, pack_steps, sentence_ids
from tests.lessons.test_lessons import HOSTILE, at, boards, visit
from tests.ui.unpacking import unpack
from transformer_core.characters import encode
from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.prediction import token_losses
from ui.frame import DEEPER
from ui.models import ModelUnavailableError

CAT = "The cat saw a bird in the tree. It wanted to catch the"
PAGE = "pages/n3_learning/snapshots/snapshots.py"


def test_a_step_is_the_snapshots_own_pass():
    ids, left_out = sentence_ids(CAT)
    header, arrays = unpack(pack_steps(ids, left_out))
    assert len(header["steps"]) == len(arrays["weights"]) == len(story_steps()) == 8
    for i in (0, 7):
        model = load_checkpoint(STORIES / story_steps()[i]["folder"])
        trace = model.trace(torch.tensor([ids]))
        weights = torch.stack([block.attention.weights[0] for block in trace.blocks])
        np.testing.assert_allclose(arrays["weights"][i], weights, atol=1e-3)
        losses = token_losses(trace.logits[0], torch.tensor(ids))
        np.testing.assert_allclose(arrays["losses"][i], losses, atol=1e-4)
        best = trace.logits[0, -1].softmax(-1).max()
        assert header["steps"][i]["top"][0]["p"] == pytest.approx(float(best), abs=1e-5)


def test_first_frequencies_then_pairs():
    """On the page's own example: which statistic is nearest, snapshot by snapshot."""
    _, arrays = unpack(pack_steps(*sentence_ids(CAT)))
    nearest = arrays["distances"].argmin(1).tolist()
    assert nearest == sorted(nearest)
    assert nearest[:1] + nearest[2:4] == [0, 1, 2]
    pairs = arrays["distances"][:, 2]
    assert pairs[-1] > pairs.min()


@pytest.mark.parametrize("kind", ["one", "full context", "emoji", "script", "special"])
def test_any_sentence_is_sent_whole(kind):
    ids, left_out = sentence_ids(HOSTILE[kind])
    header, arrays = unpack(pack_steps(ids, left_out))
    n = len(header["pieces"])
    assert 1 <= n <= MOST_TOKENS
    assert arrays["losses"].shape == (8, n - 1)
    assert np.isfinite(arrays["distances"]).all()


def test_a_pattern_is_read_as_the_snapshots_read_it():
    header, arrays = unpack(pack_birth(FIRST))
    assert header["problem"] == ""
    ids = torch.tensor([encode(2 * FIRST)])
    layer, head = circuit_heads()[1]
    for i in (0, len(copying_steps()) - 1):
        model = load_checkpoint(COPYING / f"step_{copying_steps()[i]:06}")
        trace = model.trace(ids)
        weights = trace.blocks[layer].attention.weights[0, head]
        np.testing.assert_allclose(arrays["maps"][i, 0, 1], weights, atol=1e-3)
        losses = token_losses(trace.logits[0], ids[0])
        np.testing.assert_allclose(arrays["losses"][i, 0], losses, atol=1e-3)


def test_the_circuit_falls_with_its_first_head_and_in_the_keys():
    header, arrays = unpack(pack_birth(FIRST))
    run = [tuple(map(tuple, heads)) for heads in header["ablated"]].index((circuit_heads()[0],))
    matches, unread = arrays["matches"][-1], arrays["unread"][-1]
    assert matches[0] > 0.9
    assert matches[run] < 0.1
    assert unread[0] < 0.1
    assert unread[1] > 0.9


def test_the_heads_are_those_of_the_record():
    last = copying_record()["looks"][-1]
    (a, b), (c, d) = circuit_heads()
    assert (a, c) == (0, 1)
    assert last["looks_back"][a][b] == max(last["looks_back"][0])
    assert last["matches"][c][d] == max(last["matches"][1])
    assert circuit_heads()[1] in inducing_heads()
    assert ablations()[0] == ()
    start, end = steepest_fall()
    assert end["second_copy"] < start["second_copy"] / 4


@pytest.mark.parametrize(
    ("wanted", "kept", "told"),
    [
        ("abc", "abc", ""),
        ("  abc  ", "abc", ""),
        ("a" * (MOST + 1), "a" * MOST, "first 16"),
        ("a" * (FEWEST - 1), FIRST, "at least 3"),
        ("", FIRST, "at least 3"),
        ("naïve", FIRST, "“ï”"),
        ("a\x00bc", FIRST, "no character"),
        ("<b>&lt;", "<b>&lt;", ""),
    ],
)
def test_an_odd_pattern_gets_a_sentence(wanted, kept, told):
    assert checked(wanted)[0] == kept
    assert told in checked(wanted)[1]
    header, arrays = unpack(packed_pattern({"pattern": wanted}))
    assert header["pattern"] == kept
    assert np.isfinite(arrays["losses"]).all()


def test_each_question_has_exactly_one_right_answer():
    for question in snapshots_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        for name, most in (("step", 8), ("birth", len(copying_steps()))):
            assert 1 <= int(question.show.get(name, 1)) <= most


def test_snapshots_are_kept_within_bounds(monkeypatch):
    assert kept_steps._model.cache_info().maxsize == 8 + len(copying_steps())
    with pytest.raises(ModelUnavailableError, match="snapshot"):
        kept_steps.model_at(STORIES / "steps" / "none")


@pytest.mark.parametrize("pattern", ["", "x", "é" * 9, "#" * 5000])
def test_the_page_stands_with_any_pattern(folders, pattern):
    app = visit(PAGE, text=CAT, pattern=pattern, step="99", birth="<script>")
    assert not app.exception
    assert [board.key for board in boards(app)] == ["steps-board", "birth-board"]


def test_the_fold_for_engineers_opens_with_its_drawers(folders):
    app = at(PAGE, text=CAT)
    app.session_state[DEEPER] = True
    app.run()
    assert not app.exception
    drawers = [each.label for each in app.expander if "transformer_core/lens" in each.label]
    assert len(drawers) == 5
