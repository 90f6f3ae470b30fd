"""The Heads lesson's numbers against independent computations, and what the browser gets."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as some

import pages.n1_forward_pass.heads.heads_board as wall
import pages.n1_forward_pass.heads.heads_questions as questions
import pages.n1_forward_pass.heads.pair_board as pair
import pages.n1_forward_pass.heads.removal_board as removal_board
import pages.n1_forward_pass.heads.split_board as split
from tests.lessons.test_lessons import HOSTILE, assert_whole, visit
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.lens.ablation import remove_heads, without_head
from transformer_core.lens.head_arithmetic import layer_cost, written_by_heads
from transformer_core.lens.head_roles import ROLES
from transformer_core.transformer import Transformer
from ui.examples import STORY
from ui.models import load, trace
from ui.state import Reader, read_state

PAGE = "pages/n1_forward_pass/heads/heads.py"
REPEATED = "the cat sat. the cat sat. the"
both_models = pytest.mark.parametrize("name", CONFIGS)


def read(name: str, text: str = REPEATED, **places: str) -> Reader:
    return read_state({"text": text, "model": name, **places})


def traced(name: str, ids: tuple[int, ...] = tuple(range(40, 49)), std: float = 0.1):
    torch.manual_seed(0)
    model = Transformer(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=std)
    return model, model.trace(torch.tensor([ids]))


# --------------------------------------------------------------------------------- the arithmetic


@both_models
def test_what_the_heads_write_adds_up_to_the_layers_output(name):
    model, trace = traced(name)
    for block, each in zip(model.blocks, trace.blocks, strict=True):
        bias = 0 if block.attention.out_proj.bias is None else block.attention.out_proj.bias
        written = written_by_heads(block.attention, each.attention)
        torch.testing.assert_close(written.sum(2) + bias, each.attention.output)


@both_models
def test_a_removed_head_is_its_summand_subtracted(name):
    model, trace = traced(name)
    block, each = model.blocks[1], trace.blocks[1]
    for head in range(model.config.n_heads):
        mid = each.resid_mid - written_by_heads(block.attention, each.attention)[:, :, head]
        expected = mid + block.feed_forward(block.feed_forward_norm(mid))
        torch.testing.assert_close(without_head(model, trace, 1, head), expected)


@both_models
def test_removal_is_the_whole_model_run_with_edited_weights(name):
    model, trace = traced(name)
    ids, d = trace.token_ids, model.config.d_head
    removed = remove_heads(model, trace)
    torch.testing.assert_close(removed.loss, F.cross_entropy(model(ids)[0, :-1], ids[0, 1:]))
    for layer in range(model.config.n_layers):
        for head in range(model.config.n_heads):
            edited = Transformer(model.config).eval().requires_grad_(False)
            edited.load_state_dict(model.state_dict())
            edited.blocks[layer].attention.out_proj.weight[head * d : (head + 1) * d] = 0
            logits = edited(ids)[0]
            torch.testing.assert_close(
                removed.loss_without[layer, head], F.cross_entropy(logits[:-1], ids[0, 1:])
            )
            torch.testing.assert_close(removed.next_without[layer, head], logits[-1].softmax(-1))


@both_models
def test_removal_leaves_the_shared_model_as_it_was(name):
    model, trace = traced(name)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    remove_heads(model, trace)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


@settings(max_examples=15, deadline=None)
@given(some.lists(some.integers(0, 400), min_size=1, max_size=12))
def test_surprise_and_chances_are_what_they_say(ids):
    model, trace = traced("fable-modern", tuple(ids))
    removed = remove_heads(model, trace)
    assert removed.surprise_without.shape[-1] == len(ids) - 1
    assert (removed.surprise_without >= 0).all()
    torch.testing.assert_close(removed.next_without.sum(-1), torch.ones(2, 3))
    assert len(ids) > 1 or removed.loss == 0


@both_models
def test_the_cost_of_a_layer_is_that_of_its_tensors(name):
    model, trace = traced(name)
    attention, one = model.blocks[0].attention, trace.blocks[0].attention
    cost = layer_cost(model.config)
    assert cost.q_weights == attention.q_proj.weight.numel()
    assert cost.per_pair == one.q[0, :, 0].numel()
    assert cost.cached == one.k[0, :, 0].numel() + one.v[0, :, 0].numel()


# --------------------------------------------------------------------------- what the browser gets


@both_models
def test_the_wall_gets_every_weight_and_the_scores_of_each_role(folders, name):
    now = read(name, layer="2", head="3", token="4")
    run = trace(name, now.token_ids)
    header, arrays = unpack(wall.pack_wall(now, run, "induction"))
    place = header["view"]
    assert (place["layer"], place["head"], place["token"]) == (1, 2, 3)
    n = len(now.token_ids)
    for layer, block in enumerate(run.blocks):
        for head, exact in enumerate(block.attention.weights[0].numpy()):
            rows = arrays["weights"][layer, head]
            for i in range(n):
                row = rows[i * (i + 1) // 2 : (i + 1) * (i + 2) // 2]
                np.testing.assert_allclose(row, exact[i, : i + 1], atol=1e-3)
            for r in range(len(ROLES)):
                targets = arrays["targets"][r].astype(bool)
                kept = [exact[i][targets[i]].sum() for i in range(n) if targets[i].any()]
                score = sum(kept) / len(kept) if kept else 0
                assert arrays["live"][r, layer, head] == pytest.approx(score, abs=1e-5)
    best = run.logits[0].softmax(-1).max(-1).values
    np.testing.assert_allclose(arrays["confidence"], best, rtol=1e-5)
    assert "measured" not in arrays
    assert all(role["chance"] is None for role in header["roles"])


def test_the_induction_target_is_what_followed_each_earlier_copy(folders):
    now = read("fable-classic")
    _, arrays = unpack(wall.pack_wall(now, trace(now.model_name, now.token_ids), ""))
    targets = arrays["targets"][list(ROLES).index("induction")]
    for i, token in enumerate(now.token_ids):
        followed = [j + 1 for j in range(i) if now.token_ids[j] == token]
        assert targets[i].nonzero()[0].tolist() == followed


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_measured_scores_are_the_record(name):
    record = json.loads(Path(f"assets/models/{name}/head_roles.json").read_text("utf-8"))
    wall.recorded_scores.cache_clear()
    scores, chance = wall.recorded_scores(name)
    assert set(scores) == set(ROLES)
    for head in record["heads"]:
        at = head["layer"], head["head"]
        assert scores["induction"][at[0]][at[1]] == head["repeated"]["induction"]
        assert scores["punctuation"][at[0]][at[1]] == head["text"]["punctuation"]
    assert chance["induction"] == record["chance"]["repeated"]["induction"]


@both_models
def test_the_removal_board_gets_the_run(folders, name):
    now = read(name)
    removed = removal_board.removal(name, now.token_ids)
    header, arrays = unpack(removal_board.pack_removal(now, removed))
    assert header["loss"] == pytest.approx(float(removed.loss))
    np.testing.assert_allclose(arrays["loss_without"], removed.loss_without, rtol=1e-5)
    pieces = load(name).tokenizer.pieces([int(removed.next_probabilities.argmax())])
    assert header["next"][int(arrays["chances"].argmax())] == pieces[0]
    np.testing.assert_allclose(arrays["surprise_without"].mean(-1), removed.loss_without, rtol=2e-3)


@both_models
def test_the_split_board_gets_the_vectors_of_the_trace(folders, name):
    now = read(name)
    run, loaded = trace(name, now.token_ids), load(name)
    header, arrays = unpack(split.pack_split(now, loaded.model, run))
    every, attention = header["every"], run.blocks[1].attention
    close = {"rtol": 2e-3, "atol": 2e-3}
    np.testing.assert_allclose(arrays["q"][1, 3], attention.q[0, :, 3, ::every], **close)
    np.testing.assert_allclose(arrays["k"][1, 3], attention.k[0, :, 3, ::every], **close)
    mixed = attention.mixed_values[0, :, 3, ::every]
    np.testing.assert_allclose(arrays["mixed"][1, 3], mixed, **close)
    np.testing.assert_allclose(arrays["output"][1, 3], attention.output[0, 3, ::every], **close)
    np.testing.assert_allclose(
        arrays["x"][1, 3], run.blocks[1].attention_norm[0, 3, ::every], **close
    )
    weights = attention.weights[0, :, 3]
    np.testing.assert_allclose(arrays["weights"][1, :, 6:10] / 255, weights[:, :4], atol=2.5e-3)
    np.testing.assert_allclose(arrays["most"][1, 3], weights.amax(-1), atol=1e-3)


@both_models
def test_the_pair_board_gets_the_weights_of_both_sentences(folders, name):
    now = read(name)
    ids = tuple(load(name).tokenizer.encode("a dog"))
    header, arrays = unpack(pair.pack_pair(now, ids))
    assert "".join(header["second"]) == "a dog"
    weights = trace(name, ids).blocks[0].attention.weights[0, 1]
    lower = weights[tuple(torch.tril_indices(len(ids), len(ids)))]
    np.testing.assert_allclose(arrays["other"][0, 1], lower, atol=1e-3)


def test_a_sentence_of_32_tokens_is_under_400_kilobytes():
    ids = tuple(range(300, 332))
    for name in ("fable-classic", "fable-modern"):
        now = Reader("text", name, ids, (), ("x",) * 32, 1, 2, 8, ())
        run, model = trace(name, ids), load(name).model
        packed = (
            wall.pack_wall(now, run, ""),
            split.pack_split(now, model, run),
            removal_board.pack_removal(now, remove_heads(model, run)),
            pair.pack_pair(now, ids[::-1]),
        )
        assert max(map(len, packed)) < 400_000


def test_a_larger_model_is_drawn_thinned_and_waits_to_be_asked():
    from dataclasses import replace
    from types import SimpleNamespace

    from transformer_core.config import PRESETS

    small = PRESETS["fable-classic"]
    gpt2 = replace(
        small, vocab_size=50_257, d_model=768, n_layers=12, n_heads=12, n_kv_heads=12, d_ff=3072
    )
    cost = [
        removal_board.multiplications(SimpleNamespace(config=config), 64)
        for config in (small, gpt2)
    ]
    assert cost[0] < removal_board.AT_ONCE < cost[1]


# ---------------------------------------------------------------------------- words and questions


def test_the_second_sentence_until_the_reader_writes_one():
    assert pair.partner(pair.PAIRS[0][1]).endswith("too wide")
    assert pair.partner("one two  three") == "three two one"
    assert pair.partner("a") == "a"


@both_models
@pytest.mark.parametrize("text", ["a", STORY, HOSTILE["markdown"], "the " * 400])
def test_each_question_has_exactly_one_right_answer(folders, monkeypatch, name, text):
    for token, head in (("1", "1"), ("2", "3"), ("", "")):
        now = read(name, text, token=token, head=head)
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        asked = (*questions.heads_questions(), questions.size_question(now))
        for question in asked:
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.text for option in question.options}) == len(question.options) > 1
            assert all(option.why for option in question.options)


def test_a_head_that_the_page_shows_switched_off_is_not_asked_about(monkeypatch):
    for head in range(1, 7):
        now = read("fable-classic", STORY, layer="6", head=str(head))
        assert f"head 6.{head}" not in questions.removal_question(now).text


def test_the_shipped_models_questions(monkeypatch):
    for name, kept in (("fable-classic", "384"), ("fable-modern", "128")):
        now = read(name, STORY)
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        cost = questions.heads_questions()[2]
        assert [option.text for option in cost.options if option.right] == [kept]


@pytest.mark.parametrize("other", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_second_sentence(folders, other):
    app = visit(PAGE, role=other[:40], text="My words")
    app.text_input(key="other").set_value(other).run()
    assert_whole(app)
    assert app.text_input(key="text").value == "My words"


def test_a_role_from_the_address(folders):
    assert not [c for c in visit(PAGE, role="induction").caption if "role" in c.value]
    assert [c for c in visit(PAGE, role="boss").caption if "none is chosen" in c.value]
