"""The queue, with a trainer that does nothing: turns, limits, who leaves, what is killed."""

import json

import pytest

from pages.n3_learning.train import training_queue
from pages.n3_learning.train.training_queue import (
    LONGEST_PAUSE,
    LONGEST_RUN,
    MOST_KEPT,
    MOST_WAITING,
    PATIENCE,
    Refused,
    TrainingQueue,
)
from transformer_core.live_training.messages import ending, line
from transformer_core.live_training.order import Order


class FakeTrainer:
    """It says what a test lets it say."""

    def __init__(self, order: Order) -> None:
        self.lines, self.has_ended = [], False
        self.heard, self.killed, self.forgotten = [], False, False

    def tell(self, command: str) -> None:
        self.heard.append(command)

    def end(self) -> None:
        self.has_ended = self.killed = True

    def forget(self) -> None:
        self.forgotten = True

    def finish(self, how: str = "done") -> None:
        self.lines.append(line(ending(how)))
        self.has_ended = True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return TrainingQueue(FakeTrainer, clock=clock, watched=False)


def enter(queue, *visitors):
    return [queue.enter(visitor, Order()) for visitor in visitors]


def states(queue, names):
    seen = [queue.look(name, 0) for name in names]
    return [(each.state, each.place) for each in seen]


def trainer(queue, name):
    return queue.trainings[name].trainer


def last(queue, name):
    return json.loads(queue.look(name, 0).lines[-1])


def test_first_come_first_served_and_each_knows_its_place(queue):
    a, b, c = enter(queue, "a", "b", "c")
    assert states(queue, (a, b, c)) == [("running", 0), ("waiting", 1), ("waiting", 2)]
    trainer(queue, a).finish()
    queue.tidy()
    assert states(queue, (a, b, c)) == [("ended", 0), ("running", 0), ("waiting", 1)]
    queue.act(b, "leave")
    assert states(queue, (c,)) == [("running", 0)]


def test_a_visitor_who_comes_again_stands_at_the_end(queue):
    a, b = enter(queue, "a", "b")
    trainer(queue, a).finish()
    (again,) = enter(queue, "a")
    assert states(queue, (b, again)) == [("running", 0), ("waiting", 1)]


def test_two_at_a_time_where_the_host_allows_it(clock):
    queue = TrainingQueue(FakeTrainer, at_a_time=2, clock=clock, watched=False)
    names = enter(queue, "a", "b", "c")
    assert [state for state, _ in states(queue, names)] == ["running", "running", "waiting"]


@pytest.mark.parametrize("finished", [False, True])
def test_one_training_a_visitor(queue, finished):
    (a,) = enter(queue, "a")
    if finished:
        trainer(queue, a).finish()
        enter(queue, "a")
    else:
        with pytest.raises(Refused, match="Stop it before you begin"):
            enter(queue, "a")


def test_a_server_may_train_nothing_and_a_queue_may_be_full(queue, clock):
    with pytest.raises(Refused, match="switched training off"):
        enter(TrainingQueue(FakeTrainer, at_a_time=0, clock=clock, watched=False), "a")
    enter(queue, *(str(i) for i in range(MOST_WAITING + 1)))
    with pytest.raises(Refused, match="waiting for a training already"):
        enter(queue, "one more")


def test_who_is_not_heard_of_has_left_and_frees_the_place(queue, clock):
    a, b, c = enter(queue, "a", "b", "c")
    left = trainer(queue, a)
    clock.now = PATIENCE - 1
    queue.look(c, 0)
    clock.now = PATIENCE + 1
    queue.tidy()
    assert left.killed
    assert left.forgotten
    assert states(queue, (c,)) == [("running", 0)]
    for name in (a, b):
        with pytest.raises(Refused, match="not here any more"):
            queue.look(name, 0)


def test_a_pause_is_heard_and_ends_where_others_wait(queue, clock):
    (a,) = enter(queue, "a")
    queue.act(a, "pause")
    assert states(queue, (a,)) == [("paused", 0)]
    for clock.now in range(0, int(LONGEST_PAUSE) + 20, 10):
        queue.look(a, 0)
        queue.tidy()
    assert states(queue, (a,)) == [("paused", 0)]  # nobody waits
    queue.act(a, "resume")
    assert trainer(queue, a).heard == ["pause", "resume"]
    (b,) = enter(queue, "b")
    assert states(queue, (a, b))[1][0] == "running"
    assert "seconds of pause" in last(queue, a)["says"]


def test_a_run_that_takes_too_long_is_ended(queue, clock):
    (a,) = enter(queue, "a")
    while clock.now <= LONGEST_RUN:
        queue.look(a, 0)
        queue.tidy()
        clock.now += PATIENCE / 2
    queue.tidy()
    assert last(queue, a) == ending("limit", training_queue.TOO_LONG)
    assert trainer(queue, a).killed


def test_a_process_that_is_killed_is_told_of(queue):
    a, b = enter(queue, "a", "b")
    trainer(queue, a).lines.append(b'{"kind":"record"}\n')
    trainer(queue, a).has_ended = True
    queue.tidy()
    assert len(queue.look(a, 0).lines) == 2
    assert last(queue, a)["how"] == "failed"
    assert "ended from outside" in last(queue, a)["says"]
    assert states(queue, (b,)) == [("running", 0)]


def test_a_process_that_cannot_be_started_is_told_of(clock):
    def fail(order):
        raise OSError

    queue = TrainingQueue(fail, clock=clock, watched=False)
    (a,) = enter(queue, "a")
    assert "could not be started" in last(queue, a)["says"]


def test_a_stop_keeps_what_was_learnt_and_leaves_the_queue(queue):
    a, b = enter(queue, "a", "b")
    queue.act(b, "stop")
    assert last(queue, b)["how"] == "stopped"
    queue.act(a, "stop")
    assert trainer(queue, a).heard == ["stop"]
    assert not trainer(queue, a).killed
    with pytest.raises(Refused, match="cannot"):
        queue.act(a, "<script>")


def test_only_new_lines_are_told(queue):
    (a,) = enter(queue, "a")
    trainer(queue, a).lines += [b"1\n", b"2\n", b"3\n"]
    assert queue.look(a, 2).lines == [b"3\n"]
    assert queue.look(a, 99).lines == []


def test_trainings_that_have_ended_are_kept_for_a_while(queue):
    names = []
    for i in range(MOST_KEPT + 3):
        names += enter(queue, str(i))
        trainer(queue, names[-1]).finish()
    queue.tidy()
    assert [*queue.trainings] == names[-MOST_KEPT:]
