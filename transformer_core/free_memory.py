"""How much memory this process may still take."""

from __future__ import annotations

from math import inf
from pathlib import Path

ROOT = Path("/")


def free_memory() -> float:
    """Bytes that the machine has left, or the container's limit if that is less.

    Infinite where the system does not say: Linux does, as files.
    """
    return min(_of_machine(), _of_container())


def _of_machine() -> float:
    rows = _text("proc/meminfo").splitlines()
    kilobytes = [int(row.split()[1]) for row in rows if row.startswith("MemAvailable:")]
    return 1024 * kilobytes[0] if kilobytes else inf


def _of_container() -> float:
    """Limit less use, where files that are only kept for speed do not count (cgroup v2)."""
    limit, used = (_text(f"sys/fs/cgroup/memory.{name}").strip() for name in ("max", "current"))
    if not (limit.isdigit() and used.isdigit()):
        return inf
    rows = _text("sys/fs/cgroup/memory.stat").splitlines()
    files = [int(row.split()[1]) for row in rows if row.startswith("inactive_file ")]
    return int(limit) - int(used) + sum(files)


def _text(file: str) -> str:
    try:
        return (ROOT / file).read_text()
    except OSError:
        return ""
