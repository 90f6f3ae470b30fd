"""Passes, drafts and costs as the boards of Decoding work them out, against the core's own."""

from pathlib import Path

from tests.js.golden import compare
from transformer_core.laws.costs import (
    comparisons_with_cache,
    positions_with_cache,
    positions_without_cache,
)
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
