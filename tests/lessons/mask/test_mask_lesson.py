"""Each number of the Mask lesson against an independent computation."""

from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from math import log

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

import pages.n1_forward_pass.mask.mask_board as board
import pages.n1_forward_pass.mask.mask_questions as questions
import transformer_core.lens.peeking as peeking
from pages.n1_forward_pass.mask import peeking_job
from pages.n1_forward_pass.mask.four_words import four_words
from pages.n1_forward_pass.mask.mask_answers import packed_gradients, packed_layer
from pages.n1_forward_pass.mask.mask_choice import (
    DEFAULT,
    Choice,
    first_value,
    gallery,
    most,
    named_mask,
    read_choice,
)
from pages.n1_forward_pass.mask.mask_flow import pack_flow
from pages.n1_forward_pass.mask.mask_pass import loss_without, run
from pages.n1_forward_pass.mask.one_pass import ROWS, one_pass
from tests.real_model import real_model
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.lens.ablation import run_without_heads
from transformer_core.lens.attention_arithmetic import most_even_head, word_weights
from transformer_core.lens.mask_effects import (
    answers_in_sight,
    attention_to_answers,
    dependence,
    reach,
)
from transformer_core.lens.prediction import token_losses
from transformer_core.masks import MASKS, causal_mask, full_mask, sliding_window_mask
from transformer_core.transformer import Transformer
from ui.examples import CAPITAL, STORY
from ui.models import LoadedModel, load, trace
from ui.state import SETTINGS, read_state

both_models = pytest.mark.parametrize("name", CONFIGS)


