"""JSON that can be read and compared line by line, and is never left half written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from transformer_core.whole_file import replacing


class RecordError(Exception):
    """A record that cannot be read or written; the text says which file, why and what to do."""


def read_record(path: Path) -> dict[str, Any]:
    """A file's JSON object; RecordError if it is missing or cut short."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordError(f"{path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise RecordError(
            f"{path} is cut short or no JSON ({error}); delete it and run its experiment again."
        ) from error
    if not isinstance(record, dict):
        raise RecordError(f"{path} holds no result; delete it and run its experiment again.")
    return record


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Replace a file as a whole, a line for each entry of a list, or leave it as it was.

    Raises:
        RecordError: a full disk, a folder that cannot be written to, a number that is no number.
    """
    try:
        parts = (f"{json.dumps(name)}: {_lines(value)}" for name, value in record.items())
        text = "{\n" + ",\n".join(parts) + "\n}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RecordError(
            f"{path} could not be written ({error}). What was there before is kept."
        ) from error


def _lines(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    lines = (json.dumps(item, ensure_ascii=False, allow_nan=False) for item in value)
    return "[\n" + ",\n".join(lines) + "\n]"
