"""A Streamlit server of one's own to measure: its address, its CPU seconds, its memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ui.known_models import DEFAULT_SETTING

ROOT = Path(__file__).parents[1]
APP = ROOT / "app.py"
BARE_PAGE = ROOT / "benchmarks" / "bare_page.py"
START_LIMIT = 120.0  # seconds


@dataclass(frozen=True)
class Server:
    """A server that has said it is healthy; `start_seconds` is how long that took."""

    address: str
    pid: int
    start_seconds: float

    def cpu_seconds(self) -> float:
        """CPU time of the whole process so far, finished threads included (Linux)."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self) -> float:
        """Resident bytes."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serving(script: Path, folder: Path, model: str = "fable-classic") -> Iterator[Server]:
    """Serve a script on a free port of this machine until the block ends.

    The app shows `model` first.

    The app runs with the settings it is shipped with. The bare page runs in `folder`, without
    them, but is spared the collection after each run and the watching of files too: as fast as
    Streamlit can be.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
    }
    if script == BARE_PAGE:
        options |= {
            "runner.postScriptGC": "false",
            "browser.gatherUsageStats": "false",
            "server.fileWatcherType": "none",
        }
    started = time.monotonic()
    with (folder / f"{script.stem}-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script)]
            + [f"--{name}={value}" for name, value in options.items()],
            cwd=ROOT if script == APP else folder,
            env=os.environ | {"OMP_NUM_THREADS": "1", DEFAULT_SETTING: model},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", process)
            seconds = time.monotonic() - started
            yield Server(f"http://127.0.0.1:{port}", process.pid, seconds)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{address} did not become healthy; exit code {process.poll()}")
