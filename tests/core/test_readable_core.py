"""The model's modules read as formulas: short, flat, and without what only machines need."""

import ast
import re
from statistics import median

from tests.house.reading import ROOT, functions, name, text, tree
from tests.house.test_sizes import lines

READABLE = (
    *("attention", "linear", "feed_forward", "block", "transformer", "decoder_block"),
    *("encoder_decoder", "norms"),
)
FOR_MACHINES = re.compile(
    r"lay_out|packed|qkv_proj|HasMatrix|torch\.ops|_version|data_ptr|reads_rows"
    r"|core(\.| import )fast"
)
FLAT = sorted((ROOT / "transformer_core").glob("*.py"))


def test_the_formulas_know_no_machine():
    paths = [ROOT / "transformer_core" / f"{module}.py" for module in READABLE]
    assert not [
        f"{name(path)}, line {i}: {found[0]}"
        for path in paths
        for i, line in enumerate(text(path).splitlines(), 1)
        if (found := FOR_MACHINES.search(line))
    ]


def test_the_affine_map_is_short():
    assert len(text(ROOT / "transformer_core" / "linear.py").splitlines()) <= 40


def test_most_functions_are_very_short():
    assert median(lines(node) for path in FLAT for node in functions(path)) <= 8


def test_there_are_few_branches():
    branches = [node for path in FLAT for node in ast.walk(tree(path)) if isinstance(node, ast.If)]
    assert len(branches) / sum(len(text(path).splitlines()) for path in FLAT) <= 3 / 100