def small(name: str) -> Transformer:
    torch.manual_seed(0)
    model = Transformer(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model


def ids(n: int) -> torch.Tensor:
    return torch.arange(40, 40 + n)[None]


# ------------------------------------------------------------------------------ what a mask changes


@given(some.integers(1, 12), some.integers(1, 5), some.integers(1, 6), some.data())
@settings(max_examples=60, deadline=None)
def test_reach_is_a_walk_over_open_cells(n, n_layers, window, data):
    cells = data.draw(some.lists(some.booleans(), min_size=n * n, max_size=n * n))
    mask = torch.tensor(cells).view(n, n)
    for start in range(n):
        heard = {start}
        for layer in reach(mask, n_layers):
            heard |= {j for i in heard for j in range(n) if mask[i, j]}
            assert set(layer[start].nonzero()[:, 0].tolist()) == heard
    causal_window = sliding_window_mask(n, n, window) & causal_mask(n)
    furthest = int(reach(causal_window, n_layers)[-1, -1].sum())
    assert furthest == min(n, (window - 1) * n_layers + 1)


@both_models
@pytest.mark.parametrize(
    "mask",
    [causal_mask(7), full_mask(7), sliding_window_mask(7, 7, 2) & causal_mask(7), ~causal_mask(7)],
    ids=["causal", "full", "window", "future only"],
)
def test_gradients_are_the_jacobians_and_zero_exactly_where_nothing_is_heard(name, mask):
    model, text = small(name), ids(7)
    found = dependence(model, text, mask)

    def best(embedded):
        x = embedded[None]
        for block in model.blocks:
            x = block.trace(x, mask).resid_post
        return model.unembed(model.final_norm(x))[0].max(-1).values

    jacobian = torch.autograd.functional.jacobian(best, model.embed(text)[0])
    torch.testing.assert_close(found, jacobian.norm(dim=-1), rtol=1e-3, atol=1e-6)
    heard = reach(mask, model.config.n_layers)[-1]
    assert torch.equal(found == 0, ~heard)
    assert all(parameter.grad is None for parameter in model.parameters())


@both_models
def test_answers_are_read_by_the_weights_one_right_of_the_diagonal(name):
    model, mask = small(name), full_mask(6)
    trace = model.trace(ids(6), mask)
    shares = attention_to_answers(trace, mask)
    for layer, block in enumerate(trace.blocks):
        for head in range(model.config.n_heads):
            weights = block.attention.weights[0, head]
            mean = sum(float(weights[i, i + 1]) for i in range(5)) / 5
            assert float(shares[layer, head]) == pytest.approx(mean, abs=1e-6)
    assert not attention_to_answers(model.trace(ids(6)), causal_mask(6)).any()
    assert not answers_in_sight(causal_mask(6), 4).any()
    assert answers_in_sight(mask, 1).all()


@both_models
def test_a_head_cut_off_adds_nothing_and_the_model_stays(name):
    model, text, mask = small(name), ids(6), full_mask(6)
    before = [parameter.clone() for parameter in model.parameters()]
    x = model.embed(text)
    for layer, block in enumerate(model.blocks):
        traced = block.trace(x, mask)
        if layer == 1:
            attention, d = traced.attention, model.config.d_head
            share = attention.mixed_values[0, 2] @ block.attention.out_proj.weight[2 * d : 3 * d]
            mid = traced.resid_mid - share
            x = mid + block.feed_forward(block.feed_forward_norm(mid))
        else:
            x = traced.resid_post
    wanted = model.unembed(model.final_norm(x))
    _, found = run_without_heads(model, model.embed(text), [(1, 2)], mask)
    torch.testing.assert_close(found, wanted)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@both_models
def test_nobody_elses_pass_meets_a_head_that_is_cut_off(name):
    model, text, mask = small(name), ids(6), full_mask(6)
    logits, x = model(text), model.embed(text)
    with ThreadPoolExecutor(2) as pool:
        cut = [pool.submit(run_without_heads, model, x, [(1, 2)], mask) for _ in range(30)]
        assert all(torch.equal(model(text), logits) for _ in range(100))
        assert all(torch.equal(each.result()[1], cut[0].result()[1]) for each in cut)


def test_the_shipped_modern_models_induction_heads_read_the_answers():
    """What the page says of them: cut off, the loss under the full mask is back where it was."""
    now = read_state({"text": STORY, "model": "fable-modern"})
    full = Choice("full")
    trained, freed = (run("fable-modern", now.token_ids, c) for c in (None, full))
    before, after = float(trained.losses.mean()), float(freed.losses.mean())
    assert after < before / 2
    assert loss_without("fable-modern", now.token_ids, full) > before
    best = unpack(board.pack_board(now, full))[0]["reader"]
    assert best["role"] == "induction"


# ---------------------------------------------------------------------------------- the mask chosen


@given(some.text(max_size=40) | some.from_regex(r"[a-z_]{4,14}\.[0-9]{1,4}(\+causal)?"))
def test_any_address_gives_a_mask_that_can_be_run(raw):
    choice, said = read_choice(raw, 9)
    assert choice.mask(9).shape == (9, 9)
    assert read_choice(choice.address, 9) == (choice, "")
    assert raw in (choice.address, "") or said


@pytest.mark.parametrize("n", [1, 2, 9, 33])
def test_the_browser_gets_the_cores_own_patterns(n):
    bits, starts = gallery(n)
    for name, kind in MASKS.items():
        values = tuple(first_value(each, n) for each in kind.parameters)
        at = 0
        for value, each in zip(values, kind.parameters, strict=True):
            assert each.least <= value <= most(each, n)
            at = at * (most(each, n) - each.least + 1) + value - each.least
        cells = np.unpackbits(bits[starts[name] + at], count=n * n).reshape(n, n)
        np.testing.assert_array_equal(cells, named_mask(name, values, n))


@given(some.integers(1, 12), some.data())
@settings(deadline=None)
def test_painted_cells_survive_the_address(n, data):
    cells = np.array(data.draw(some.lists(some.booleans(), min_size=n * n, max_size=n * n)))
    written = urlsafe_b64encode(np.packbits(cells).tobytes()).decode().rstrip("=")
    choice, said = read_choice(f"painted.{n}.{written}", n)
    assert said == ""
    np.testing.assert_array_equal(choice.mask(n).flatten(), cells)
    longer, said = read_choice(f"painted.{n}.{written}", n + 2)
    assert "follow the causal rule" in said
    mask = longer.mask(n + 2)
    assert torch.equal(mask[n:], causal_mask(n + 2)[n:])
    np.testing.assert_array_equal(mask[:n, :n].flatten(), cells)


@pytest.mark.parametrize(
    "raw", ["painted.9.AAAA", "painted.0.AA", "painted.3.A", "painted.9.!!", "painted", "no.3"]
)
def test_a_damaged_mask_is_refused_with_a_sentence(raw):
    choice, said = read_choice(raw, 9)
    assert choice == DEFAULT
    assert "the causal mask is shown." in said


# --------------------------------------------------------------------------- what the browser gets


@both_models
@pytest.mark.parametrize(
    "raw", ["full", "chunked.3+causal", "prefix.2", "painted.4.AAA", "cross.2"]
)
def test_the_board_gets_both_passes(folders, name, raw):
    now = read_state({"text": "Tom had a red ball", "model": name})
    text, model = torch.tensor([now.token_ids]), load(name).model
    n = text.shape[1]
    choice, _ = read_choice(raw, n)
    header, arrays = unpack(board.pack_board(now, choice))
    np.testing.assert_array_equal(arrays["mask"], choice.mask(n))
    masks = [None, None if raw.startswith("cross") else choice.mask(n)]
    for which, mask in enumerate(masks):
        trace = model.trace(text, mask)
        for layer, block in enumerate(trace.blocks):
            np.testing.assert_allclose(
                arrays["weights"][which, layer], block.attention.weights[0], atol=1e-3
            )
        np.testing.assert_allclose(
            arrays["losses"][which], token_losses(trace.logits[0], text[0]), rtol=1e-4
        )
        shares = trace.logits[0].softmax(-1)
        for t in range(n):
            np.testing.assert_allclose(
                arrays["shares"][which, t], shares[t, arrays["guesses"][t]], rtol=1e-4
            )
            assert int(shares[t].argmax()) in arrays["guesses"][t]
    blind = ~arrays["mask"].any(-1)
    assert not (arrays["weights"][1][:, :, blind].any() and not raw.startswith("cross"))
    assert header["counted"] == n - 1
    assert {str(i) for i in arrays["guesses"].flatten()} == set(header["named"])


def test_the_lesson_opens_on_the_models_own_mask():
    choice, said = read_choice("", 7)
    assert said == ""
    assert torch.equal(choice.mask(7), causal_mask(7))


@both_models
@pytest.mark.parametrize("text", ["Tom had a red ball", "a", "the " * 60])
def test_one_pass_gives_what_a_pass_over_each_beginning_gives(folders, name, text):
    now = read_state({"text": text, "model": name})
    shown = one_pass(now)
    ids, loaded = now.token_ids[:ROWS], load(name)
    assert shown["pieces"] == now.pieces[:ROWS]
    assert len(shown["predictions"]) == len(ids) - 1
    for t, told in enumerate(shown["predictions"]):
        chances = loaded.model(torch.tensor([ids[: t + 1]]))[0, -1].double().softmax(-1)
        assert told["p"] == pytest.approx(float(chances[ids[t + 1]]), rel=1e-3)
        assert told["loss"] == pytest.approx(-log(float(chances[ids[t + 1]])), abs=1e-3)
        assert told["guess_p"] == pytest.approx(float(chances.max()), rel=1e-3)
        assert told["guess"] == loaded.tokenizer.pieces([int(chances.argmax())])[0]
        assert told["real"] == now.pieces[t + 1]
    assert shown["apart"] < 1e-4
    losses = token_losses(loaded.model(torch.tensor([ids]))[0], torch.tensor(ids))
    assert shown["mean"] == pytest.approx(float(losses.mean()) if len(ids) > 1 else 0, abs=1e-3)


@both_models
def test_another_last_token_changes_its_own_prediction_alone(folders, name):
    change = questions.changed_predictions(name, read_state({"text": STORY}).token_ids)
    assert max(change[:-1]) < 1e-6
    assert change[-1] > 10 * max(change[:-1])


def test_padding_is_not_asked_for_its_next_word(folders):
    now = read_state({"text": "Tom had a red ball"})
    choice, _ = read_choice("padding.3+causal", len(now.token_ids))
    header, arrays = unpack(board.pack_board(now, choice))
    assert header["counted"] == 2
    np.testing.assert_allclose(arrays["losses"][0][:2], arrays["losses"][1][:2], rtol=1e-4)


def test_thirty_two_tokens_are_under_400_kilobytes():
    now = read_state({"text": "the " * 32})
    choice, _ = read_choice("full", len(now.token_ids))
    assert len(now.token_ids) >= 32
    assert len(board.pack_board(now, choice)) * 32**2 / len(now.token_ids) ** 2 < 400_000


@both_models
def test_the_flow_gets_gradients_of_both_passes(folders, name):
    now = read_state({"text": "Tom had a red ball", "model": name})
    n = len(now.token_ids)
    choice, _ = read_choice("sliding_window.2+causal", n)
    _, arrays = unpack(pack_flow(now, choice))
    heard = arrays["reach"][-1].astype(bool)
    np.testing.assert_array_equal(arrays["other"] == 0, ~heard)
    np.testing.assert_array_equal(arrays["trained"] == 0, ~causal_mask(n).numpy())


@both_models
@pytest.mark.parametrize("text", ["a", STORY, "the " * 400])
@pytest.mark.parametrize("raw", ["", "full", "cross.1", "causal", "prefix.3", "padding.1+causal"])
def test_each_question_has_exactly_one_right_answer(folders, monkeypatch, name, text, raw):
    monkeypatch.setattr("streamlit.session_state", {SETTINGS: f"mask={raw}"})
    for token in ("1", ""):
        now = read_state({"text": text, "model": name, "token": token})
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        for question in questions.mask_questions():
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.text for option in question.options}) == len(question.options)
            assert all(option.why for option in question.options)


