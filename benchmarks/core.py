"""Our core beside Hugging Face transformers and TransformerLens: same weights, same tokens.

    python -m benchmarks.core [--shapes small gpt2] [--threads 1 2] [--rounds 5]

One process per library, one of them at work at a time, in turns, so that a busy machine slows all
of them alike. With one thread the CPU time of a call counts, which other programs do not add to;
with more, the best wall time of a turn, since waiting threads burn CPU time. Each figure is the
median over the rounds, each ratio the median of the rounds' ratios. Ours keeps freed memory for its
next pass, as the app does; the others run as they come.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import subprocess
import sys
import time
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ui.known_models import SHIPPED

PROMPT, NEW_TOKENS = 64, 128
LEAST_SECONDS = 0.3


@dataclass(frozen=True)
class Task:
    """One thing to time, and the largest ratio of our time to each other library's time."""

    shape: str
    name: str
    n: int
    targets: dict[str, float]
    ours: str = "ours"


TASKS = (
    Task("small", "plain", 16, {"hugging_face": 0.75}),
    Task("small", "traced", 16, {"hugging_face": 0.80}),
    Task("small", "plain", 64, {"hugging_face": 0.85}),
    Task("small", "traced", 64, {"hugging_face": 0.85, "transformer_lens": 0.35}),
    Task("small", "traced", 512, {"hugging_face": 0.72}),
    Task("small", "decode", NEW_TOKENS, {"hugging_face": 1 / 2.0}),
    Task("gpt2", "traced", 64, {"hugging_face": 0.90}),
    Task("gpt2", "plain", 256, {"hugging_face": 0.92}),
    Task("gpt2", "decode", NEW_TOKENS, {"hugging_face": 1 / 1.25}),
    Task("gpt2", "decode", NEW_TOKENS, {"hugging_face": 1 / 2.0}, ours="ours_8_bit"),
)


class Worker:
    """One library in a process of its own, which answers one question at a time."""

    def __init__(self, peer: str, shape: str, threads: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.core", "--worker", peer, shape, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"},
        )

    def ask(self, name: str, n: int) -> Any:
        """The answer to one question; None once the worker has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([name, n]) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def work(peer_name: str, shape: str, threads: int) -> None:
    """The worker's side: build the model, then answer questions until the input ends."""
    warnings.filterwarnings("ignore")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import torch

    from benchmarks.peers import PEERS, SHAPES
    from transformer_core.fast.memory import keep_freed_memory

    if peer_name.startswith("ours"):
        keep_freed_memory()
    torch.set_num_threads(threads)
    config = SHAPES[shape]
    peer = PEERS[peer_name](config)
    clock = time.process_time if threads == 1 else time.perf_counter
    questions = {
        "ready": lambda n: True,
        "memory": lambda n: memory(peer, config, n),
        "check": lambda n: check(peer, config, n),
        "bandwidth": lambda n: bandwidth(n, clock),
    }
    for line in sys.stdin:
        name, n = json.loads(line)
        answer = questions[name](n) if name in questions else timed(peer, config, name, n, clock)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def timed(peer: Any, config: Any, name: str, n: int, clock: Any) -> float:
    """Seconds of one call: the median of CPU times, or the best of wall times."""
    from benchmarks.peers import token_ids

    arguments = (token_ids(config, PROMPT), n) if name == "decode" else (token_ids(config, n),)
    gc.collect()
    seconds: list[float] = []
    started = time.perf_counter()
    while not seconds or time.perf_counter() - started < LEAST_SECONDS:
        before = clock()
        getattr(peer, name)(*arguments)
        seconds.append(clock() - before)
    return median(seconds) if clock is time.process_time else min(seconds)


def bandwidth(n_bytes: int, clock: Any) -> float:
    """Bytes per second at which memory is read, best of several passes over `n_bytes`."""
    import torch

    numbers = torch.ones(n_bytes // 4)
    best = float("inf")
    for _ in range(5):
        before = clock()
        numbers.sum()
        best = min(best, clock() - before)
    return n_bytes / best


def memory(peer: Any, config: Any, n: int) -> list[float]:
    """Megabytes that a trace holds, and that the process grew by at most while it was made."""
    from benchmarks.peers import tensors, token_ids

    ids = token_ids(config, n)
    peer.traced(ids)
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    _, kept = peer.traced(ids)
    grown = status("VmHWM") - before
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors(kept)}
    return [sum(storages.values()) / 1e6, grown / 1e6]


