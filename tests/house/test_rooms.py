"""The rooms of the house: imports point downwards only, and what each room may not hold."""

import ast
import re
import sys
from pathlib import Path

from pages.n5_reference.contents.syllabus import PARTS
from tests.house.reading import (
    CODE,
    EVERYTHING,
    ROOT,
    calls,
    files,
    functions,
    imports,
    is_below,
    name,
    text,
    tree,
)

STANDARD = set(sys.stdlib_module_names) - {"http", "socket", "urllib", "ftplib", "pickle", "random"}
ARITHMETIC = {"numpy", "torch", "orjson", "safetensors"}  # numbers are packed for the browser
MAY_IMPORT = {
    "app.py": {"streamlit", "ui", "pages"},
    "pages": {
        *("streamlit", "plotly", "pages", "ui", "figures", "transformer_core", *ARITHMETIC),
        "PIL",  # pictures that readers upload are decoded by it
    },
    "ui": {"streamlit", "starlette", "plotly", "ui", "figures", "transformer_core", *ARITHMETIC},
    "figures": {"figures", "transformer_core", "plotly", "numpy"},
    "transformer_core": {
        *("transformer_core", "torch", "numpy", "tiktoken", "safetensors", "gguf"),
        "scipy",  # scaling laws are fitted by its L-BFGS
        *("regex", "random"),  # tiktoken's pattern dialect; seeded draws of text to train on
        "huggingface_hub",  # imported when a person asks for a published model
    },
}
# Inside the core: the model knows nothing of what looks at it, counts it, hastens or trains it.
MODEL_MAY_NOT_IMPORT = ("lens", "laws", "records", "training")
APP_MAY_NOT_IMPORT = "transformer_core.training"
PRIVATE_STREAMLIT = ("streamlit.runtime", "streamlit.proto", "streamlit.web")
HOLDS_PRIVATE_STREAMLIT = "ui/serving/server.py"

HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
HAVE_COLOURS = {
    "figures/theme.py",
    # The curve in a model card is drawn outside the app, by a room that may not import the theme.
    "transformer_core/training/loss_curve.py",
}
HOST = re.compile(r"(?:https?|wss?)://([\w.-]+)")
NAMED_IN_CITATIONS = {
    "127.0.0.1",
    "localhost",
    "aclanthology.org",
    "arxiv.org",
    "doi.org",
    "transformer-circuits.pub",
    "www.w3.org",
    "openaipublic.blob.core.windows.net",  # tiktoken names its cached files after this address
}
VAGUE = {"utils", "util", "common", "helpers", "misc"}


def test_imports_point_downwards():
    offenders = [
        f"{name(path)}: {wanted}"
        for path in CODE
        for wanted in imports(path)
        if wanted.split(".")[0] not in MAY_IMPORT[path.relative_to(ROOT).parts[0]] | STANDARD
    ]
    assert not offenders


def test_a_lesson_imports_no_other_lesson():
    offenders = []
    for path in files("pages"):
        own = ".".join(path.relative_to(ROOT).parts[:3])
        offenders += [
            f"{name(path)}: {wanted}"
            for wanted in imports(path)
            if is_below(wanted, "pages") and not is_below(wanted, own)
        ]
    assert not offenders


def test_nothing_below_the_lessons_knows_them():
    rooms = ("ui", "figures", "transformer_core")
    below = [path for room in rooms for path in files(room)]
    assert not [name(path) for path in below if any(is_below(i, "pages") for i in imports(path))]


def test_the_app_does_not_know_the_trainer():
    """Directly or through a module of the core."""
    wanted = [path for path in CODE if path.relative_to(ROOT).parts[0] != "transformer_core"]
    for path in wanted:  # grows while it is read
        for module in imports(path):
            assert not is_below(module, APP_MAY_NOT_IMPORT), name(path)
            wanted += [found for found in sources(module) if found not in wanted]


def sources(module: str) -> list[Path]:
    """The file of a module of the core, or of the module that holds a name; its packages'."""
    parts = module.split(".")
    if parts[0] != "transformer_core":
        return []
    beginnings = [ROOT.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]
    found = [f for b in beginnings for f in (b.with_suffix(".py"), b / "__init__.py")]
    return [path for path in found if path.is_file()]


def test_the_image_leaves_the_trainer_out():
    """The last line of .dockerignore that fits a file decides."""
    lines = text(ROOT / ".dockerignore").split()
    assert lines.index("transformer_core/training") > lines.index("!transformer_core")