def test_the_open_cells_by_hand():
    right = next(o for o in questions.count_question().options if o.right)
    assert right.text == "10"
    assert "1 + 2 + 3 + 4 = 10" in right.why


# ------------------------------------------------------------ what a deep model sends when asked


@pytest.fixture
def large(folders, monkeypatch):
    """The small models, taken for large ones."""
    monkeypatch.setattr(LoadedModel, "is_small", False)


@both_models
def test_a_layer_that_was_not_sent_can_be_asked_for(large, name):
    raw = {"text": "Tom had a red ball", "model": name, "layer": "1"}
    choice = Choice("full")
    header, arrays = unpack(board.pack_board(read_state(raw), choice))
    assert header["sent"] == [0]
    assert arrays["weights"].shape[1] == 1
    asked = {**header["sentence"], "mask": header["address"], "layer": "2"}
    layer, answer = unpack(packed_layer(asked))
    assert layer == {"layer": 1}
    text, model = torch.tensor([read_state(raw).token_ids]), load(name).model
    for which, mask in enumerate((None, choice.mask(text.shape[1]))):
        block = model.trace(text, mask).blocks[1]
        np.testing.assert_allclose(answer["weights"][which], block.attention.weights[0], atol=1e-3)


@both_models
def test_gradients_come_row_by_row_and_only_when_asked_for(large, name):
    now = read_state({"text": "Tom had a red ball", "model": name})
    text, n = torch.tensor([now.token_ids]), len(now.token_ids)
    choice, _ = read_choice("sliding_window.2+causal", n)
    header, arrays = unpack(pack_flow(now, choice))
    assert "trained" not in arrays
    for which, mask in (("trained", causal_mask(n)), ("other", choice.mask(n))):
        whole = dependence(load(name).model, text, mask)
        for query in (0, n - 1):
            asked = {**header["sentence"], "mask": header["mask"], "first": str(query)}
            told, rows = unpack(packed_gradients(asked))
            assert told == {"first": query}
            assert rows[which].shape == (header["at_once"], n)
            np.testing.assert_allclose(rows[which][0], whole[query], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("first", ["", "-1", "99", "9" * 30, "²", "<b>"])
def test_an_odd_row_of_gradients_is_the_nearest_that_there_is(large, first):
    header, rows = unpack(packed_gradients({"text": "Tom ran", "first": first, "mask": "\x00"}))
    assert header["first"] in (0, len(read_state({"text": "Tom ran"}).token_ids) - 1)
    assert len(rows["other"]) == 1


@real_model
def test_the_real_model_sends_little_and_computes_no_gradients_unasked():
    now = read_state({"text": "the " * 32, "model": "smollm2"})
    n = len(now.token_ids)
    assert n >= 32
    choice, _ = read_choice("", n)
    assert len(board.pack_board(now, choice)) + len(pack_flow(now, choice)) < 250_000
    asked = {"text": now.text, "model": "smollm2", "layer": "24", "mask": ""}
    assert len(packed_layer(asked)) < 100_000


@real_model
def test_the_real_models_attention_rests_on_the_first_token():
    now = read_state({"text": CAPITAL, "model": "smollm2"})
    choice, _ = read_choice("", len(now.token_ids))
    header, _ = unpack(board.pack_board(now, choice))
    weights = torch.stack([b.attention.weights[0] for b in trace("smollm2", now.token_ids).blocks])
    assert header["on_first"] == pytest.approx(float(weights[:, :, 1:, 0].mean()), abs=1e-3)
    assert header["on_first"] > 0.5


# ------------------------------------------------------------------------------- the two trainings


def test_without_a_mask_the_pupil_copies_and_is_lost_without_the_future(monkeypatch):
    """On a made-up text: the same lesson in a second."""
    generator = torch.Generator().manual_seed(3)
    text = "".join("abcdefgh"[i] for i in torch.randint(8, (3_000,), generator=generator))
    letters = peeking.Letters.of(text)
    assert letters.uniform_loss == pytest.approx(log(8))
    pupils = peeking.two_pupils(letters)
    first, second = (dict(p.model.named_parameters()) for p in pupils)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert list(peeking.teach(pupils, letters)) == list(range(1, peeking.STEPS + 1))
    masked, unmasked = pupils
    hidden, full = causal_mask(peeking.LENGTH), full_mask(peeking.LENGTH)
    assert masked.losses[-1] > 0.9 * log(8)  # random letters cannot be foreseen
    assert unmasked.loss(letters.held_out, full) < 0.2
    assert unmasked.loss(letters.held_out, hidden) > log(8)
    # What is left comes from the last place, which alone has no answer to copy.
    span = letters.held_out[: peeking.LENGTH + 1][None]
    each = torch.nn.functional.cross_entropy(
        unmasked.model(span[:, :-1], full)[0], span[0, 1:], reduction="none"
    )
    assert each[-1] > 0.8 * each.sum()
    assert len(masked.write([0, 1], 40, seed=0)) == 42


def test_the_experiment_runs_in_its_own_thread_and_is_shown(folders, monkeypatch):
    from streamlit.testing.v1 import AppTest

    from tests.lessons.test_lessons import ROOT, open_fold

    monkeypatch.setattr(peeking_job, "_jobs", [])
    monkeypatch.setattr(peeking_job, "STORIES", 8)
    monkeypatch.setattr(peeking_job, "STORY_LENGTH", 60)
    monkeypatch.setattr(peeking_job, "STEPS", 20)
    monkeypatch.setattr(peeking, "STEPS", 20)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/n1_forward_pass/mask/mask.py").run()
    open_fold(app)
    next(button for button in app.button if button.label == "Train both now").click()
    open_fold(app)
    (job,) = peeking_job._jobs
    peeking_job.start_job()  # a second visitor presses as well
    assert peeking_job._jobs == [job]
    job.thread.join(60)
    assert job.outcome
    assert [len(losses) for losses in job.losses] == [20, 20]
    open_fold(app)
    assert any(each.label.startswith("One step of the two trainings") for each in app.expander)
    shown = "\n".join(each.value for each in app.markdown)
    first, second = job.outcome.hidden
    assert f"| **causal mask: future hidden** | {first:.2f} | {second:.2f} |" in shown


@pytest.mark.parametrize("raw", ["<script>", "painted.9.AAAA", "chunked.99", "\x00", "9" * 3000])
def test_an_odd_mask_in_the_address_is_told_and_the_page_stands(folders, raw):
    from tests.lessons.test_lessons import assert_whole, said, visit

    app = visit("pages/n1_forward_pass/mask/mask.py", mask=raw, text="Tom had a red ball")
    assert_whole(app)
    assert not app.error
    told = said(app)
    assert "the causal mask is shown." in told or "becomes Chunked" in told
    assert "<script>" not in told


def test_the_curves_are_means_of_ten_steps():
    from figures.peeking import loss_curves

    losses = [4.0 - 0.1 * step for step in range(25)]
    first, second = loss_curves(losses, losses[:3], uniform=3.5, steps=300).data
    np.testing.assert_allclose(first.y[-1], np.mean(losses[-10:]))
    np.testing.assert_allclose(second.y, [4.0, 3.95, 3.9])
    assert not loss_curves([], [], uniform=3.5, steps=300).data


# --------------------------------------------------------------------------------- four words


@both_models
def test_four_words_look_at_themselves_and_those_before(name):
    told = four_words(name)
    weights = np.array(told["weights"])
    assert told["words"] == ["Michael", "Learns", "to", "Rock"]
    assert ["".join(tokens).strip() for tokens in told["tokens"]] == told["words"]
    assert not np.triu(weights, 1).any()
    assert (np.tril(weights)[np.tril_indices(4)] > 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    ids = tuple(load(name).tokenizer.encode("Michael Learns to Rock"))
    whole = trace(name, ids).blocks[told["layer"]].attention.weights[0, told["head"]].numpy()
    first, second = len(told["tokens"][0]), len(told["tokens"][0]) + len(told["tokens"][1])
    by_hand = whole[first:second, :first].sum(1).mean()
    assert weights[1, 0] == pytest.approx(by_hand, rel=1e-5)


def test_words_are_counted_by_hand():
    tokens = torch.tensor([[1.0, 0, 0], [0.5, 0.5, 0], [0.25, 0.25, 0.5]])
    words = word_weights(tokens, [(0, 1), (1, 3)])
    assert words.tolist() == [[1.0, 0.0], [0.375, 0.625]]
    even = torch.stack((torch.eye(3), tokens))[:, None]
    assert most_even_head(even) == (1, 0)
