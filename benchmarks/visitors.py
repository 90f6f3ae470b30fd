"""Visitors without a browser: they speak Streamlit's websocket protocol and HTTP, as a tab does.

A tab sends one `BackMsg` with the values of all its widgets; the server answers with `ForwardMsg`s,
one per element, up to `script_finished`. A tab also names the large elements that it still holds,
which the server then does not send again.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

ANSWER_LIMIT = 60.0  # seconds
KEPT_RUNS = 2  # a tab forgets an element that it has not been shown for so many runs


class Visitor:
    """One tab; its widgets are known by their labels. What it does returns the bytes received."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.widget_ids: dict[str, str] = {}
        self.values: dict[str, WidgetState] = {}
        self.held: dict[str, int] = {}
        self.page_hash = ""
        self.http: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> int:
        """Connect, and wait for the first run."""
        self.socket = await websockets.connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
        )
        return await self.run()

    async def close(self) -> None:
        """Leave."""
        await self.socket.close()
        if self.http:
            self.http[1].close()

    async def get(self, path: str) -> int:
        """Ask for an address by HTTP, on a connection that stays.

        Raises:
            RuntimeError: where the server does not answer with what was asked for.
        """
        kept = self.http is not None
        try:
            return await self._ask(path)
        except (ConnectionError, asyncio.IncompleteReadError):
            if not kept:
                raise
            self.http = None  # ended by the server just now: a browser asks again, too
            return await self._ask(path)

    async def _ask(self, path: str) -> int:
        host, port = self.address.removeprefix("http://").split(":")
        if self.http is None or self.http[0].at_eof():  # a server ends those that are long silent
            self.http = await asyncio.open_connection(host, int(port))
        reader, writer = self.http
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ANSWER_LIMIT)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length is not None
        await reader.readexactly(int(length[1]))
        return len(head) + int(length[1])

    async def enter(self, label: str, value: str | float | list[str]) -> int:
        """Set one widget and wait for the run that follows."""
        state = WidgetState(id=self.widget_ids[label])
        if isinstance(value, str):
            state.string_value = value
        elif isinstance(value, list):
            state.string_array_value.data.extend(value)
        else:
            state.double_array_value.data.append(value)
        self.values[label] = state
        return await self.run()

    async def run(self) -> int:
        """Ask for a run and read until it has finished."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self.page_hash
        asked.rerun_script.widget_states.widgets.extend(self.values.values())
        asked.rerun_script.cached_message_hashes.extend(self.held)
        received = 0
        await self.socket.send(asked.SerializeToString())
        while True:
            frame = await asyncio.wait_for(self.socket.recv(), ANSWER_LIMIT)
            assert isinstance(frame, bytes)
            received += len(frame)
            message = ForwardMsg()
            message.ParseFromString(frame)
            if self._take(message):
                return received

    def _take(self, message: ForwardMsg) -> bool:
        """Learn from a message; whether it was the last of its run."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "ref_hash":
            self.held[message.ref_hash] = 0
        elif kind == "delta":
            if message.metadata.cacheable:
                self.held[message.hash] = 0
            self._learn(message.delta.new_element)
        elif kind == "script_finished":
            self.held = {known: age + 1 for known, age in self.held.items() if age < KEPT_RUNS}
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _learn(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page shows {element.exception.type}")
        shown: Any = getattr(element, kind or "", None)
        if getattr(shown, "label", "") and getattr(shown, "id", ""):
            self.widget_ids[shown.label] = shown.id


SomeVisitor = TypeVar("SomeVisitor", bound=Visitor)


@dataclass(frozen=True)
class Crowd:
    """What many visitors met: the seconds of each action, from when it was due, and what failed."""

    seconds: list[float]
    errors: list[str]


async def crowd(
    visitors: Sequence[SomeVisitor],
    act: Callable[[SomeVisitor, random.Random], Any],
    period: float,
    duration: float,
) -> Crowd:
    """Let visitors who are there act every `period` seconds, at moments of their own.

    An action that has to wait for the one before counts from the moment it was due. None begins
    after the end.
    """
    met = Crowd([], [])
    stop = time.perf_counter() + duration

    async def live(visitor: SomeVisitor, chance: random.Random) -> None:
        due = time.perf_counter() + chance.uniform(0, period)
        try:
            while max(due, time.perf_counter()) < stop:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await act(visitor, chance)
                met.seconds.append(time.perf_counter() - due)
                due += period * chance.uniform(0.7, 1.3)
        except Exception as error:  # counted, so that one visitor does not stop the rest
            met.errors.append(repr(error))

    await asyncio.gather(*(live(each, random.Random(i)) for i, each in enumerate(visitors)))
    return met
