"""Each formula and number of the Positions lesson against an independent computation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from tests.real_model import real_model
from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.config import Constants, TransformerConfig
from transformer_core.lens.longer_context import (
    STRETCHES,
    interpolated,
    larger_base,
    loss_by_position,
    plain,
    yarn,
)
from transformer_core.lens.position_scores import (
    rope_by_distance,
    sinusoidal_by_distance,
    table_by_distance,
)
from transformer_core.lens.raw_positions import RAW, norm_scale, raw_position, surviving
from transformer_core.lens.word_order import (
    first_attention,
    last_token_by_layer,
    moved_share,
    next_token,
    relative_change,
    without_position,
)
from transformer_core.norms import NORMS
from transformer_core.positions import RotaryPosition, alibi_slopes, sinusoidal_table
from transformer_core.records.result import load_result
from transformer_core.training.experiments.position_loss.measurement import BIN
from transformer_core.training.experiments.position_loss.setting import FACTOR
from transformer_core.transformer import Transformer
from ui.known_models import REAL_MODEL, REAL_TITLE
from ui.models import load, trace
from ui.state import Reader

ROOT = Path(__file__).parents[3]
both_models = pytest.mark.parametrize("name", CONFIGS)
N = 9
IDS = torch.arange(40, 40 + N)


def made(config: TransformerConfig) -> Transformer:
    torch.manual_seed(0)
    model = Transformer(config).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model


def read(name: str, text: str = "Tom had a red ball. Sue had a blue ball", **place: str):
    from ui.state import read_state

    return read_state({"text": text, "model": name, **place})


# ---------------------------------------------------------------------------- the order of words


@both_models
def test_without_position_shares_every_weight_and_changes_nothing_else(name):
    model = made(CONFIGS[name])
    bare = without_position(model)
    assert bare.config == replace(model.config, position="none")
    own = dict(model.named_parameters())
    for parameter, value in bare.named_parameters():
        assert value.data_ptr() == own[parameter].data_ptr()
    logits = Transformer(bare.config).requires_grad_(False)
    logits.load_state_dict(bare.state_dict())
    torch.testing.assert_close(logits(IDS[None]), bare(IDS[None]))
    assert not torch.allclose(model(IDS[None]), bare(IDS[None]))


@both_models
@given(order=some.permutations(range(N)))
@settings(max_examples=10, deadline=None)
def test_unmasked_attention_without_position_is_only_permuted(name, order):
    bare = without_position(made(CONFIGS[name]))
    typed, other = (first_attention(bare, ids, causal=False) for ids in (IDS, IDS[list(order)]))
    torch.testing.assert_close(other, typed[list(order)], atol=1e-5, rtol=1e-4)


@both_models
def test_the_last_word_notices_the_order_from_the_second_causal_layer_on(name):
    model = made(CONFIGS[name])
    bare, order = without_position(model), [*reversed(range(N - 1)), N - 1]

    def change(of: Transformer, causal: bool) -> torch.Tensor:
        typed, other = (last_token_by_layer(of, ids, causal) for ids in (IDS, IDS[order]))
        return relative_change(typed, other)

    causal = change(bare, causal=True)
    assert causal[0] < 1e-5
    assert (causal[1:] > 1e-3).all()
    assert (change(bare, causal=False) < 1e-5).all()
    assert change(model, causal=False)[0] > 1e-4
    traced = bare.trace(IDS[None]), bare.trace(IDS[list(order)][None])
    rows = [[block.resid_post[0, -1].numpy() for block in each.blocks] for each in traced]
    by_hand = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(*rows, strict=True)]
    np.testing.assert_allclose(causal, by_hand, atol=1e-5, rtol=1e-3)


def test_moved_share_by_hand():
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.3, 0.6])
    assert moved_share(p, q) == pytest.approx(0.4)
    assert moved_share(p, p) == 0
    assert moved_share(torch.tensor([1.0, 0]), torch.tensor([0, 1.0])) == 1


@both_models
def test_shuffle_board_shows_the_models_own_predictions(folders, name, monkeypatch):
    import pages.n1_forward_pass.positions.word_order as board
    from ui.models import load

    now = read(name)
    n = len(now.token_ids)
    data = board.order_data(now)
    assert data["order"] == (*reversed(range(n - 1)), n - 1)
    assert [each["name"] for each in data["models"]] == list(CONFIGS)
    for each in data["models"]:
        model, ids = load(each["name"]).model, torch.tensor(now.token_ids)
        before = model.trace(ids[None]).logits[0, -1].softmax(-1)
        after = model.trace(ids[list(data["order"])][None]).logits[0, -1].softmax(-1)
        for told, chances in (("typed", before), ("ordered", after)):
            expected = chances.topk(5).values.tolist()
            assert [p for _, p in each[told]] == pytest.approx(expected, rel=1e-4)
        assert each["moved"] == pytest.approx(
            float((before - after).clamp(min=0).sum()), abs=1e-5
        )  # what was taken away is what was given


@pytest.mark.parametrize(
    ("raw", "n", "order"),
    [
        ("2.1", 3, (1, 0, 2)),
        ("1.2", 3, (0, 1, 2)),
        ("", 3, (1, 0, 2)),
        ("3.1", 3, (1, 0, 2)),
        ("1.1", 3, (1, 0, 2)),
        ("<script>", 4, (2, 1, 0, 3)),
        ("\u0662.\u0661", 3, (1, 0, 2)),
        ("", 1, (0,)),
        ("1", 2, (0, 1)),
        ("0.1", 3, (1, 0, 2)),
    ],
)
def test_an_order_that_makes_no_sense_is_reversal(raw, n, order):
    from pages.n1_forward_pass.positions.word_order import read_order

    assert read_order(raw, n) == order


# ------------------------------------------------------------------------------- raw numbers


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("kind", RAW)
def test_surviving_share_is_what_the_real_norm_leaves_of_the_token(norm, kind):
    d, n = 32, 20
    x = torch.randn(d, generator=torch.Generator().manual_seed(1)).expand(n, d)
    added = raw_position(kind, n, d, length=n)
    constants = Constants(norm_eps=1e-12)
    layer = NORMS[norm](replace(CONFIGS["fable-classic"], d_model=d, constants=constants))
    with torch.no_grad():
        normed = layer(x + added)
        # The norm is linear once its divisor is fixed: take the added part off again.
        centre = added - added.mean(-1, keepdim=True) if norm == "layer_norm" else added
        token_part = normed - centre / norm_scale(x + added, norm)[:, None]
        expected = token_part.norm(dim=-1) / layer(x).norm(dim=-1)
    torch.testing.assert_close(surviving(x, added, norm), expected, atol=1e-4, rtol=1e-3)


def test_layer_norm_does_not_see_what_is_added_to_every_number():
    x = torch.randn(1, 16)
    config = replace(CONFIGS["fable-classic"], d_model=16)
    with torch.no_grad():
        plain_, raised = (NORMS["layer_norm"](config)(each) for each in (x, x + 7))
        torch.testing.assert_close(plain_, raised, atol=1e-4, rtol=1e-4)
        assert not torch.allclose(*(NORMS["rms_norm"](config)(each) for each in (x, x + 7)))


def test_a_share_of_the_length_names_another_place_in_another_text():
    short, long = (raw_position("share of the length", 4, 8, n)[3, -1] for n in (5, 50))
    assert (short.item(), long.item()) == pytest.approx((0.6, 0.06))


@both_models
def test_raw_numbers_chart_is_of_the_readers_token(folders, name):
    from pages.n1_forward_pass.positions.position_charts import raw_shares
    from ui.models import load

    model, token = load(name).model, 300
    x = model.embedding[token].detach().double().numpy()

    def size(v):
        return v.std() if model.config.norm == "layer_norm" else np.sqrt((v**2).mean())

    shares = raw_shares(name, token)
    moved = x.copy()
    moved[-1] += 30
    assert shares["one number"][29] == pytest.approx(size(x) / size(moved), rel=1e-4)
    assert ("learned table" in shares) == (model.config.position == "learned")


# ------------------------------------------------------------------------ score against distance


@given(p=some.integers(0, 100), k=some.integers(0, 63))
def test_sinusoidal_products_depend_on_the_distance_only(p, k):
    table = sinusoidal_table(0, 200, 48)
    curve = sinusoidal_by_distance(48, 64)
    torch.testing.assert_close(table[p] @ table[p + k], curve[k], atol=1e-3, rtol=1e-3)


def test_sinusoidal_table_is_the_papers_formula_in_numpy():
    p, i = np.arange(40)[:, None], np.arange(24)
    angle = p / 10_000 ** (2 * i / 48)
    table = sinusoidal_table(0, 40, 48).numpy()
    np.testing.assert_allclose(table[:, 0::2], np.sin(angle), atol=1e-5)
    np.testing.assert_allclose(table[:, 1::2], np.cos(angle), atol=1e-5)


def test_table_by_distance_by_hand():
    table = torch.tensor([[1.0, 0], [0, 2], [3, 1]])
    torch.testing.assert_close(table_by_distance(table), torch.tensor([15 / 3, (0 + 2) / 2, 3.0]))


def test_rope_by_distance_is_the_rotation_and_hugging_faces():
    q, k = torch.randn(2, 16, generator=torch.Generator().manual_seed(3))
    config = TransformerConfig(300, 64, 32, 1, 2, 2, 8, position="rope")
    position, curve = RotaryPosition(config), rope_by_distance(q, k, 10_000.0, 40)
    for distance in (0, 1, 7, 39):
        for start in (0, 11):
            turned = position.rotate(q[None, None, None], start + distance)
            score = (turned * position.rotate(k[None, None, None], start)).sum()
            torch.testing.assert_close(curve[distance], score, atol=1e-4, rtol=1e-4)
    theirs = LlamaRotaryEmbedding(LlamaConfig(hidden_size=32, num_attention_heads=2))
    cos, sin = theirs(q, torch.arange(40)[None])
    half = torch.cat((-q[8:], q[:8]))
    torch.testing.assert_close(curve, (q * cos[0] + half * sin[0]) @ k, atol=1e-4, rtol=1e-4)


def test_alibi_slopes_are_the_papers():
    assert alibi_slopes(8).tolist() == [1 / 2 ** (h + 1) for h in range(8)]
    assert alibi_slopes(16).tolist() == pytest.approx([2 ** (-(h + 1) / 2) for h in range(16)])
    assert alibi_slopes(6).tolist() == [1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8]


# ---------------------------------------------------------------------------- longer than trained


def test_stretched_models_read_on_and_leave_the_model_alone():
    model = made(CONFIGS["fable-modern"])
    length = model.config.context_length
    ids = torch.arange(2 * length)[None] % 300
    short = model(ids[:, :12])
    for stretch in STRETCHES.values():
        assert stretch(model, 2)(ids).isfinite().all()
    assert torch.equal(model(ids[:, :12]), short)
    torch.testing.assert_close(plain(model, 2)(ids), model(ids), atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(interpolated(model, 1)(ids[:, :12]), short)
    torch.testing.assert_close(larger_base(model, 1)(ids[:, :12]), short)
    torch.testing.assert_close(yarn(model, 1)(ids[:, :12]), short)


def test_interpolation_and_larger_base_are_hugging_faces():
    config = CONFIGS["fable-modern"]
    model, positions = made(config), torch.arange(2 * config.context_length)[None]
    shape = {"hidden_size": config.d_model, "num_attention_heads": config.n_heads}
    linear = {"rope_type": "linear", "rope_theta": 10_000.0, "factor": 2.0}
    d = config.d_head
    larger = {"rope_type": "default", "rope_theta": 10_000.0 * 2 ** (d / (d - 2))}
    for stretch, parameters in ((interpolated, linear), (larger_base, larger)):
        theirs = LlamaRotaryEmbedding(LlamaConfig(**shape, rope_parameters=parameters))
        cos, sin = theirs(torch.zeros(1), positions)
        ours = stretch(model, 2).position
        torch.testing.assert_close(ours.cos, cos[0], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(ours.sin.abs(), sin[0].abs(), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("factor", [2, 8])
@pytest.mark.parametrize("trained", [64, 256, 4096])
def test_yarn_is_hugging_faces(trained, factor):
    config = replace(CONFIGS["fable-modern"], context_length=trained)
    parameters = {
        "rope_type": "yarn",
        "rope_theta": config.rope_base,
        "factor": float(factor),
        "original_max_position_embeddings": trained,
    }
    theirs = LlamaConfig(
        hidden_size=config.d_model,
        num_attention_heads=config.n_heads,
        max_position_embeddings=trained * factor,
        rope_parameters=parameters,
    )
    frequencies, size = ROPE_INIT_FUNCTIONS["yarn"](theirs, torch.device("cpu"))
    angles = torch.arange(trained * factor)[:, None] * frequencies
    ours, half = yarn(made(config), factor).position, config.d_head // 2
    assert size == pytest.approx(0.1 * np.log(factor) + 1)
    torch.testing.assert_close(ours.cos[:, :half], angles.cos() * size, atol=2e-3, rtol=1e-3)
    torch.testing.assert_close(ours.sin[:, half:], angles.sin() * size, atol=2e-3, rtol=1e-3)


def test_yarn_sharpens_scores_by_the_square_of_its_factor():
    model, ids = made(CONFIGS["fable-modern"]), torch.tensor([[7, 7]])
    before = model.trace(ids).blocks[0].attention.scores
    after = yarn(model, 4).trace(ids).blocks[0].attention.scores
    own = after.diagonal(dim1=-2, dim2=-1) / before.diagonal(dim1=-2, dim2=-1)
    torch.testing.assert_close(own, torch.full_like(own, (0.1 * np.log(4) + 1) ** 2))


def test_loss_by_position_is_the_cross_entropy():
    model = made(CONFIGS["fable-modern"])
    windows = torch.arange(3 * 11).view(3, 11)
    logits = model(windows[:, :-1]).log_softmax(-1)
    expected = -logits.gather(-1, windows[:, 1:, None])[..., 0].mean(0)
    torch.testing.assert_close(loss_by_position(model, windows), expected, atol=1e-4, rtol=1e-4)


def test_the_record_is_whole_and_says_what_the_page_says():
    record = load_result(ROOT / "assets" / "experiments" / "position_loss.json")
    nats = {series.name: series.y for series in record.series}
    trained = record.configuration["settings"][0]["trained_length"]
    assert set(nats) == {"learned", *STRETCHES}
    assert record.data["bin"] == BIN
    assert len(nats["learned"]) * BIN == trained
    assert all(len(nats[name]) * BIN == FACTOR * trained for name in STRETCHES)
    assert nats["yarn"][-1] < nats["larger_base"][-1] < nats["plain"][-1]
    last = len(nats["learned"]) - 1
    assert max(nats["yarn"][last:]) < nats["yarn"][last] + 0.05
    assert record.command.split()[2:4] == ["transformer_core.training.experiments", "position_loss"]


# --------------------------------------------------------------- what the browser gets, and asks


@both_models
def test_what_the_browser_gets_gives_the_scores_of_the_trace(folders, name):
    import pages.n1_forward_pass.positions.position_board as board
    from ui.models import load, trace

    now = read(name, token="8")
    header, arrays = unpack(board.pack_board(now))
    n, modern = len(now.token_ids), load("fable-modern").config
    assert (header["own"], header["token"]) == (load(name).config.position, 7)
    assert header["rope"]["model"] == "fable-modern"
    assert header["rope"]["same"]
    q, k = (arrays[part].astype(np.float32) for part in ("q", "k"))
    group = modern.n_heads // modern.n_kv_heads
    real = trace("fable-modern", now.token_ids).blocks[1].attention.scores[0]
    for head in range(modern.n_heads):
        ours = q[1, head] @ k[1, head // group].T / modern.d_head**0.5
        np.testing.assert_allclose(ours, real[head], atol=5e-3)
    table = load("fable-classic").model.position.table.detach()
    np.testing.assert_allclose(arrays["learned"], table[:24, :192], atol=1e-3)
    alike = torch.nn.functional.cosine_similarity(table[:, None], table[None], dim=-1)
    np.testing.assert_allclose(arrays["alike"], alike, atol=2e-3)
    np.testing.assert_allclose(
        arrays["sinusoidal"], sinusoidal_table(0, 24, header["d_model"])[:, :192], atol=1e-3
    )
    bare = without_position(load(name).model)
    ids = torch.tensor(now.token_ids)
    with torch.inference_mode():
        typed, other = first_attention(bare, ids, True), first_attention(bare, ids.flip(0), True)
    np.testing.assert_allclose(arrays["typed"][1], typed[:, :48], atol=2e-3)
    np.testing.assert_allclose(arrays["reversed"][1], other[:, :48], atol=2e-3)
    assert header["apart"][0] < 1e-5
    assert header["apart"][1] == pytest.approx(float((other.flip(0) - typed).abs().max()), rel=1e-4)
    assert arrays["typed"].shape == (2, n, 48)


def test_a_lost_model_leaves_the_other_schemes(folders, monkeypatch):
    import pages.n1_forward_pass.positions.position_board as board

    (folders["fable-modern"] / "model.safetensors").unlink()
    header, arrays = unpack(board.pack_board(read("fable-classic")))
    assert "rope" not in header
    assert "q" not in arrays
    assert "table" in header
    import pages.n1_forward_pass.positions.position_questions as questions

    assert questions.moved_question(read("fable-classic")) is None


def test_of_a_large_model_only_the_readers_layer_is_sent(folders, monkeypatch):
    import pages.n1_forward_pass.positions.position_board as board

    monkeypatch.setattr(board, "ROTATED", 10)
    header, arrays = unpack(board.pack_board(read("fable-modern", layer="2")))
    assert header["rope"]["layers"] == [1]
    assert len(arrays["q"]) == len(arrays["k"]) == 1
    first = board.packed_layer({**header["rope"]["sentence"], "layer": "1"})
    again, others = unpack(first)
    assert again["layers"] == [0]
    now = read("fable-modern")
    q = trace("fable-modern", now.token_ids).blocks[0].attention.q[0]
    np.testing.assert_allclose(others["q"][0], q, atol=2e-2, rtol=1e-3)
    for odd in ("", "99", "-1", "x", "٣", "9" * 40):
        assert unpack(board.packed_layer({**header["rope"]["sentence"], "layer": odd}))[1]["q"].size


def test_the_angles_are_those_of_the_model_however_they_are_scaled():
    import pages.n1_forward_pass.positions.position_board as board

    loaded = load("fable-modern")
    pairs = loaded.config.d_head // 2
    constants = replace(loaded.config.constants, rope_factors=tuple(1.0 + i for i in range(pairs)))
    scaled = replace(loaded, model=Transformer(replace(loaded.config, constants=constants)).eval())
    now, arrays, header = read("fable-modern"), {}, {}
    board.add_rope(header, arrays, now, scaled, now.token_ids)
    plain = loaded.config.rope_base ** (-torch.arange(pairs) / pairs)
    torch.testing.assert_close(arrays["frequencies"], plain / (1 + torch.arange(pairs)))


@real_model
def test_the_real_models_own_rope_and_no_publishers_name():
    import pages.n1_forward_pass.positions.position_board as board
    from pages.n1_forward_pass.positions.word_order import order_data

    now = Reader("text", REAL_MODEL, tuple(range(300, 332)), (), ("x",) * 32, 29, 8, 8, ())
    packed = board.pack_board(now)
    header, arrays = unpack(packed)
    assert len(packed) < 250_000
    assert (header["own"], header["model"], header["rope"]["model"]) == ("rope", *[REAL_TITLE] * 2)
    assert (header["rope"]["layers"], header["rope"]["n_layers"]) == ([29], 30)
    np.testing.assert_allclose(arrays["frequencies"], 100_000 ** (-np.arange(32) / 32), rtol=1e-5)
    q, k = (arrays[part][0].astype(np.float32) for part in ("q", "k"))
    scores = trace(REAL_MODEL, now.token_ids).blocks[29].attention.scores[0, 8]
    np.testing.assert_allclose(q[8] @ k[2].T / 8, scores, atol=2e-2, rtol=1e-3)
    layer = board.packed_layer({**header["rope"]["sentence"], "layer": "3"})
    assert unpack(layer)[0]["layers"] == [2]
    assert len(layer) < 100_000
    shuffle = order_data(now)
    assert shuffle["own"] == REAL_TITLE
    assert [model["name"] for model in shuffle["models"]] == [REAL_TITLE]
    assert len(shuffle["change"]["causal"]) == 30


def test_a_sentence_of_32_tokens_is_under_400_kilobytes():
    import pages.n1_forward_pass.positions.position_board as board

    packed = board.pack_board(read("fable-classic", "the cat sat on " * 8))
    assert unpack(packed)[1]["typed"].shape[1] >= 32
    assert len(packed) < 400_000


@both_models
@pytest.mark.parametrize("text", ["a", "a b", "Once upon a time there was a cat", "the " * 300])
def test_each_question_has_exactly_one_right_answer(folders, monkeypatch, name, text):
    import pages.n1_forward_pass.positions.position_questions as questions

    for token in ("1", "2", ""):
        now = read(name, text, token=token)
        monkeypatch.setattr(questions, "reader", lambda now=now: now)
        asked = questions.position_questions()
        assert len(asked) == 3
        for question in asked:
            assert [option.right for option in question.options].count(True) == 1
            assert all(option.why for option in question.options)


@both_models
def test_swapping_two_tokens_changes_their_rows_only(folders, name):
    import pages.n1_forward_pass.positions.position_questions as questions
    from ui.models import load

    ids = read(name).token_ids
    change = questions.swapped_change(name, ids)
    assert min(change[:2]) > 1e-3
    assert max(change[2:]) < questions.NOTICED
    bare = without_position(load(name).model)
    with torch.inference_mode():
        alone, second = (first_attention(bare, torch.tensor(at), True) for at in (ids[:2], ids[1:]))
    exact = (second[0] - alone[1]).norm() / alone[1].norm()
    assert change[1] == pytest.approx(float(exact), rel=1e-3)


@both_models
def test_a_token_twice_enters_alike_only_where_nothing_is_added(folders, name):
    import pages.n1_forward_pass.positions.position_questions as questions

    question = questions.repeated_question(read(name, "a"))
    assert question.options[0].right == (name == "fable-modern")


@both_models
def test_a_moved_score_is_the_models_own_and_stays(folders, name):
    import pages.n1_forward_pass.positions.position_questions as questions
    from ui.models import load, trace

    ids = read(name).token_ids
    as_is, shifted, apart = questions.moved_scores("fable-modern", ids, head=2, query=7, key=3)
    assert as_is == pytest.approx(shifted, abs=1e-4)
    assert as_is == pytest.approx(
        float(trace("fable-modern", ids).blocks[0].attention.scores[0, 2, 7, 3]), abs=1e-4
    )
    assert apart != pytest.approx(as_is, abs=1e-6)
    assert load("fable-modern").config.position == "rope"


def test_the_model_predicts_the_same_whatever_the_lens_did(folders):
    from ui.models import load

    model, ids = load("fable-classic").model, torch.tensor(read("fable-classic").token_ids)
    with torch.inference_mode():
        before = next_token(model, ids)
        last_token_by_layer(without_position(model), ids, causal=True)
        assert torch.equal(next_token(model, ids), before)


def test_the_angle_asked_for_is_that_of_two_turned_arrows():
    import pages.n1_forward_pass.positions.position_questions as questions

    right = next(option for option in questions.turn_question().options if option.right)
    unit = np.exp(1j * np.deg2rad(30))
    query, key = np.exp(1j * np.deg2rad(50)) * unit**4, np.exp(1j * np.deg2rad(20)) * unit**2
    assert float(right.text.split()[0]) == pytest.approx(np.rad2deg(np.angle(query / key)))


def test_questions_about_length_have_one_right_answer_each():
    from pages.n1_forward_pass.positions.length_questions import length_questions

    right = [[o.text for o in each.options if o.right] for each in length_questions()]
    assert right == [["Position 6"], ["75 degrees"], ["It is lowered by 100"]]
    assert all(option.why for each in length_questions() for option in each.options)


def test_a_mixture_by_hand():
    from pages.n1_forward_pass.positions.position_questions import mixture_question

    assert [o.text for o in mixture_question().options if o.right] == ["3 both times"]


def test_the_schemes_compared_are_read_from_the_record(folders):
    from tests.lessons.test_lessons import assert_whole, said, visit

    app = visit("pages/n1_forward_pass/positions/length.py")
    assert_whole(app)
    told = said(app)
    assert "plain RoPE has the lowest loss: 3.34 nats" in told
    assert "ALiBi still has 3.44" in told
    (link,) = (
        each.proto for each in app.get("page_link") if "recorded experiment" in each.proto.label
    )
    assert "experiment=positions" in link.query_string
