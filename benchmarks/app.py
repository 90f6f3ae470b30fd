"""The app beside a bare Streamlit page, in one run: `python -m benchmarks.app [PART ...]`.

Parts: `idle`, `sentence` (server CPU, bytes), `crowd`, `measuring`, `picture` (in Chromium),
`visit`, `start`; all unless some are named. Other work on the machine disturbs both sides alike:
what is compared alternates, and ratios are of medians. `crowd` puts load on this machine only, for
30 seconds.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import torch
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.chromium_clock import Repaint, rest, start
from benchmarks.servers import APP, BARE_PAGE, Server, serving
from benchmarks.visitors import Visitor, crowd
from pages.n0_why.recurrence import waiting_board
from pages.n1_forward_pass.at_a_glance.forward_pass import PASSES
from pages.n4_scale.decoding import draft_board, machine_board, passes_board
from tests.browser.chromium import FLAGS, find_chromium
from transformer_core.kv_cache import KVCache
from ui.examples import STORY
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import load
from ui.state import SETTINGS

TOKENS = 32
ROUNDS = 40
VISITS = 7
STARTS = 3
VISITORS = 100
ASKED = 3  # times of each measurement
KEPT = 24  # passes that fill what a server remembers
PERIOD, DURATION = 5.0, 30.0  # seconds
SIZE: ViewportSize = {"width": 1440, "height": 900}
SENTENCE = "Your sentence"


@dataclass
class Table:
    """What was measured, line by line."""

    lines: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, what: str, ours: str, bare: str, reached: float, limit: float, unit: str) -> None:
        """`reached` is to stay at or below `limit`."""
        verdict = "met" if reached <= limit else "NOT MET"
        self.lines.append((what, ours, bare, f"{reached:.2f}{unit}", f"≤ {limit:g}{unit}", verdict))
        print("  ".join(self.lines[-1]), flush=True)

    def ratio(self, what: str, ours: list[float], bare: list[float], limit: float) -> None:
        """Medians of both, in milliseconds, and their ratio."""
        a, b = median(ours), median(bare)
        self.add(what, f"{a:.1f} ms", f"{b:.1f} ms", a / b, limit, " ×")

    def __str__(self) -> str:
        head = ("what", "ours", "bare page", "reached", "target", "")
        rows = [head, *self.lines]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines = [" | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
        lines.insert(1, "-|-".join("-" * w for w in widths))
        return "\n".join(f"| {line} |" for line in lines)


def sentences(n_tokens: int, seed: int = 0, model: str = next(iter(SHIPPED))) -> Iterator[str]:
    """Sentences of exactly so many of a model's tokens, none twice."""
    tokenizer, chance = load(model).tokenizer, random.Random(seed)
    pieces = (tokenizer.token_bytes(i).decode("utf-8", "ignore") for i in range(tokenizer.n_vocab))
    words = [piece for piece in pieces if piece[:1] == " " and piece[1:].isalpha()]
    while True:
        text = "Once" + "".join(chance.choices(words, k=n_tokens - 1))
        if len(tokenizer.encode(text)) == n_tokens:
            yield text


class Reader(Visitor):
    """A visitor of the start page, whose picture asks for the pass of the sentence by itself."""

    model, text = next(iter(SHIPPED)), STORY

    async def open(self) -> int:
        """The first picture."""
        return await super().open() + await self.picture()

    async def picture(self) -> int:
        """The pass of the sentence."""
        query = urlencode({"model": self.model, "text": self.text, "more": ""})
        return await self.get(f"{PASSES}?{query}")

    async def write(self, text: str) -> int:
        """Another sentence."""
        self.text = text
        return await self.picture()

    async def choose(self, model: str) -> int:
        """Another model: the run names it to the picture."""
        self.model = model
        return await self.enter(SETTINGS, urlencode({"model": model})) + await self.picture()


# ------------------------------------------------------------------------------ without a browser


async def measure_sentence(table: Table, ours: Server, bare: Server) -> None:
    """Server CPU of a new sentence beside the model's own pass, and what is sent for it."""
    own, plain, texts = Reader(ours.address), Visitor(bare.address), sentences(TOKENS, 1)
    await own.open()
    await plain.open()
    cpu: dict[str, list[float]] = {"ours": [], "bare": [], "pass": []}
    sent = []
    for round_ in range(ROUNDS):
        text = next(texts)
        cpu["bare"].append(await _cpu_ms(bare, plain.enter("Number", float(round_))))
        cpu["ours"].append(await _cpu_ms(ours, own.write(text)))
        sent.append(await own.write(next(texts)))
        cpu["pass"].append(_pass_cpu_ms(text))
    await own.close()
    await plain.close()
    beside = median(cpu["ours"]) - median(cpu["pass"])
    table.add(
        f"new sentence, {TOKENS} tokens: server CPU beside the pass",
        f"{median(cpu['ours']):.1f} − {median(cpu['pass']):.1f} ms",
        f"{median(cpu['bare']):.1f} ms",
        beside / median(cpu["bare"]),
        5,
        " ×",
    )
    kb = max(sent) / 1e3
    table.add(f"new sentence, {TOKENS} tokens: received", f"{kb:.0f} kB", "", kb, 400, " kB")


