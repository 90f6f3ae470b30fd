"""Models are loaded once, shared, and their faults told in sentences."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import streamlit as st
import torch

import ui.models
from tests.small_models import CONFIGS
from transformer_core.tokenizer import TokenizerError
from ui.known_models import SHIPPED
from ui.models import ModelUnavailableError, load, trace
from ui.remembered import Remembered, n_bytes_of


@pytest.mark.parametrize("name", CONFIGS)
def test_a_model_is_loaded_once_and_survives_emptied_caches(folders, name):
    first = load(name)
    st.cache_resource.clear()
    st.cache_data.clear()
    assert load(name) is first
    assert first.config == CONFIGS[name]
    assert first.name == name
    assert not any(parameter.requires_grad for parameter in first.model.parameters())


def test_an_unknown_name_is_answered_with_the_known_ones(folders):
    with pytest.raises(ModelUnavailableError, match=", ".join(SHIPPED)):
        load("<script>")


@pytest.mark.parametrize("file", ["model.safetensors", "config.json"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "nonsense"])
def test_damaged_files_are_named(folders, file, damage):
    path = folders["fable-classic"] / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "truncated" else b"\x00nonsense")
    with pytest.raises(ModelUnavailableError, match=r"fable-classic cannot be shown\. .*" + file):
        load("fable-classic")
    assert load("fable-modern").config == CONFIGS["fable-modern"]


def test_a_model_that_was_mended_can_be_loaded(folders):
    path = folders["fable-classic"] / "model.safetensors"
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(ModelUnavailableError):
        load("fable-classic")
    path.write_bytes(content)
    assert load("fable-classic").config == CONFIGS["fable-classic"]


def test_a_missing_vocabulary_is_told(folders, monkeypatch):
    def refuse():
        raise TokenizerError("The vocabulary file fable.json cannot be read. Restore it.")

    monkeypatch.setattr(ui.models, "load_shipped", refuse)
    with pytest.raises(ModelUnavailableError, match=r"fable\.json cannot be read. Restore it"):
        load("fable-modern")


def test_a_trace_is_that_of_the_model_and_is_kept(folders):
    traced = trace("fable-modern", (5, 9, 300))
    assert trace("fable-modern", (5, 9, 300)) is traced
    with torch.inference_mode():
        expected = load("fable-modern").model(torch.tensor([[5, 9, 300]]))
    torch.testing.assert_close(traced.logits, expected, rtol=1e-5, atol=1e-5)
    assert not torch.equal(trace("fable-classic", (5, 9, 300)).logits, expected)


def test_traces_are_kept_within_a_number_of_bytes(folders, monkeypatch):
    one = n_bytes_of(trace("fable-modern", (1,)))
    monkeypatch.setattr(ui.models, "_traces", Remembered(3 * one + one // 2))
    kept = trace("fable-modern", (1,))
    for last in range(2, 4):
        trace("fable-modern", (last,))
    assert trace("fable-modern", (1,)) is kept
    trace("fable-modern", (4,))
    assert [key for key, _ in ui.models._traces.items()] == [
        ("fable-modern", (i,)) for i in (3, 1, 4)
    ]
    trace("fable-modern", (1, 2, 3, 4, 5, 6, 7))  # larger than all: kept alone
    assert [key for key, _ in ui.models._traces.items()] == [
        ("fable-modern", (1, 2, 3, 4, 5, 6, 7))
    ]


def test_a_small_model_does_not_wait_for_a_large_one(folders, monkeypatch):
    large, begun = Event(), Event()
    read = ui.models._read

    def slowly(name):
        if name == "fable-modern":
            begun.set()
            assert large.wait(20)
        return read(name)

    monkeypatch.setattr(ui.models, "_read", slowly)
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(load, "fable-modern") for _ in range(2)]
        assert begun.wait(20)
        assert load("fable-classic").name == "fable-classic"
        large.set()
        first, second = (each.result(20) for each in both)
    assert first is second
