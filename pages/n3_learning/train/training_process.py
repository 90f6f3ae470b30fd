"""A training in a process of its own, so that no other visitor waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from transformer_core.live_training.messages import is_ending, write_order
from transformer_core.live_training.order import Order

ROOT = Path(__file__).parents[3]
MODULE = "transformer_core.live_training"


class TrainingProcess:
    """`python -m transformer_core.live_training`; it ends by itself when this process ends."""

    def __init__(self, order: Order) -> None:
        self.lines: list[bytes] = []
        self.has_ended = False
        self.place = TemporaryDirectory(prefix="training-")
        write_order(order, self.folder)
        self.process = subprocess.Popen(
            [sys.executable, "-m", MODULE, self.place.name],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        Thread(target=self._listen, daemon=True, name="training").start()

    @property
    def folder(self) -> Path:
        """Where the model lies once the process has ended."""
        return Path(self.place.name)

    def _listen(self) -> None:
        if self.process.stdout:
            for said in self.process.stdout:
                if said.endswith(b"\n"):  # not what was cut short
                    self.lines.append(said)
                    self.has_ended = is_ending(said)
        self.process.wait()
        self.has_ended = True

    def tell(self, command: str) -> None:
        """A line on its input; one that has ended hears nothing."""
        with suppress(OSError, ValueError):
            if self.process.stdin:
                self.process.stdin.write(f"{command}\n".encode())
                self.process.stdin.flush()

    def end(self) -> None:
        """Kill it, unless it has ended; its last line is then whatever it said last."""
        if not self.has_ended:
            self.process.kill()
            self.process.wait()
            self.has_ended = True

    def forget(self) -> None:
        """Its folder with the model."""
        self.place.cleanup()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
