"""Speculative decoding against plain greedy decoding, and its sampling rule by enumeration."""

from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.real_model import real_model
from transformer_core.checkpoints import load_checkpoint
from transformer_core.generation import GenerationStep, Sampling, generate
from transformer_core.speculative import (
    ModelDraft,
    Reader,
    accept_or_replace,
    acceptance,
    common_length,
    expected_speedup,
    expected_tokens,
    first_layers,
    lookup_draft,
    residual,
    speculate,
)
from ui.known_models import ASSETS, REAL_MODEL
from ui.models import load

GREEDY = Sampling(temperature=0)
PROMPTS = ([5], [10, 200, 31, 7], [9, 8, 7, 9, 8, 7, 9, 8])


@pytest.fixture(scope="module")
def classic():
    return load_checkpoint(ASSETS / "fable-classic")


@pytest.fixture(scope="module")
def tiny():
    return load_checkpoint(ASSETS / "fable-tiny")


def greedy(model, prompt, n):
    steps = generate(model, prompt, GREEDY, n)
    return [step.token_id for step in steps if isinstance(step, GenerationStep)]


def written(rounds):
    return [token for each in rounds for token in each.token_ids]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("n_drafted", [1, 2, 4, 7])
def test_a_small_models_draft_leaves_the_text_as_it_is(classic, tiny, prompt, n_drafted):
    rounds = list(speculate(classic, ModelDraft(tiny), prompt, 24, n_drafted))
    assert written(rounds) == greedy(classic, prompt, 24)
    for each in rounds:
        assert len(each.token_ids) == each.n_accepted + 1
        assert each.drafted[: each.n_accepted] == each.token_ids[: each.n_accepted]
        assert each.n_accepted <= len(each.drafted) <= n_drafted


@pytest.mark.parametrize("prompt", PROMPTS)
def test_so_do_lookup_and_first_layers_and_nonsense(classic, prompt):
    wanted = greedy(classic, prompt, 20)
    drafts = (
        lookup_draft,
        ModelDraft(first_layers(classic, 2)),
        lambda text, n: [0] * n,
        lambda text, n: [],
    )
    for draft in drafts:
        assert written(speculate(classic, draft, prompt, 20, 4)) == wanted


def test_all_layers_are_always_right(classic):
    rounds = list(speculate(classic, ModelDraft(first_layers(classic, 6)), [5, 6], 20, 4))
    assert [each.n_accepted for each in rounds] == [4, 4, 4, 4]
    assert classic.config.n_layers == 6 == len(classic.blocks)


def test_it_ends_with_the_context(classic):
    end = classic.config.context_length
    prompt = [7] * (end - 3)
    assert written(speculate(classic, lookup_draft, prompt, 20, 4)) == greedy(classic, prompt, 20)
    assert not written(speculate(classic, lookup_draft, [7] * end, 20, 4))


def test_no_prompt_or_no_draft_is_refused(classic):
    for prompt, n in (([], 4), ([1], 0)):
        with pytest.raises(ValueError, match="at least one"):
            list(speculate(classic, lookup_draft, prompt, 4, n))


@real_model
@pytest.mark.parametrize("text", ["The capital of France is", "Tom sat. Tom ran. Tom"])
def test_the_real_model_writes_what_it_would_have(text):
    loaded = load(REAL_MODEL)
    prompt = loaded.tokenizer.encode(text)
    wanted = greedy(loaded.model, prompt, 10)
    assert written(speculate(loaded.model, lookup_draft, prompt, 10, 4)) == wanted


def test_what_is_looked_up():
    assert lookup_draft([1, 2, 3, 9, 1, 2, 3], 2) == [9, 1]
    assert lookup_draft([4, 7, 5, 7], 3) == [5, 7]
    assert lookup_draft([2, 1, 5, 3, 1, 6, 2, 1], 1) == [5]  # the longer match, not the later
    assert lookup_draft([1, 2, 3], 4) == []
    assert lookup_draft([1], 4) == []


