"""Train one: the board's beginning, what it is told, the model that was trained."""

import io
import json
from zipfile import ZipFile

import pytest

from pages.n3_learning.train import train_board
from pages.n3_learning.train.train_questions import train_questions
from pages.n3_learning.train.train_tasks import describe_tasks
from pages.n3_learning.train.training_queue import Refused, TrainingQueue
from tests.lessons.test_lessons import at, menu, model_label, visit
from transformer_core.live_training.characters import read_characters
from transformer_core.live_training.loop import LiveRun
from transformer_core.live_training.messages import save_model
from transformer_core.live_training.order import LONGEST_TEXT, Order
from ui import known_models
from ui.known_models import catalogue
from ui.model_menu import MINE
from ui.models import keep_own
from ui.state import read_state

LESSON = "pages/n3_learning/train/train.py"
TEXT = "The cat saw a bird. It wanted to catch the bird, but the bird flew away.\n" * 10
ORDER = {"task": "text", "text": TEXT, "d_model": 16, "n_heads": 2, "n_layers": 2, "steps": 50}


class DoneTraining(train_board.TrainingProcess):
    """As if it had trained: the untrained model lies in its folder."""

    def __init__(self, order, folder):
        self.lines, self.has_ended, self.at = [b'{"kind":"ending"}\n'], True, folder
        save_model(LiveRun(order), folder)

    @property
    def folder(self):
        return self.at

    def end(self):
        pass

    def forget(self):
        pass


@pytest.fixture(autouse=True)
def own_models(monkeypatch):
    """What visitors have trained is gone after a test."""
    monkeypatch.setattr(known_models, "_private", {})


@pytest.fixture
def queue(monkeypatch, tmp_path):
    made = TrainingQueue(lambda order: DoneTraining(order, tmp_path), watched=False)
    monkeypatch.setattr(train_board, "the_queue", lambda: made)
    return made


def posted(**message):
    return json.loads(train_board.take_order(json.dumps(message).encode()).content)


def test_the_page_begins_with_a_recorded_run():
    lines = train_board.packed_recorded({}).content.decode().splitlines()
    said = [json.loads(line) for line in lines]
    assert [each["kind"] for each in (said[0], said[1], said[-1])] == [
        *("measured", "beginning", "ending"),
    ]
    first = describe_tasks()[0]["first"]
    assert {**first, "text": ""} == said[1]["order"] == Order().to_dict()
    assert said[-2]["accuracy"] > 0.98


def test_all_that_a_board_may_choose_can_be_ordered():
    data = train_board.describe_board()
    for task in data["tasks"]:
        for n_layers in data["layers"]:
            for n_heads in data["heads"]:
                for d_model in data["widths"]:
                    sizes = {"n_layers": n_layers, "n_heads": n_heads, "d_model": d_model}
                    text = data["text"] if task["key"] == "text" else ""
                    assert Order.from_dict({**task["first"], **sizes, "text": text})


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "too large"),
        (b"", "could not be read"),
        (b"\xff\x00", "could not be read"),
        (b"[]", "could not be read"),
        (b'{"visitor": "a", "order": {"n_heads": 3}}', "must be one of 1, 2, 4"),
        (b'{"visitor": "a", "order": {"task": "text"}}', "There is no text"),
        (b'{"visitor": "a", "order": {"learning_rate": 1e999}}', "learning rate must be"),
    ],
)
def test_an_impossible_order_is_told_in_a_sentence(queue, body, says):
    assert says in json.loads(train_board.take_order(body).content)["refused"]
    assert not queue.trainings


def test_a_text_that_is_too_long_or_no_text_is_told(queue):
    for text, says in (("a b" * LONGEST_TEXT, "At most"), ("\x00\x01" * 600, "no plain text")):
        assert says in posted(visitor="a", order={**ORDER, "text": text})["refused"]


def test_an_unknown_training_is_told(queue):
    for answer in (
        train_board.packed_look({"training": "none", "seen": "<"}),
        train_board.take_act(b'{"training": "none", "act": "stop"}'),
    ):
        assert "not here any more" in json.loads(answer.content)["refused"]
    assert train_board.packed_model({}).content == b""


def test_the_model_can_be_downloaded_without_a_pickle(queue):
    name = posted(visitor="a", order=ORDER)["training"]
    with ZipFile(io.BytesIO(train_board.packed_model({"training": name}).content)) as archive:
        assert set(archive.namelist()) == {
            *("model.safetensors", "config.json", "symbols.json", "order.json", "README.txt"),
        }
        assert json.loads(archive.read("order.json"))["text"] == ""


def test_only_a_model_of_characters_is_opened(queue):
    name = posted(visitor="a", order={"steps": 50, "d_model": 16})["training"]
    with pytest.raises(Refused, match="Only a model of characters"):
        train_board.open_model(name)


def test_an_own_model_is_known_by_its_name_alone(queue):
    name = train_board.open_model(posted(visitor="a", order=ORDER)["training"])
    known = catalogue()
    assert known.find(name) == name
    assert name not in known.public
    for guess in ("own", "Your model", "your-model", name[:-1]):
        assert known.find(guess) != name
    now = read_state({"model": name, "text": "The cat has a zebra"})
    assert now.pieces[:3] == ("T", "h", "e")
    assert "\ufffd" in now.pieces


def own_model():
    run = LiveRun(Order.from_dict(ORDER))
    return keep_own(run.model.requires_grad_(False), read_characters(json.dumps(run.task.symbols)))


def test_the_switch_lists_it_for_its_own_visitor_alone(folders):
    name = own_model()
    other = visit(LESSON)
    assert name not in menu(other).options
    assert "Your model" not in menu(other).options
    mine = at(LESSON)
    mine.session_state[MINE] = [name]
    mine.run()
    assert "Your model" in menu(mine).options
    assert model_label(visit(LESSON, model=name)).startswith("Your model")


def test_each_question_has_one_right_answer():
    for question in train_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert all(option.why for option in question.options)
