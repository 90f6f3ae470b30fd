"""The Heads lesson's numbers against independent computations, and what the browser gets."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as some

import pages.n1_forward_pass.heads.circuit_questions as circuit_questions
import pages.n1_forward_pass.heads.head_parts as parts
import pages.n1_forward_pass.heads.heads_board as wall
import pages.n1_forward_pass.heads.heads_questions as questions
import pages.n1_forward_pass.heads.induction_board as induction
import pages.n1_forward_pass.heads.pair_board as pair
import pages.n1_forward_pass.heads.removal_board as removal_board
import pages.n1_forward_pass.heads.split_board as split
from pages.n1_forward_pass.heads.induction_halves import trained_on
from tests.lessons.test_lessons import HOSTILE, assert_whole, visit
from tests.real_model import real_model
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.lens.ablation import remove_heads, without_head
from transformer_core.lens.attention_arithmetic import most_telling_head
from transformer_core.lens.head_arithmetic import direct_effects, layer_cost, written_by_heads
from transformer_core.lens.head_roles import ROLES, role_target
from transformer_core.lens.induction import copying
from transformer_core.lens.residual_stream import pushes
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer
from ui.examples import CAPITAL, STORY
from ui.head_roles import Halves, head_roles, measured_halves
from ui.known_models import REAL_MODEL, SHIPPED
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
    n_heads = model.config.n_heads
    torch.testing.assert_close(removed.loss, F.cross_entropy(model(ids)[0, :-1], ids[0, 1:]))
    for layer in range(model.config.n_layers):
        for head in range(model.config.n_heads):
            edited = Transformer(model.config).eval().requires_grad_(False)
            edited.load_state_dict(model.state_dict())
            edited.blocks[layer].attention.out_proj.weight[head * d : (head + 1) * d] = 0
            logits = edited(ids)[0]
            torch.testing.assert_close(
                removed.loss_without[layer * n_heads + head],
                F.cross_entropy(logits[:-1], ids[0, 1:]),
            )
            torch.testing.assert_close(
                removed.next_without[layer * n_heads + head], logits[-1].softmax(-1)
            )
    some = [(1, 2), (0, 1)]
    alone = remove_heads(model, trace, some)
    assert alone.heads == ((0, 1), (1, 2))
    rows = [1, n_heads + 2]
    torch.testing.assert_close(alone.surprise_without, removed.surprise_without[rows])
    torch.testing.assert_close(alone.next_without, removed.next_without[rows])


@both_models
def test_removal_leaves_the_shared_model_as_it_was(name):
    model, trace = traced(name)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    ids, logits = trace.token_ids, model(trace.token_ids)
    with ThreadPoolExecutor(2) as pool:  # found by use: a visitor's pass met another's edit
        removals = [pool.submit(remove_heads, model, trace) for _ in range(20)]
        assert all(torch.equal(model(ids), logits) for _ in range(100))
        assert all(torch.equal(r.result().loss, removals[0].result().loss) for r in removals)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_direct_effects_are_shares_of_the_first_guesss_lead(name):
    """Of a layer's heads together, but the bias, as direct logit attribution has the layer."""
    now = read(name, STORY)
    model, run = load(name).model, trace(name, now.token_ids)
    first, second = run.logits[0, -1].topk(2).indices
    n = len(now.token_ids)
    lead = pushes(model, run, first.expand(n))[:, -1] - pushes(model, run, second.expand(n))[:, -1]
    without_bias = []
    for block, each in zip(model.blocks, run.blocks, strict=True):
        bias = block.attention.out_proj.bias
        rest = each.attention.output if bias is None else each.attention.output - bias
        without_bias.append(float(rest.norm() / each.attention.output.norm()))
    effects = direct_effects(model, run).sum(-1)
    if name == "fable-modern":  # no biases
        assert without_bias == [1.0] * len(model.blocks)
        torch.testing.assert_close(effects, lead[1::2][: len(effects)], atol=1e-4, rtol=1e-4)
    else:
        assert torch.corrcoef(torch.stack((effects, lead[1:-1:2])))[0, 1] > 0.9