def test_a_reader_forgets_what_differs(classic):
    reader = Reader(classic, 32)
    first = reader.choices([5, 6, 7, 8, 9], 3)
    other = reader.choices([5, 6, 1], 1)
    assert reader.choices([5, 6, 7, 8, 9], 3) == first
    assert other == greedy(classic, [5, 6, 1], 1)


@given(a=st.lists(st.integers(0, 2)), b=st.lists(st.integers(0, 2)))
def test_common_length(a, b):
    n = common_length(a, b)
    assert a[:n] == b[:n]
    assert n == min(len(a), len(b)) or a[n] != b[n]


weights = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)


def normed(values):
    found = torch.tensor(values, dtype=torch.float64)
    return found / found.sum()


@given(p=weights, q=weights)
def test_the_rule_keeps_the_distribution_exactly(p, q):
    """Every token that the draft may say, kept or replaced: together they make p."""
    p, q = normed(p), normed(q)
    kept = torch.minimum(p, q)
    made = kept + (1 - kept.sum()) * residual(p, q)
    torch.testing.assert_close(made, p)
    assert acceptance(p, q) == pytest.approx(1 - 0.5 * (p - q).abs().sum().item())


def test_two_guesses_keep_the_joint_distribution():
    """A tiny model of three tokens: what a round begins with is distributed as the model's text."""
    p = [normed(row) for row in ([5, 3, 2], [1, 1, 8], [2, 6, 2], [4, 4, 2])]
    q = [normed(row) for row in ([2, 2, 6], [3, 3, 4], [1, 1, 1], [1, 8, 1])]
    pairs = torch.zeros(3, 3, dtype=torch.float64)
    for a, b in product(range(3), repeat=2):  # the first token's row is 0, b's that of a
        first, second = torch.minimum(p[0], q[0]), torch.minimum(p[a + 1], q[a + 1])
        accepted = first[a] * (second[b] + (1 - second.sum()) * residual(p[a + 1], q[a + 1])[b])
        replaced = (1 - first.sum()) * residual(p[0], q[0])[a] * p[a + 1][b]
        pairs[a, b] = accepted + replaced
    torch.testing.assert_close(pairs, torch.stack([p[0][a] * p[a + 1] for a in range(3)]))


def test_what_is_drawn_follows_the_rule():
    p, q = normed([5, 3, 2]), normed([8, 1, 1])
    generator = torch.Generator().manual_seed(1)
    n, counts, kept = 20_000, torch.zeros(3), 0
    for token in torch.multinomial(q, n, replacement=True, generator=generator).tolist():
        found, was_kept = accept_or_replace(p, q, token, generator)
        counts[found] += 1
        kept += was_kept
    torch.testing.assert_close(counts.double() / n, p, atol=0.015, rtol=0)
    assert kept / n == pytest.approx(acceptance(p, q), abs=0.015)
    assert acceptance(p, q) == pytest.approx(0.7)  # 0.5 + 0.1 + 0.1


@given(alpha=st.floats(0, 0.99), n=st.integers(1, 8))
def test_expected_tokens_are_those_of_the_paper(alpha, n):
    assert expected_tokens(alpha, n) == pytest.approx((1 - alpha ** (n + 1)) / (1 - alpha))
    by_cases = sum((i + 1) * (1 - alpha) * alpha**i for i in range(n)) + (n + 1) * alpha**n
    assert expected_tokens(alpha, n) == pytest.approx(by_cases)


def test_speedup_by_hand():
    """alpha = 0.8, gamma = 4: 3.3616 tokens; a draft of a twentieth of the time: 2.8 times."""
    assert expected_tokens(0.8, 4) == pytest.approx(3.3616)
    assert expected_speedup(0.8, 4, 0.05) == pytest.approx(2.8013, abs=1e-4)
    assert expected_tokens(1, 4) == 5
