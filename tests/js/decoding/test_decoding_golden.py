"""Passes, drafts and costs as the boards of Decoding work them out, against the core's own."""

from dataclasses import asdict
from pathlib import Path

from pages.n4_scale.decoding.machine_board import kept_by_kind, on_a_roof
from tests.js.golden import compare
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.costs import (
    comparisons_with_cache,
    kv_cache_numbers,
    positions_with_cache,
    positions_without_cache,
)
from transformer_core.laws.decoding import (
    cache_kinds,
    decode_cost,
    prefill_cost,
)
from transformer_core.laws.paging import Memory, Request
from transformer_core.rolling_cache import overwritten, slot_of
from transformer_core.speculative import expected_speedup, expected_tokens


def test_passes_and_drafts(tmp_path):
    passes = [
        {
            "prompt": prompt,
            "written": written,
            "cached": positions_with_cache(prompt, written),
            "uncached": positions_without_cache(prompt, written),
            "pairs": comparisons_with_cache(prompt, written),
        }
        for prompt in (1, 5, 48)
        for written in (1, 2, 8)
    ]
    expected = [
        {"alpha": alpha, "drafted": drafted, "cost": cost}
        | {"tokens": expected_tokens(alpha, drafted)}
        | {"speed": expected_speedup(alpha, drafted, cost)}
        for alpha in (0, 0.5, 0.98)
        for drafted in (1, 4, 10)
        for cost in (0, 0.05, 1)
    ]
    cases = {"passes": passes, "expected": expected}
    compare(Path(__file__).with_name("passes.golden.js"), tmp_path, cases)


def test_caches_and_machines(tmp_path):
    plans = [each for each in BLUEPRINTS if each.name in ("gpt2", "llama-3-8b", "deepseek-v3")]
    kept = [
        {"shape": kept_by_kind(each.title, each.source, each.plan), "kind": kind}
        | {"bytes": 2 * kv_cache_numbers(plan, 100), "tokens": 100}
        for each in plans
        for kind, plan in cache_kinds(each.plan).items()
    ]
    dense = [each for each in plans if not each.plan.n_experts]
    roof = [
        {"shape": on_a_roof(each.title, each.plan), "n": n, "batch": batch, "size": size}
        | {"prefill": asdict(prefill_cost(each.plan, n, size=size))}
        | {"decode": asdict(decode_cost(each.plan, n, batch, size))}
        for each in dense
        for n in (1, 1024)
        for batch in (1, 64)
        for size in (2, 4)
    ]
    rolling = [
        {"slots": slots, "sinks": sinks, "position": position}
        | {"slot": slot_of(position, slots, sinks), "old": overwritten(position, slots, sinks)}
        for slots in (4, 6)
        for sinks in (0, 1, 2)
        for position in range(20)
    ]
    cases = {"kept": kept, "roof": roof, "rolling": rolling}
    compare(Path(__file__).with_name("machine.golden.js"), tmp_path, cases)


def test_memories(tmp_path):
    asked = [Request(1 + 13 * i % 60, 1 + 17 * i % 40) for i in range(14)]
    runs = [
        {
            "page": page,
            "moments": [
                {
                    "running": [
                        [r, [list(place) for place in held], n] for r, held, n in m.running
                    ],
                    "waiting": m.waiting,
                    "holds": m.holds,
                    "taken": m.taken,
                }
                for m in Memory(200, 40, page).simulate(asked)
            ],
        }
        for page in (0, 4, 16)
    ]
    requests = [{"prompt": each.prompt, "fresh": each.new} for each in asked]
    cases = {"requests": requests, "runs": runs}
    compare(Path(__file__).with_name("paging.golden.js"), tmp_path, cases)