@settings(max_examples=15, deadline=None)
@given(some.lists(some.integers(0, 400), min_size=1, max_size=12))
def test_surprise_and_chances_are_what_they_say(ids):
    model, trace = traced("fable-modern", tuple(ids))
    removed = remove_heads(model, trace)
    assert removed.surprise_without.shape[-1] == len(ids) - 1
    assert (removed.surprise_without >= 0).all()
    torch.testing.assert_close(removed.next_without.sum(-1), torch.ones(6))
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
    assert header["layers"] == list(range(len(run.blocks)))
    for layer, block in enumerate(run.blocks):
        for head, exact in enumerate(block.attention.weights[0].numpy()):
            rows = arrays["weights"][layer, head]
            small = (arrays["maps"][layer, head] / 255.0) ** 2
            for i in range(n):
                row = slice(i * (i + 1) // 2, (i + 1) * (i + 2) // 2)
                np.testing.assert_allclose(rows[row], exact[i, : i + 1], atol=1e-3)
                np.testing.assert_allclose(small[row], exact[i, : i + 1], atol=5e-3)
            assert arrays["favourites"][layer, head].tolist() == exact.argmax(-1).tolist()
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


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_the_induction_board_gets_the_circuit(name):
    header, arrays = unpack(induction.pack_induction(name))
    ids = load(name).tokenizer.encode(induction.TWICE)
    n = len(ids) // 2
    assert arrays["key"].tolist() == [-1] * n + [i - n + 1 for i in range(n, 2 * n)]
    layer, head = header["induction"]
    run = trace(name, tuple(ids))
    for query in range(n, 2 * n):
        key = query - n + 1
        weight = run.blocks[layer].attention.weights[0, head, query, key]
        assert arrays["found"][0, query] == pytest.approx(float(weight), abs=1e-5)
        chance = run.logits[0, query].softmax(-1)[ids[key]]
        assert arrays["probability"][0, query] == pytest.approx(float(chance), abs=1e-5)
        for row, (a, b) in enumerate(header["previous"]):
            back = run.blocks[a].attention.weights[0, b, key, key - 1]
            assert arrays["before"][row, query] == pytest.approx(float(back), abs=1e-5)


def test_a_head_is_called_inducing_only_with_both_halves():
    for name in ("fable-classic", "fable-modern"):
        folder = Path(f"assets/models/{name}")
        roles = json.loads((folder / "head_roles.json").read_text("utf-8"))["heads"]
        record = json.loads((folder / "induction.json").read_text("utf-8"))
        now = read(name)
        _, arrays = unpack(wall.pack_wall(now, trace(name, now.token_ids), ""))
        for each in roles:
            layer, head = each["layer"], each["head"]
            both = (
                each["repeated"]["induction"] >= 0.3
                and record["prefix_matching"][layer][head] > 2 * record["chance"]
                and record["copying"][layer][head] >= 0.05
            )
            assert arrays["inducing"][layer, head] == both


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_which_heads_copy_is_asked_of_the_readers_text_too(name):
    once, twice = read(name, "The dog ran home."), read(name, wall.REPEATING)
    _, arrays = unpack(wall.pack_wall(once, trace(name, once.token_ids), ""))
    assert not arrays["copies"].any()
    run = trace(name, twice.token_ids)
    _, arrays = unpack(wall.pack_wall(twice, run, ""))
    target = role_target("induction", run.token_ids, load(name).tokenizer)[0]
    raised = copying(load(name).model, run, target)
    np.testing.assert_array_equal(arrays["copies"], raised >= 0.05)
    layer, head = induction.circuit_of(name).induction
    assert arrays["copies"][layer, head]


@pytest.mark.parametrize("name", [*SHIPPED, pytest.param(REAL_MODEL, marks=real_model)])
def test_the_head_shown_as_an_induction_head_is_one_by_its_record(name):
    layer, head = induction.circuit_of(name).induction
    assert head_roles(name)[layer][head] == "induction"
    assert not induction.why_none(name)


def test_of_a_model_without_induction_heads_the_page_says_so(monkeypatch):
    monkeypatch.setattr(induction, "measured_halves", lambda name: Halves((), 0.04))
    app = visit("pages/n1_forward_pass/heads/circuits.py", model="fable-modern", text=STORY)
    assert any("This model has no induction head" in each.value for each in app.caption)
    first, second, _ = app.session_state["circuits-check"].questions
    assert not first.show
    assert not second.show
    assert_whole(app)


def test_of_a_model_without_a_record_the_page_says_how_its_head_was_chosen(monkeypatch):
    monkeypatch.setattr(induction, "measured_halves", lambda name: None)
    app = visit("pages/n1_forward_pass/heads/circuits.py", model="fable-modern", text=STORY)
    assert any("No record says which heads" in each.value for each in app.caption)
    assert_whole(app)


def test_what_is_said_of_made_up_repeats_is_the_record():
    said = trained_on("fable-classic", measured_halves("fable-classic"))
    assert "10 % to 30 % were made-up repeats" in said
    assert "61 % to 97 %" in said


@both_models
def test_the_removal_board_gets_the_run(folders, name):
    now = read(name)
    run, model = trace(name, now.token_ids), load(name).model
    whole = remove_heads(model, run)
    header, arrays = unpack(removal_board.pack_removal(now))
    assert header["effect_on"] == ""
    assert [tuple(head) for head in header["heads"]] == list(whole.heads)
    assert header["loss"] == pytest.approx(float(whole.loss))
    np.testing.assert_allclose(arrays["loss_without"], whole.loss_without, rtol=1e-5)
    np.testing.assert_allclose(arrays["surprise_without"].mean(-1), whole.loss_without, rtol=2e-3)
    best = int(whole.next_probabilities.argmax())
    for row, (layer, head) in enumerate(whole.heads):
        ids = arrays["next_ids"][row]
        assert ids[0] == best
        np.testing.assert_allclose(arrays["chances"][row], whole.next_probabilities[ids], rtol=1e-5)
        np.testing.assert_allclose(
            arrays["chances_without"][row], whole.next_without[row, ids], rtol=1e-5
        )
        likeliest = whole.next_without[row].topk(3).indices.tolist()
        assert set(likeliest) <= set(ids.tolist())
        last = run.blocks[layer].attention.weights[0, head, -1]
        assert arrays["reads"][row] == int(last.argmax())
        assert arrays["weight"][row] == pytest.approx(float(last.max()))
    assert {int(i) for i in header["pieces"]} == set(arrays["next_ids"].flatten().tolist())


@both_models
def test_the_split_board_gets_the_vectors_of_the_trace(folders, name):
    now = read(name)
    run = trace(name, now.token_ids)
    header, arrays = unpack(split.pack_split(now, run, 1))
    assert header["layer"] == 1
    every, attention = header["every"], run.blocks[1].attention
    close = {"rtol": 2e-3, "atol": 2e-3}
    np.testing.assert_allclose(arrays["q"][3], attention.q[0, :, 3, ::every], **close)
    np.testing.assert_allclose(arrays["k"][3], attention.k[0, :, 3, ::every], **close)
    mixed = attention.mixed_values[0, :, 3, ::every]
    np.testing.assert_allclose(arrays["mixed"][3], mixed, **close)
    np.testing.assert_allclose(arrays["output"][3], attention.output[0, 3, ::every], **close)
    np.testing.assert_allclose(arrays["x"][3], run.blocks[1].attention_norm[0, 3, ::every], **close)
    weights = attention.weights[0, :, 3]
    np.testing.assert_allclose(arrays["weights"][:, 6:10] / 255, weights[:, :4], atol=2.5e-3)
    np.testing.assert_allclose(arrays["most"][3], weights.amax(-1), atol=1e-3)
    address = {**now.sentence, "layer": "2"}
    assert split.packed_split(address) == split.pack_split(read_state(address), run, 1)


@both_models
def test_the_pair_board_gets_the_weights_of_both_sentences(folders, name):
    now = read(name)
    ids = tuple(load(name).tokenizer.encode("a dog"))
    header, arrays = unpack(pair.pack_pair(now, "a dog", ids))
    assert header["most"] is None
    assert header["sentence"] == {**now.sentence, "text": "a dog"}
    assert "".join(header["second"]) == "a dog"
    weights = trace(name, ids).blocks[0].attention.weights[0, 1]
    lower = weights[tuple(torch.tril_indices(len(ids), len(ids)))]
    np.testing.assert_allclose(arrays["other"][0, 1], lower, atol=1e-3)


def test_the_head_that_differs_most_between_two_sentences():
    twins = pair.PAIRS[0][1:]
    first, second = (read("fable-classic", text).token_ids for text in twins)
    one, two = (trace("fable-classic", ids) for ids in (first, second))
    layer, head = pair.most_moved(one, two)
    apart = {
        (i, h): float((a - b).abs().sum())
        for i, (x, y) in enumerate(zip(one.blocks, two.blocks, strict=True))
        for h, (a, b) in enumerate(
            zip(x.attention.weights[0, :, -1], y.attention.weights[0, :, -1], strict=True)
        )
    }
    assert apart[layer, head] == max(apart.values())
    assert pair.most_moved(one, one) is None


def test_a_layer_is_asked_for_by_the_sentence_that_the_view_names(folders):
    now = read("fable-classic", layer="2")
    address = {**parts.view(now)["sentence"], "layer": "3"}
    header, arrays = unpack(parts.packed_weights(address))
    assert header["layers"] == [2]
    weights = trace(now.model_name, now.token_ids).blocks[2].attention.weights[0, 1]
    lower = weights[tuple(torch.tril_indices(*weights.shape))]
    np.testing.assert_allclose(arrays["weights"][0, 1], lower, atol=1e-3)
    _, one = unpack(removal_board.packed_removed({**address, "head": "2"}))
    _, layer = unpack(removal_board.packed_removed(address))
    assert (len(one["loss_without"]), len(layer["loss_without"])) == (1, 4)
    assert one["loss_without"][0] == pytest.approx(layer["loss_without"][1], rel=1e-5)


def first_answers(now: Reader) -> tuple[bytes, ...]:
    run = trace(now.model_name, now.token_ids)
    return (
        wall.pack_wall(now, run, ""),
        split.pack_split(now, run, now.layer),
        removal_board.pack_removal(now),
        pair.pack_pair(now, "x", now.token_ids[::-1]),
    )


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern", "smollm2"])
def test_what_is_sent_first_of_32_tokens_is_at_most_250_kilobytes(name):
    now = Reader("text", name, tuple(range(300, 332)), (), ("x",) * 32, 1, 2, 8, ())
    assert sum(map(len, first_answers(now))) < 250_000


def test_a_larger_model_waits_to_be_asked():
    small = PRESETS["fable-classic"]
    gpt2 = replace(
        small, vocab_size=50_257, d_model=768, n_layers=12, n_heads=12, n_kv_heads=12, d_ff=3072
    )
    assert removal_board.all_at_once(SimpleNamespace(config=small), 64)
    assert not removal_board.all_at_once(SimpleNamespace(config=gpt2), 64)


# ----------------------------------------------------------------------------------- the real model


@pytest.fixture
def capital():
    return read(REAL_MODEL, CAPITAL)


@real_model
def test_the_head_that_fetches_france_is_among_those_that_matter(capital):
    header, arrays = unpack(removal_board.pack_removal(capital))
    assert len(header["heads"]) == removal_board.UNASKED
    assert header["effect_on"] == " Paris"
    row = header["heads"].index([23, 4])
    assert capital.pieces[arrays["reads"][row]] == " France"
    assert arrays["weight"][row] == pytest.approx(0.90, abs=0.01)
    assert arrays["chances"][row, 0] == pytest.approx(0.77, abs=0.01)
    assert arrays["chances_without"][row, 0] == pytest.approx(0.14, abs=0.01)
    assert row == int(arrays["chances_without"][:, 0].argmin())  # so the board begins with it


@real_model
def test_its_layers_are_small_when_asked_for_and_its_keys_are_shared(capital):
    ids = tuple(range(1000, 1064))
    now = Reader("text", REAL_MODEL, ids, (), ("x",) * 64, 3, 2, 8, ())
    run = trace(REAL_MODEL, ids)
    header, arrays = unpack(split.pack_split(now, run, 3))
    assert len(split.pack_split(now, run, 3)) < 100_000
    assert arrays["k"].shape[1] == header["n_kv_heads"] == 3
    assert parts.first_layers(now, 64) == [3]
    wall_header, wall_arrays = unpack(wall.pack_wall(now, run, ""))
    assert wall_arrays["maps"].shape[:2] == wall_arrays["favourites"].shape[:2] == (30, 9)
    assert wall_header["roles"][0]["on"] == "made-up repeats of random tokens"
    assert wall_header["roles"][5]["on"] == "everyday sentences"


@real_model
def test_its_questions(capital, monkeypatch):
    for module in (questions, circuit_questions):
        monkeypatch.setattr(module, "reader", lambda: capital)
    for question in (*questions.heads_questions(), *circuit_questions.circuit_questions()):
        assert [option.right for option in question.options].count(True) == 1
    effect = circuit_questions.effect_question(capital)
    assert "24.5" not in effect.text
    assert (
        f"head {most_telling_head(trace(REAL_MODEL, capital.token_ids))[0] + 1}." not in effect.text
    )


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
        for module in (questions, circuit_questions):
            monkeypatch.setattr(module, "reader", lambda now=now: now)
        for question in (*questions.heads_questions(), *circuit_questions.circuit_questions()):
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.text for option in question.options}) == len(question.options) > 1
            assert all(option.why for option in question.options)


