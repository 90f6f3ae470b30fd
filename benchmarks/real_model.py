"""The app with the real language model: `python -m benchmarks.real_model`.

Like `benchmarks.app`: beside a bare Streamlit page and beside the model's own pass, in one run.
Generation is measured beside `transformers` with the same weights, both in 32 bits on one thread.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import torch
from playwright.sync_api import Browser

from benchmarks.app import PASSES, Reader, Table, _slide, _type, chromium, sentences, tab
from benchmarks.chromium_clock import rest
from benchmarks.peers import hugging_face_smollm2
from benchmarks.servers import APP, BARE_PAGE, Server, serving
from benchmarks.visitors import crowd
from transformer_core.generation import GenerationStep, Sampling, generate
from ui.known_models import REAL_MODEL, SHIPPED, catalogue
from ui.models import load

TOKENS, LONG, WRITTEN = 12, 32, 32
FASTER = 1.5  # times as many tokens a second as `transformers`
ROUNDS, VISITS, VISITORS = 12, 5, 30
PERIOD, DURATION = 10.0, 40.0  # seconds
USED = 120  # sentences that fill what a server remembers


class RealReader(Reader):
    """A visitor of the real model."""

    model = REAL_MODEL


def pass_ms(text: str) -> float:
    """The core's own trace, with one thread."""
    loaded = load(REAL_MODEL)
    ids = torch.tensor([loaded.tokenizer.encode(text)])
    before = time.perf_counter()
    with torch.inference_mode():
        loaded.model.trace(ids)
    return (time.perf_counter() - before) * 1e3


def measure_generation(table: Table) -> None:
    """Greedy, with a KV cache, in turns; both must write the same."""
    loaded, theirs = load(REAL_MODEL), hugging_face_smollm2(catalogue().offered[REAL_MODEL].path)
    own, peer = [], []
    for text in islice(sentences(TOKENS, 8, REAL_MODEL), ROUNDS):
        ids = loaded.tokenizer.encode(text)
        before = time.perf_counter()
        events = generate(loaded.model, ids, Sampling(temperature=0), WRITTEN)
        mine = [event.token_id for event in events if isinstance(event, GenerationStep)]
        between = time.perf_counter()
        written = theirs(ids, WRITTEN)
        peer.append((time.perf_counter() - between) * 1e3 / WRITTEN)
        own.append((between - before) * 1e3 / WRITTEN)
        if mine != written:
            print("written differently:", text, mine, written)
    what = f"a token written after {TOKENS}, against transformers: {FASTER} × as many a second"
    table.ratio(what, own, peer, round(1 / FASTER, 3))


def measure_picture(table: Table, browser: Browser, ours: Server, bare: Server) -> None:
    """From Enter to the finished picture; a layer when it is asked for; the first visit."""
    texts = sentences(TOKENS, 3, REAL_MODEL)
    own, plain, passes, asked = [], [], [], []
    with tab(browser, ours) as (page, _, _), tab(browser, bare) as (bare_page, _, _):
        for round_ in range(1, ROUNDS + 1):
            text = next(texts)
            passes.append(pass_ms(text))
            plain.append(_slide(bare_page, 500 + round_).milliseconds)
            own.append(_type(page, text).milliseconds)
            layers = page.get_by_role("group", name="Layer", exact=True).get_by_role("button")
            layers.nth(round_ % layers.count()).click()
            asked.append(rest(page).milliseconds)
    allowed = [2 * a + b for a, b in zip(passes, plain, strict=True)]
    table.ratio(f"{TOKENS} tokens: Enter to picture, against 2 passes + a slider", own, allowed, 1)
    table.ratio("a layer that has to be asked for, against a slider", asked, plain, 2)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(VISITS):
        for name, server in (("bare", bare), ("ours", ours)):
            with tab(browser, server) as (_, first, _):
                times[name].append(first.milliseconds)
    table.ratio("first visit: navigation to picture", times["ours"], times["bare"], 1.5)


async def measure_bytes(table: Table, ours: Server) -> None:
    """What travels for a text of 32 tokens, and for one layer of it."""
    reader = RealReader(ours.address)
    await reader.open()
    text = next(sentences(LONG, 5, REAL_MODEL))
    first = await reader.write(text) / 1e3
    query = urlencode({"model": REAL_MODEL, "text": text, "more": "", "layer": "7"})
    layer = await reader.get(f"{PASSES}/layer?{query}") / 1e3
    await reader.close()
    table.add(f"first answer, {LONG} tokens", f"{first:.0f} kB", "", first, 250, " kB")
    table.add(f"a layer, {LONG} tokens", f"{layer:.0f} kB", "", layer, 100, " kB")


async def measure_crowd(table: Table, ours: Server) -> None:
    """Thirty visitors, each with a new sentence every ten seconds, against one alone."""
    texts = sentences(TOKENS, 4, REAL_MODEL)

    async def act(reader: Reader, chance: random.Random) -> None:
        await reader.write(next(texts))

    alone = RealReader(ours.address)
    await alone.open()
    single = await crowd([alone], act, 0.5, 8)
    many = [RealReader(ours.address) for _ in range(VISITORS)]
    for visitor in many:
        await visitor.open()
    met = await crowd(many, act, PERIOD, DURATION)
    for visitor in (alone, *many):
        await visitor.close()
    slow, middle = quantiles(met.seconds, n=20)[-1], median(single.seconds)
    shown = f"{slow * 1e3:.0f} ms, alone {middle * 1e3:.0f} ms"
    what = f"{VISITORS} visitors, {len(met.seconds)} sentences: 95th percentile against one alone"
    table.add(what, shown, "", slow / middle, 4, " ×")
    errors = [*single.errors, *met.errors]
    table.add("errors among them", ", ".join(errors[:2]) or "none", "", len(errors), 0, "")


async def measure_memory(table: Table, ours: Server) -> None:
    """Resident memory once all three models have read many texts, some of 200 tokens."""
    reader = Reader(ours.address)
    await reader.open()
    for model in (REAL_MODEL, *SHIPPED):
        await reader.choose(model)
        short, long = sentences(TOKENS, 6, model), sentences(200, 7, model)
        for i in range(USED):
            await reader.write(next(long if i % 10 == 9 else short))
    await reader.close()
    held = ours.memory() / 1e9
    table.add("memory with three models in use", f"{held:.2f} GB", "", held, 2.0, " GB")


def main() -> None:
    """Measure, and print the table."""
    if REAL_MODEL not in catalogue().offered:
        sys.exit("The real model is not installed.")
    table = Table()
    measure_generation(table)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(APP, Path(name), REAL_MODEL) as ours,
        serving(BARE_PAGE, Path(name)) as bare,
    ):
        with chromium() as browser:
            measure_picture(table, browser, ours, bare)
        asyncio.run(measure_bytes(table, ours))
        asyncio.run(measure_crowd(table, ours))
        asyncio.run(measure_memory(table, ours))
    print(f"\n{table}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
