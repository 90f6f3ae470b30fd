"""Which models the app offers: their names in addresses and on screen, and who is left out.

The real model comes in a package, the Fable models with the app; a host may name a folder of others
(`FORWARD_PASS_MODELS`) and the one that is shown first (`FORWARD_PASS_DEFAULT_MODEL`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from figures.numbers import counted
from transformer_core.checkpoints import CONFIG_FILE, CheckpointError, read_config, stamp
from transformer_core.config import TransformerConfig
from transformer_core.downloads import find_cached, find_packaged
from transformer_core.published.local_models import GGUF, describe, models_in
from transformer_core.tokenizer import TokenizerError

ASSETS = Path(__file__).parents[1] / "assets" / "models"
SHIPPED: dict[str, Path] = {name: ASSETS / name for name in ("fable-classic", "fable-modern")}
REAL_MODEL, REAL_TITLE = "smollm2", "SmolLM2 135M"
REAL_REPOSITORY = "HuggingFaceTB/SmolLM2-135M-Instruct"  # where it was published
MOST_PRIVATE = 20  # models that visitors have trained
FOLDER_SETTING, DEFAULT_SETTING = "FORWARD_PASS_MODELS", "FORWARD_PASS_DEFAULT_MODEL"


@dataclass(frozen=True)
class KnownModel:
    """`name` stands in addresses, `title` on screen; nothing of its weights is read yet.

    `aliases`: other names that an address may give it. `private`: a visitor has trained it; its
    name cannot be guessed, and no list shows it but that visitor's own.
    """

    name: str
    title: str
    path: Path
    config: TransformerConfig
    aliases: tuple[str, ...] = ()
    private: bool = False

    @property
    def evidence(self) -> Path:
        """Where what was measured of it lies, if anything was: beside its weights, or with the app.

        A model in one file has a folder of its name here.
        """
        return self.path if self.path.is_dir() else ASSETS / self.name

    def record(self, file: str) -> dict[str, Any]:
        """One such measurement; empty where there is none that can be read."""
        try:
            found: dict[str, Any] = json.loads((self.evidence / file).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    @property
    def label(self) -> str:
        """What the switch says."""
        return f"{self.title} · {counted(self.config.n_layers, 'layer')}"


@dataclass(frozen=True)
class Catalogue:
    """The models that can be chosen, by name, and why others that lie here cannot."""

    offered: dict[str, KnownModel]
    refused: dict[str, str]

    @property
    def public(self) -> dict[str, KnownModel]:
        """Those that anybody may be told of."""
        return {name: model for name, model in self.offered.items() if not model.private}

    @property
    def default(self) -> str:
        """The model that is shown where none was chosen: the host's choice, else the first."""
        wanted = os.environ.get(DEFAULT_SETTING, "")
        return self.find(wanted) or next(iter(self.public or SHIPPED))

    def find(self, wanted: str) -> str | None:
        """The model that an address means, if it can be only one: by its name, however that is
        spelt, or by the end of it.
        """
        if wanted in self.offered:
            return wanted
        for same in (_spelling, _ending):
            alike = [
                name
                for name, model in self.public.items()
                if same(wanted) and same(wanted) in map(same, (name, model.title, *model.aliases))
            ]
            if alike:
                return alike[0] if len(alike) == 1 else None
        return None


def called(name: str) -> str:
    """What a model is called in a sentence: without its publisher."""
    return REAL_TITLE if name == REAL_MODEL else name.rsplit("/", 1)[-1]


def catalogue() -> Catalogue:
    """What lies here now; a file that has not changed is not read again."""
    offered: dict[str, KnownModel] = {}
    refused: dict[str, str] = {}
    for wanted, title, path in _found():
        name = next(each for each in _names(wanted, path) if each not in {*offered, *refused})
        title = title if name == wanted else name
        try:
            config = _shipped_config(path) if name in SHIPPED else describe(path)
        except (CheckpointError, TokenizerError) as error:
            refused[name] = str(error)
        else:
            aliases = (REAL_REPOSITORY,) if name == REAL_MODEL else ()
            offered[name] = KnownModel(name, title, path, config, aliases)
    return Catalogue(offered | _private, refused)


_private: dict[str, KnownModel] = {}  # the newest last


def keep_private(model: KnownModel) -> list[str]:
    """From now on it can be chosen by its name; the names of those that are no longer here."""
    _private[model.name] = model
    dropped = [*_private][:-MOST_PRIVATE]
    for name in dropped:
        del _private[name]
    return dropped


def _found() -> Iterator[tuple[str, str, Path]]:
    """Name, title and place of all that may be a model, the first shown first."""
    if packaged := find_packaged():
        yield REAL_MODEL, REAL_TITLE, packaged
    for name, path in SHIPPED.items():
        yield name, name.replace("-", " ").capitalize(), path
    if folder := os.environ.get(FOLDER_SETTING):
        yield from ((name, name, path) for name, path in models_in(Path(folder)))
    yield from ((name, name, path) for name, path in find_cached())


def _names(wanted: str, path: Path) -> Iterator[str]:
    """The name that a model gets, and others for where another model has it already."""
    yield wanted
    yield path.name
    yield from (f"{wanted} {i}" for i in count(2))


def _shipped_config(folder: Path) -> TransformerConfig:
    return _read_config(folder, stamp(folder / CONFIG_FILE))


@lru_cache(maxsize=16)
def _read_config(folder: Path, as_of: tuple[int, int]) -> TransformerConfig:
    return read_config(folder, "Restore the file from the repository.")


def _spelling(name: str) -> str:
    """Without what people write one way or another: capitals, blanks, dashes, a file's ending."""
    return re.sub(r"[^a-z0-9/.]+", "-", name.lower().removesuffix(GGUF)).strip("-")


def _ending(name: str) -> str:
    return _spelling(name).rsplit("/", 1)[-1]