def status(key: str) -> int:
    """One figure of this process's memory, in bytes (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))


def check(peer: Any, config: Any, n: int) -> list[float]:
    """The last logits of a traced pass, to see that all compute the same."""
    from benchmarks.peers import token_ids

    return peer.traced(token_ids(config, n))[0][-1, :100].tolist()


def compare(shape: str, threads: int, rounds: int) -> None:
    """Time every task of one shape, the libraries in turns, and print the table."""
    tasks = [task for task in TASKS if task.shape == shape]
    names = sorted(
        {task.ours for task in tasks} | {name for task in tasks for name in task.targets}
    )
    workers = {name: Worker(name, shape, threads) for name in names}
    for name in [name for name, worker in workers.items() if worker.ask("ready", 0) is None]:
        print(f"{name} is left out: see benchmarks/requirements.txt")
        workers.pop(name).close()
    print(f"\n{shape} shape, {threads} thread{'s' * (threads > 1)}, {rounds} rounds")
    print_agreement({name: worker.ask("check", 48) for name, worker in workers.items()})
    for task in tasks:
        present = [name for name in (task.ours, *task.targets) if name in workers]
        for name in present:
            workers[name].ask(task.name, min(task.n, 16) if task.name == "decode" else task.n)
        seconds: dict[str, list[float]] = defaultdict(list)
        for turn in range(rounds):
            for i in range(len(present)):
                name = present[(turn + i) % len(present)]
                seconds[name].append(workers[name].ask(task.name, task.n))
            if task.name == "decode":
                seconds["limit"].append(decode_limit(workers["ours"], shape))
        print_task(task, seconds)
    if shape == "small":
        held, peak = workers["ours"].ask("memory", 64)
        print(f"  trace of 64 tokens holds {held:.1f} MB (at most 12),", end=" ")
        print(f"peak {peak / held:.2f} x that (at most 1.1)", flush=True)
    for worker in workers.values():
        worker.close()


def decode_limit(worker: Worker, shape: str) -> float:
    """Seconds to read every matrix once for each new token, at the bandwidth measured now."""
    from benchmarks.peers import SHAPES

    c = SHAPES[shape]
    n_bytes = 4 * (
        c.n_layers * (4 * c.d_model**2 + 2 * c.d_model * c.d_ff) + c.vocab_size * c.d_model
    )
    return NEW_TOKENS * n_bytes / worker.ask("bandwidth", n_bytes)


def print_agreement(logits: dict[str, list[float]]) -> None:
    """How far each library's logits are from ours."""
    for name, values in logits.items():
        off = max(abs(a - b) for a, b in zip(values, logits["ours"], strict=True))
        print(f"  {name}: logits off by {off:.1e} at most")


def print_task(task: Task, seconds: dict[str, list[float]]) -> None:
    """One line per comparison: times, ratio, target."""
    ours = seconds[task.ours]
    for name, most in task.targets.items():
        if name not in seconds:
            continue
        ratio = median(a / b for a, b in zip(ours, seconds[name], strict=True))
        verdict = "met" if ratio <= most else "MISSED"
        times = f"{median(ours) * 1e3:9.2f} ms, {name} {median(seconds[name]) * 1e3:9.2f} ms"
        figures = f"{ratio:.2f} x its time, at most {most:.2f}"
        if task.name == "decode":
            figures = f"{1 / ratio:.2f} x its tokens/s, at least {1 / most:.2f}"
        print(f"  {task.name:7} {task.n:4} {task.ours:10} {times}: {figures}: {verdict}")
    if "limit" in seconds and task.ours == "ours":
        share = median(a / b for a, b in zip(seconds["limit"], ours, strict=True))
        print(f"  decode {share:.0%} of what reading memory allows (gpt2 shape: at least 70 %)")
    sys.stdout.flush()


STARTUP = """
import time
clock = time.process_time
a = clock(); import torch; b = clock()
from pathlib import Path
from transformer_core.checkpoints import load_checkpoint
load_checkpoint(Path({folder!r})); c = clock()
print(b - a, c - b)
"""


def startup(rounds: int) -> None:
    """CPU time of importing the core and loading a shipped model, over that of importing torch."""
    folder = SHIPPED["fable-classic"]
    command = [sys.executable, "-c", STARTUP.format(folder=str(folder))]
    pairs = [
        tuple(map(float, subprocess.run(command, capture_output=True, check=True).stdout.split()))
        for _ in range(rounds)
    ]
    ratio = median(core / torch for torch, core in pairs)
    print(
        f"\nimport and load {folder.name}: {ratio:.2f} x the time of importing torch, at most 0.10"
    )


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shapes", nargs="+", default=["small", "gpt2"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker[0], options.worker[1], int(options.worker[2]))
        return
    for threads in options.threads:
        for shape in options.shapes:
            compare(shape, threads, options.rounds)
    startup(options.rounds)


if __name__ == "__main__":
    main()