async def _cpu_ms(server: Server, action: Any) -> float:
    before = server.cpu_seconds()
    await action
    await asyncio.sleep(0.03)  # the run's end is said before its thread has tidied up
    return (server.cpu_seconds() - before) * 1e3


def _pass_cpu_ms(text: str) -> float:
    loaded = load(next(iter(SHIPPED)))
    ids = torch.tensor([loaded.tokenizer.encode(text)])
    before = time.process_time()
    with torch.inference_mode():
        loaded.model.trace(ids, cache=KVCache(loaded.config))
    return (time.process_time() - before) * 1e3


async def measure_crowd(table: Table, ours: Server) -> None:
    """A hundred visitors who each act every five seconds, against one alone; their memory."""
    texts = sentences(TOKENS, 2)

    async def act(reader: Reader, chance: random.Random) -> None:
        if chance.random() < 0.2:
            await reader.choose(chance.choice(list(SHIPPED)))
        else:
            await reader.write(next(texts))

    alone = Reader(ours.address)
    await alone.open()
    for model in SHIPPED:  # fill what the server remembers
        await alone.choose(model)
        for _ in range(KEPT):
            await alone.write(next(texts))
    single = await crowd([alone], act, 0.3, 9)
    before = ours.memory()
    many = [Reader(ours.address) for _ in range(VISITORS)]
    for visitor in many:
        await visitor.open()
        await visitor.write(next(texts))
    each = (ours.memory() - before) / VISITORS / 1e6
    met = await crowd(many, act, PERIOD, DURATION)
    for visitor in (alone, *many):
        await visitor.close()
    slow = quantiles(met.seconds, n=20)[-1]
    middle = median(single.seconds)
    table.add(
        f"{VISITORS} visitors, {len(met.seconds)} actions: 95th percentile against one alone",
        f"{slow * 1e3:.0f} ms, alone {middle * 1e3:.0f} ms",
        "",
        slow / middle,
        6,
        " ×",
    )
    errors = [*single.errors, *met.errors]
    table.add("errors among them", ", ".join(errors[:2]) or "none", "", len(errors), 0, "")
    table.add("memory per visitor", f"{each:.2f} MB", "", each, 1, " MB")


MEASUREMENTS: dict[str, tuple[str, dict[str, str | int]]] = {  # each at its heaviest
    "a layer": (
        waiting_board.NUMBERS,
        {"layer": waiting_board.TIMED[-1], "n": waiting_board.LENGTHS[-1]},
    ),
    "a decoding step": (
        passes_board.STEPS,
        {"model": REAL_MODEL, "text": STORY, "n": passes_board.LONGEST_LARGE},
    ),
    "the machine": (machine_board.LIMITS, {}),
    "drafts": (draft_board.DRAFTS, {"model": REAL_MODEL, "text": STORY}),
}


async def measure_measuring(table: Table, ours: Server) -> None:
    """How much longer a reader waits for a pass, at most, while another reader measures."""
    reader, other, texts = Reader(ours.address), Visitor(ours.address), sentences(TOKENS, 4)
    await reader.open()

    async def wait() -> float:
        start = time.perf_counter()
        await reader.write(next(texts))
        return (time.perf_counter() - start) * 1e3

    for what, (address, asked_for) in MEASUREMENTS.items():
        path = f"{address}?{urlencode(asked_for)}"
        await other.get(path)  # loads what it needs
        alone = [await wait() for _ in range(ROUNDS)]
        met = []
        for _ in range(ASKED):
            asked = asyncio.create_task(other.get(path))
            while not asked.done():
                met.append(await wait())
            await asked
        shown = f"{max(met):.0f} ms, alone {median(alone):.0f} ms"
        longer = max(met) - median(alone)
        table.add(f"longest wait while another times {what}", shown, "", longer, 250, " ms")
    await reader.close()


def measure_idle(table: Table, ours: Server, bare: Server) -> None:
    """CPU of a server that nobody asks for anything."""
    before = ours.cpu_seconds(), bare.cpu_seconds()
    time.sleep(10)
    own, plain = (ours.cpu_seconds() - before[0]) / 10, (bare.cpu_seconds() - before[1]) / 10
    shown = f"{own:.2%} of a core", f"{plain:.2%} of a core"
    table.add("idle server: share of a core", *shown, own * 100, 1, " %")


# ------------------------------------------------------------------------------------- in Chromium


@contextmanager
def tab(browser: Browser, server: Server) -> Iterator[tuple[Page, Repaint, list[Any]]]:
    """A first visit with an empty cache: the page, its first picture, all that it then sends.

    The ten seconds that a new reader is shown lie over the picture: they are left out.
    """
    sent: list[Any] = []
    context = browser.new_context(viewport=SIZE)
    context.add_init_script("localStorage.setItem('forward-pass-seen', '1')")
    page = context.new_page()
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.on("request", lambda asked: sent.append(asked) if asked.resource_type == "fetch" else None)
    start(page)
    page.goto(server.address)
    page.get_by_text("The number is").or_(page.locator(".prediction")).first.wait_for()
    first = rest(page)
    sent.clear()
    yield page, first, sent
    context.close()