def test_a_head_that_the_page_shows_switched_off_is_not_asked_about():
    for head in range(1, 7):
        now = read("fable-classic", STORY, layer="6", head=str(head))
        assert f"head 6.{head}," not in circuit_questions.effect_question(now).text


def test_a_mixture_by_hand_is_that_of_the_weights():
    exact = float(np.dot(circuit_questions.WEIGHTS, circuit_questions.RAISED))
    (answer,) = (o.text for o in circuit_questions.mixture_question().options if o.right)
    assert float(answer.removeprefix("By ").replace("−", "-")) == pytest.approx(exact)


def test_the_shipped_models_questions():
    for name, kept in (("fable-classic", "384"), ("fable-modern", "128")):
        cost = questions.cost_question(read(name, STORY))
        assert [option.text for option in cost.options if option.right] == [kept]


def test_a_long_text_is_said_to_be_cut(folders):
    app = visit("pages/n1_forward_pass/heads/circuits.py", model="fable-modern", text="the " * 90)
    assert [c for c in app.caption if "Measured on the first 64 of" in c.value]


@pytest.mark.parametrize("other", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_second_sentence(folders, other):
    app = visit(PAGE, role=other[:40], text="My words")
    app.text_input(key="other").set_value(other).run()
    assert_whole(app)
    assert app.text_input(key="text").value == "My words"


def test_a_role_from_the_address(folders):
    assert not [c for c in visit(PAGE, role="induction").caption if "role" in c.value]
    assert [c for c in visit(PAGE, role="boss").caption if "none is chosen" in c.value]