def test_what_the_image_copies_by_name_is_let_through():
    copied = re.findall(r"^COPY (.+) \./$", text(ROOT / "Dockerfile"), re.MULTILINE)
    named = [file for line in copied for file in line.split() if file != "."]
    assert "requirements.txt" in named
    let_through = text(ROOT / ".dockerignore").split()
    assert not [file for file in named if f"!{file}" not in let_through]


def test_the_model_does_not_know_who_looks_at_it():
    offenders = [
        f"{name(path)}: {wanted}"
        for path in sorted((ROOT / "transformer_core").glob("*.py"))
        for wanted in imports(path)
        if any(is_below(wanted, f"transformer_core.{part}") for part in MODEL_MAY_NOT_IMPORT)
    ]
    assert not offenders


def test_laws_are_arithmetic_without_tensors():
    laws = files("transformer_core/laws")
    assert not [name(path) for path in laws if any(is_below(i, "torch") for i in imports(path))]


def test_private_parts_of_streamlit_are_touched_in_one_place():
    touching = {
        name(path)
        for path in CODE
        if any(is_below(i, private) for i in imports(path) for private in PRIVATE_STREAMLIT)
    }
    assert touching == {HOLDS_PRIVATE_STREAMLIT}


def test_nothing_random_stands_for_data():
    app = [path for path in CODE if not name(path).startswith("transformer_core/")]
    assert not [
        f"{name(path)}: {called}"
        for path in app
        for called, _ in calls(path)
        if "rand" in called.lower()
    ]


def test_colours_stand_in_the_theme_only():
    strings = {
        name(path)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HEX_COLOUR.search(node.value)
    }
    assert strings == HAVE_COLOURS
    boards = [path for room in ("ui", "pages") for path in files(room, ".js", ".html", ".css")]
    assert not [name(path) for path in boards if HEX_COLOUR.search(text(path))]


def test_no_other_host_is_named():
    boards = [path for room in ("ui", "pages") for path in files(room, ".js", ".html", ".css")]
    named = {host for path in (*CODE, *boards) for host in HOST.findall(text(path))}
    assert not named - NAMED_IN_CITATIONS


def test_nothing_is_unpickled():
    offenders = []
    for path in EVERYTHING:
        called = {called for called, _ in calls(path)}
        keywords = {keyword.arg for _, call in calls(path) for keyword in call.keywords}
        modules = {i.split(".")[0] for i in imports(path)}
        used = called & {"torch.load", "torch.save"} | keywords & {"allow_pickle"}
        used |= modules & {"pickle", "cPickle", "dill", "joblib"}
        offenders += [f"{name(path)}: {each}" for each in used]
    assert not offenders


def test_raw_html_is_a_constant():
    assert not [
        f"{name(path)}, line {call.lineno}"
        for path in CODE
        for _, call in calls(path)
        if "unsafe_allow_html" in {keyword.arg for keyword in call.keywords}
        and not isinstance(call.args[0], ast.Constant)
    ]


def test_modules_are_named_after_their_concept():
    parts = [path.relative_to(ROOT).with_suffix("").parts for path in EVERYTHING]
    assert not [each for each in parts if VAGUE & set(each)]


def test_a_lesson_is_a_folder_with_a_page_of_its_name():
    """The address comes from the page's file name, which therefore no other file has."""
    folders = [path for path in (ROOT / "pages").glob("*/*") if list(path.glob("*.py"))]
    assert folders
    assert not [name(path) for path in folders if not (path / f"{path.name}.py").is_file()]
    stems = [path.stem for path in files("pages")]
    assert not sorted({stem for stem in stems if stems.count(stem) > 1})
    # Until the app has run once, Streamlit's router takes a file that stands higher for a page.
    assert not [name(path) for path in files("pages") if len(path.relative_to(ROOT).parts) != 4]


def test_a_page_is_prose_controls_and_figures():
    pages = [ROOT / f"pages/{lesson.file}.py" for part in PARTS.values() for lesson in part]
    assert not [name(path) for path in pages if len(text(path).splitlines()) > 140]
    assert not [name(path) for path in pages if any(functions(path))]
    assert not [
        name(path) for path in pages if any(isinstance(n, ast.ClassDef) for n in tree(path).body)
    ]