def measure_picture(table: Table, browser: Browser, ours: Server, bare: Server) -> None:
    """From the reader's hand to the finished picture; what the browser answers by itself."""
    texts = sentences(TOKENS, 3)
    with tab(browser, ours) as (page, _, sent), tab(browser, bare) as (bare_page, _, _):
        own, plain = [], []
        for round_ in range(1, ROUNDS // 2 + 1):
            plain.append(_slide(bare_page, 500 + round_).milliseconds)
            own.append(_type(page, next(texts)).milliseconds)
        table.ratio(f"new sentence, {TOKENS} tokens: Enter to picture", own, plain, 2)
        changes = _changes(page)
        sent.clear()
        for what, change in changes.items():
            repaints = [change(i) for i in range(12)]
            frames = [r.frames for r in repaints if r.frames is not None]
            shown = f"{median(r.milliseconds for r in repaints):.0f} ms to rest"
            table.add(f"change of {what}: frames until drawn", shown, "", median(frames), 2, "")
        table.add("questions to the server meanwhile", str(len(sent)), "", len(sent), 0, "")


def _type(page: Page, text: str) -> Repaint:
    page.bring_to_front()
    page.get_by_label(SENTENCE, exact=True).fill(text)
    page.keyboard.press("Enter")  # sooner than the field's own 300 ms
    last = text.split(" ")[-1]
    page.locator(".chips > :last-child").filter(has_text=last).wait_for()
    return rest(page)


def _slide(page: Page, to: int) -> Repaint:
    page.bring_to_front()
    page.get_by_role("slider").press("ArrowRight")
    page.get_by_text(f"The number is {to}.").wait_for()
    return rest(page)


def _changes(page: Page) -> dict[str, Callable[[int], Repaint]]:
    page.bring_to_front()

    def click(selector: str) -> Callable[[int], Repaint]:
        def act(i: int) -> Repaint:
            buttons = page.locator(selector)
            buttons.nth(i % buttons.count()).click()
            return rest(page)

        return act

    def step(_: int) -> Repaint:
        page.keyboard.press("ArrowRight")
        return rest(page)

    heads = page.get_by_role("group", name="Head", exact=True).get_by_role("button")
    layers = page.get_by_role("group", name="Layer", exact=True).get_by_role("button")
    for each in layers.all():  # each layer's numbers come when it is first looked at
        each.click()
        rest(page)

    def in_front(i: int) -> Repaint:
        per_layer = heads.count() // layers.count()
        heads.nth((layers.count() - 1) * per_layer + i % per_layer).click()
        return rest(page)

    def layer(i: int) -> Repaint:
        layers.nth(i % (layers.count() - 1)).click()
        return rest(page)

    return {
        "layer": layer,
        "head": in_front,
        "token": click(".chips > *"),
        "step": step,
    }


def measure_visit(table: Table, browser: Browser, ours: Server, bare: Server) -> None:
    """A first visit to a warm server."""
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(VISITS):
        for name, server in (("bare", bare), ("ours", ours)):
            with tab(browser, server) as (_, first, _):
                times[name].append(first.milliseconds)
    table.ratio("first visit: navigation to picture", times["ours"], times["bare"], 1.5)


def measure_start(table: Table, browser: Browser, folder: Path) -> None:
    """The first visitor after a start against the second."""
    firsts, seconds = [], []
    for _ in range(STARTS):
        with serving(APP, folder) as server:
            with tab(browser, server) as (_, first, _):
                firsts.append(first.milliseconds)
            with tab(browser, server) as (_, second, _):
                seconds.append(second.milliseconds)
    a, b = median(firsts), median(seconds)
    shown = f"{a:.0f} ms, then {b:.0f} ms"
    table.add("first visitor after a start against the second", shown, "", a / b, 1.2, " ×")


PARTS = ("idle", "sentence", "crowd", "measuring", "picture", "visit", "start")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser as the tests use it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def main(parts: set[str]) -> None:
    """Measure, and print the table."""
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        with serving(APP, Path(name)) as ours, serving(BARE_PAGE, Path(name)) as bare:
            if "idle" in parts:
                measure_idle(table, ours, bare)
            if "sentence" in parts:
                asyncio.run(measure_sentence(table, ours, bare))
            if "crowd" in parts:
                asyncio.run(measure_crowd(table, ours))
            if "measuring" in parts:
                asyncio.run(measure_measuring(table, ours))
            with chromium() as browser:
                if "picture" in parts:
                    measure_picture(table, browser, ours, bare)
                if "visit" in parts:
                    measure_visit(table, browser, ours, bare)
        if "start" in parts:
            with chromium() as browser:
                measure_start(table, browser, Path(name))
    print(f"\n{table}")


if __name__ == "__main__":
    if not set(sys.argv[1:]) <= set(PARTS):
        sys.exit(f"The parts are {', '.join(PARTS)}.")
    torch.set_num_threads(1)
    main(set(sys.argv[1:] or PARTS))
