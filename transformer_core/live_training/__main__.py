"""The training process: ``python -m transformer_core.live_training FOLDER``.

FOLDER holds the order. Lines of the input are `pause`, `resume` and `stop`; when it ends, whoever
ordered is gone, and this process ends, too. It writes a line for each record, and the model into
FOLDER. It has one thread, gives way to all others and keeps its own limits.

``python -m transformer_core.live_training --record FILE`` trains the first task with its defaults
and keeps the lines, for the picture that is there before a reader has trained anything.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import torch

from transformer_core.live_training.loop import ExplodedError, LiveRun
from transformer_core.live_training.messages import (
    beginning,
    described,
    ending,
    line,
    read_order,
    save_model,
)
from transformer_core.live_training.order import Order, OrderError

NICENESS = 10
MOST_CPU_SECONDS = 120
MOST_MEMORY = 1_200  # MiB that stay in memory
STATUS = Path("/proc/self/status")
DATA_LIMIT = 3 << 30  # bytes that the system lets it ask for


class Commands:
    """What comes in on the input while the run goes on."""

    def __init__(self) -> None:
        self.going, self.ended = Event(), Event()
        self.going.set()

    def listen(self) -> None:
        """Until there is nothing more to hear; the end of the input means to end at once."""
        for command in sys.stdin:
            self.obey(command.strip())
        os._exit(0)

    def obey(self, command: str) -> None:
        """A paused run that is stopped goes on to its end."""
        if command == "pause":
            self.going.clear()
        elif command == "resume":
            self.going.set()
        elif command == "stop":
            self.ended.set()
            self.going.set()

    def proceed(self) -> bool:
        """Wait while the run is paused; whether there is to be another step."""
        self.going.wait()
        return not self.ended.is_set() and not over_limit()


def over_limit() -> str:
    """What the run has used up, in words; empty where nothing."""
    if time.process_time() > MOST_CPU_SECONDS:
        return f"{MOST_CPU_SECONDS} seconds of the processor's time"
    if peak_memory() > MOST_MEMORY:
        return f"{MOST_MEMORY:,} MiB of memory"
    return ""


def peak_memory() -> float:
    """MiB that this program has held at most.

    On Linux `getrusage` begins with what the server held when it started this process.
    """
    if STATUS.exists():
        (held,) = re.findall(r"VmHWM:\s+(\d+) kB", STATUS.read_text("utf-8"))
        return int(held) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def keep_limits() -> None:
    """The last resort is the system's: it ends the process where the loop does not."""
    niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    seconds = MOST_CPU_SECONDS + 30
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT, DATA_LIMIT))
    torch.set_num_threads(1)


def messages(order: Order, commands: Commands, folder: Path | None) -> Iterator[dict[str, Any]]:
    """All that the process has to say of one run."""
    run = LiveRun(order)
    yield beginning(run)
    started = time.process_time()
    try:
        for record in run.records(commands.proceed):
            yield described(record, time.process_time() - started)
    except ExplodedError as error:
        yield ending("exploded", str(error))
        return
    saved = folder is None or save_model(run, folder)
    if not saved:
        yield ending("exploded", "The weights are no numbers any more.")
    elif used := over_limit():
        yield ending("limit", f"The training has used up {used}.")
    else:
        yield ending("stopped" if commands.ended.is_set() else "done")


def serve(folder: Path) -> None:
    """For the app: the order and commands on the input, lines on the output."""
    keep_limits()
    commands = Commands()
    try:
        order = read_order(folder)
        Thread(target=commands.listen, daemon=True).start()
        for message in messages(order, commands, folder):
            say(message)
    except OrderError as error:
        say(ending("failed", str(error)))
    except (MemoryError, RuntimeError):
        say(ending("failed", "The training needed more memory than it is given."))


def say(message: dict[str, Any]) -> None:
    """At once."""
    sys.stdout.buffer.write(line(message))
    sys.stdout.buffer.flush()


def record_default(file: Path) -> None:
    """Train as a reader would who changes nothing, and keep every line."""
    torch.set_num_threads(1)
    made = {
        "kind": "measured",
        "command": f"python -m transformer_core.live_training --record {file}",
        "machine": f"one thread of {platform.machine()}",
        "torch": torch.__version__,
    }
    lines = [made, *messages(Order(), Commands(), None)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"".join(map(line, lines)))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the model goes")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep a run of the defaults")
    options = parser.parse_args()
    if options.record:
        record_default(options.record)
    elif options.folder:
        serve(options.folder)
        os._exit(0)  # the thread that listens would keep the process waiting
    else:
        parser.error("name a folder, or --record and a file")


if __name__ == "__main__":
    main()
