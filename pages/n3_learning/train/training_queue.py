"""The queue of trainings: who trains, who waits and for how many, and what ends a training.

First come, first served; one training a visitor. A board asks for its training several times a
second. Where nobody has asked for a while, the reader has left, and the place is free again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock, Thread
from time import monotonic, sleep
from typing import Literal, Protocol

from transformer_core.live_training.messages import ending, is_ending, line
from transformer_core.live_training.order import Order

PATIENCE = 20.0  # seconds without a question, after which a reader has left
LONGEST_PAUSE = 60.0  # seconds in all, where somebody waits
LONGEST_RUN = 300.0  # seconds, pauses left out; the process itself counts its processor's time
MOST_WAITING = 20
MOST_KEPT = 20  # trainings that have ended
TICK = 0.25  # seconds

State = Literal["waiting", "running", "paused", "ended"]
How = Literal["done", "stopped", "exploded", "limit", "failed"]
LEFT = "The training was ended because no page asked for it any more."
KILLED = (
    "The training process was ended from outside, for example because the machine ran out of "
    "memory. What it had shown by then stays."
)
PAUSED_LONG = (
    f"The training was stopped after {LONGEST_PAUSE:.0f} seconds of pause, because others wait."
)
TOO_LONG = f"The training was stopped after {LONGEST_RUN:.0f} seconds. The machine is busy."
NO_MORE_WAITING = "You have left the queue."
NOT_BEGUN = "The training process could not be started. The machine may be short of memory."
FULL = f"{MOST_WAITING} visitors are waiting for a training already. Try again in some minutes."
SECOND = "A training of yours is under way, perhaps in another tab. Stop it before you begin one."
OFF = "Whoever runs this app has switched training off. The recorded run is still there to be seen."
GONE = "This training is not here any more. You can begin a new one."


class Refused(Exception):
    """A training that is not begun; the message is a sentence for the reader."""


class Trainer(Protocol):
    """A process that trains.

    lines: what it has said so far, from live_training/messages.py; has_ended: nothing will follow.
    """

    lines: list[bytes]
    has_ended: bool

    def tell(self, command: str) -> None:
        """`pause`, `resume` or `stop`."""

    def end(self) -> None:
        """At once, whatever it does; its files stay."""

    def forget(self) -> None:
        """Its files, too."""


@dataclass
class Training:
    """One training from its order to its end. `name` is known to its own reader alone."""

    visitor: str
    order: Order
    heard: float
    name: str = field(default_factory=lambda: secrets.token_hex(16))
    trainer: Trainer | None = None
    began: float = 0.0
    paused_at: float | None = None
    paused_for: float = 0.0
    ended: tuple[How, str] | None = None  # from here, and why

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.trainer is None:
            return "ended" if self.ended else "waiting"
        if self.trainer.has_ended:
            return "ended"
        return "running" if self.paused_at is None else "paused"

    def pauses(self, now: float) -> float:
        """Seconds of pause up to now."""
        return self.paused_for + (now - self.paused_at if self.paused_at is not None else 0.0)

    def finish(self, how: How, why: str) -> None:
        """End it from here."""
        self.ended = (how, why)
        if self.trainer:
            self.trainer.end()


@dataclass(frozen=True)
class Seen:
    """What a board is told: `place` is 1 for the next to begin, 0 for one that has begun."""

    state: State
    place: int
    lines: list[bytes]


class TrainingQueue:
    """The trainings of a server.

    Args:
        start: begins one.
        at_a_time: so many; 0 for none at all.
        clock: seconds.
        watched: by a thread of its own; tests call `tidy` themselves.
    """

    def __init__(
        self,
        start: Callable[[Order], Trainer],
        at_a_time: int = 1,
        clock: Callable[[], float] = monotonic,
        watched: bool = True,
    ) -> None:
        self.start, self.at_a_time, self.clock, self.watched = start, at_a_time, clock, watched
        self.trainings: dict[str, Training] = {}  # by name, in the order in which they came
        self.lock = RLock()
        self.watcher: Thread | None = None

    def enter(self, visitor: str, order: Order) -> str:
        """The name of a new training, which begins when its turn comes.

        Raises:
            Refused: where there are none, too many wait, or this visitor has one already.
        """
        with self.lock:
            self.tidy()
            if not self.at_a_time:
                raise Refused(OFF)
            if any(each.visitor == visitor for each in self._in("waiting", "running", "paused")):
                raise Refused(SECOND)
            if len(self._in("waiting")) >= MOST_WAITING:
                raise Refused(FULL)
            new = Training(visitor, order, self.clock())
            self.trainings[new.name] = new
            self.tidy()
            self._watch()
            return new.name

    def look(self, name: str, seen: int) -> Seen:
        """How it stands, and its lines from number `seen` on: a sign that its reader is there.

        Raises:
            Refused: where it is not here any more.
        """
        with self.lock:
            training = self._known(name)
            training.heard = self.clock()
            waiting = self._in("waiting")
            place = waiting.index(training) + 1 if training in waiting else 0
            return Seen(training.state, place, self._lines(training)[max(0, seen) :])

    def _lines(self, training: Training) -> list[bytes]:
        """Of one that has ended, the last one is always an ending."""
        said = list(training.trainer.lines) if training.trainer else []
        if training.state == "ended" and not (said and is_ending(said[-1])):
            said.append(line(ending(*(training.ended or ("failed", KILLED)))))
        return said

    def act(self, name: str, act: str) -> None:
        """`pause`, `resume`, `stop`, or `leave`, which forgets it.

        Raises:
            Refused: where it is not here any more, or there is no such act.
        """
        with self.lock:
            training = self._known(name)
            acts = {"pause": self._pause, "resume": self._resume, "stop": self._stop}
            if act == "leave":
                self._forget(training)
            elif act in acts:
                acts[act](training)
            else:
                raise Refused(f"A training cannot {act[:20]!r}.")
            self.tidy()

    def trainer_of(self, name: str) -> tuple[Order, Trainer]:
        """Of one that has ended.

        Raises:
            Refused: where it has not, or is not here any more.
        """
        with self.lock:
            training = self._known(name)
            if training.trainer is None or training.state != "ended":
                raise Refused("This training has not ended yet.")
            return training.order, training.trainer

    def tidy(self) -> None:
        """End what has to end, and begin what can begin."""
        with self.lock:
            now = self.clock()
            for training in self._in("waiting", "running", "paused"):
                if now - training.heard > PATIENCE:
                    self._forget(training)
                elif training.trainer:
                    self._keep_to_its_time(training, now)
            for training in self._in("ended")[:-MOST_KEPT]:
                self._forget(training)
            free = self.at_a_time - len(self._in("running", "paused"))
            for training in self._in("waiting")[: max(0, free)]:
                self._begin(training, now)

    def _begin(self, training: Training, now: float) -> None:
        try:
            training.began, training.trainer = now, self.start(training.order)
        except OSError:
            training.finish("failed", NOT_BEGUN)

    def _keep_to_its_time(self, training: Training, now: float) -> None:
        pauses = training.pauses(now)
        if pauses > LONGEST_PAUSE and self._in("waiting"):
            training.finish("limit", PAUSED_LONG)
        elif now - training.began - pauses > LONGEST_RUN:
            training.finish("limit", TOO_LONG)

    def _in(self, *states: State) -> list[Training]:
        return [each for each in self.trainings.values() if each.state in states]

    def _known(self, name: str) -> Training:
        if name not in self.trainings:
            raise Refused(GONE)
        return self.trainings[name]

    def _pause(self, training: Training) -> None:
        if training.trainer and training.state == "running":
            training.paused_at = self.clock()
            training.trainer.tell("pause")

    def _resume(self, training: Training) -> None:
        if training.trainer and training.state == "paused":
            training.paused_for, training.paused_at = training.pauses(self.clock()), None
            training.trainer.tell("resume")

    def _stop(self, training: Training) -> None:
        """One that runs keeps what it has learnt; one that waits gives up its place."""
        if training.trainer:
            training.trainer.tell("stop")
        else:
            training.finish("stopped", NO_MORE_WAITING)

    def _forget(self, training: Training) -> None:
        training.finish("stopped", LEFT)
        if training.trainer:
            training.trainer.forget()
        self.trainings.pop(training.name, None)

    def _watch(self) -> None:
        if self.watched and not (self.watcher and self.watcher.is_alive()):
            self.watcher = Thread(target=self._go_round, daemon=True, name="trainings")
            self.watcher.start()

    def _go_round(self) -> None:
        """As long as anything waits or runs."""
        while True:
            sleep(TICK)
            with self.lock:
                self.tidy()
                if not self._in("waiting", "running", "paused"):
                    self.watcher = None
                    return
