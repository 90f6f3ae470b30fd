"""The first screen as a reader sees it, and the numbers that it should show."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import IDLE, Visit
from transformer_core.transformer import TransformerTrace
from ui.known_models import catalogue
from ui.models import LoadedModel, load

STEPS = 15
WRITE = re.compile("^Write “|^Context is full$")
TWO_FRAMES = "() => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))"
COUNT_MESSAGES = """() => {
  const send = WebSocket.prototype.send;
  window.messagesSent = 0;
  WebSocket.prototype.send = function (...sent) {
    window.messagesSent += 1;
    return send.apply(this, sent);
  };
  const ask = window.fetch;
  window.passesAsked = 0;
  window.fetch = function (...asked) {
    if (String(asked[0]).includes("/passes?")) window.passesAsked += 1;
    return ask.apply(this, asked);
  };
}"""
WATCH = """root => new Promise(end => {
  const seen = [], steps = [...root.querySelectorAll("[aria-label=Steps] button")];
  const look = () => {
    const step = steps.findIndex(each => each.ariaCurrent);
    if (step >= 0 && step !== seen.at(-1)?.step) seen.push({
      step,
      place: root.querySelector(".finding p").textContent,
      guessing: getComputedStyle(root.querySelector(".prediction .guess")).visibility === "visible",
      layers: [...root.querySelectorAll(".column .guess")].filter(each => each.textContent).length,
    });
    const begins = seen.length === 0;
    if (begins || root.querySelector("[aria-label=Pause]")) requestAnimationFrame(look);
    else end(seen);
  };
  root.querySelector("[aria-label=Play]").click();
  look();
})"""


class FirstScreen:
    """Where things are, by role, label or meaning; what they say now."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page
        self.visit = visit
        self.root = self.page.get_by_role("group", name="The forward pass of your sentence")
        self.canvas = self.root.locator(".rows canvas")
        self.close_up = self.root.locator(".close-up")
        self.tokens = self.buttons("Token")  # that have a lane
        self.all_tokens = self.root.locator(".chips button")
        self.sampled = self.tokens.and_(self.root.get_by_role("button", name=", sampled"))
        self.layers = self.buttons("Layer")
        self.heads = self.buttons("Head")  # of all layers, one layer after the other
        self.band = self.root.get_by_role("region", name="All layers and heads")
        self.parts = self.buttons("Parts")
        self.prediction = self.group("Next token")
        self.guesses = self.prediction.get_by_role("listitem").get_by_role("button")
        self.write = self.prediction.get_by_role("button", name=WRITE)
        self.sample = self.prediction.get_by_role("button", name="Surprise me")
        self.notes = self.root.get_by_role("complementary")
        self.title = self.root.get_by_role("heading", level=2)
        self.levers = self.buttons("What a designer may change")
        self.said = self.root.get_by_role("status", name="In words")
        self.tip = self.root.get_by_role("tooltip")
        self.card = self.root.get_by_role("dialog")
        self.timeline = self.root.get_by_role("navigation")
        self.steps = self.buttons("Steps")
        self.speed = self.timeline.get_by_title("Speed")
        self.text = self.page.get_by_role("textbox", name="Your sentence")
        expect(self.title).to_be_visible()
        self.drawn()

    def sliders(self) -> list[Locator]:
        """Temperature and top-p, which are folded at first."""
        if self.prediction.locator("details:not([open])").count():
            self.prediction.get_by_text("change").click()
        return self.root.get_by_role("slider").all()

    def group(self, name: str) -> Locator:
        return self.root.get_by_role("group", name=name, exact=True)

    def buttons(self, group: str) -> Locator:
        return self.group(group).get_by_role("button")

    def drawings(self) -> int:
        """How many pictures are finished; 0 while an answer of the server is being drawn."""
        return int(self.root.get_attribute("data-drawn") or 0)

    def drawn(self, after: int = 0) -> None:
        """Wait until a later picture is finished."""
        self.page.wait_for_function(
            "([root, after]) => Number(root.dataset.drawn ?? 0) > after",
            arg=[self.root.element_handle(), after],
        )

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Wait until what is done inside has been drawn."""
        before = self.drawings()
        yield
        self.drawn(before)

    def frames(self) -> None:
        """Wait until what was asked for has been painted, if it changes anything."""
        self.page.evaluate(TWO_FRAMES)

    def read(self, text: str) -> None:
        """Type another sentence and wait for its picture."""
        with self.another_pass():
            self.text.fill(text)
            self.text.press("Enter")

    def choose_model(self, name: str) -> None:
        with self.another_pass():
            choose_model(self.page, name)

    def choose_layer(self, layer: int) -> None:
        """Its numbers may have to come first."""
        self.layers.nth(layer).click()
        expect(self.layers.nth(layer)).to_have_attribute("aria-pressed", "true")
        self.frames()

    def choose_head(self, head: int, layer: int | None = None) -> None:
        """Of the layer looked at, or of another one."""
        chosen_layer = self.layer() if layer is None else layer
        button = self.heads.nth(chosen_layer * self.n_heads() + head)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        self.frames()

    @contextmanager
    def another_pass(self) -> Iterator[None]:
        """Wait until the picture of another pass is drawn, and the app has nothing to say to it."""
        before = self.summary()
        yield
        expect(self.said).not_to_have_text(before)
        self.page.wait_for_selector(IDLE)
        self.drawn()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.frames()

    def summary(self) -> str:
        return self.said.text_content() or ""

    def passes(self) -> int:
        """How many passes the picture has asked for since `count_messages`."""
        return int(self.page.evaluate("window.passesAsked"))

    def attention_share(self) -> str:
        """Of the token, layer and head looked at, to the key read most; as it is read out."""
        found = re.search(r"(?:[<>] )?[\d.]+ %", self.summary())
        assert found is not None
        return found.group()

    def words(self) -> list[str]:
        return self.tokens.all_inner_texts()

    def layer(self) -> int:
        return chosen(self.layers)

    def n_heads(self) -> int:
        return self.heads.count() // self.layers.count()

    def head(self) -> int:
        layer, head = divmod(chosen(self.heads), self.n_heads())
        assert layer == self.layer()
        return head

    def set_aside(self) -> int:
        """How many tokens at the start do not count as read: the first, where set aside."""
        aside = self.root.get_by_role("button", name="first token set aside")
        return int(aside.get_attribute("aria-pressed") == "true" and self.token() > 0)

    def token(self) -> int:
        return chosen(self.tokens)

    def step(self) -> int | None:
        """The step looked at, counted from 0; None in the overview."""
        marks = self.steps.evaluate_all("all => all.map(b => b.getAttribute('aria-current'))")
        return marks.index("step") if "step" in marks else None

    def wait_for_step(self, step: int, seconds: float = 30) -> None:
        deadline = monotonic() + seconds
        while (self.step() or 0) < step:
            assert monotonic() < deadline, f"step {step} has not come"
            self.frames()

    def point_at_step(self, step: int) -> None:
        """Move the pointer to the middle of a step's part of the timeline."""
        box = self.steps.nth(step).bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
        self.page.mouse.move(*middle, steps=3)

    def watch_play(self) -> list[dict[str, Any]]:
        """Play, and what stands on the screen as each step begins."""
        seen: list[dict[str, Any]] = self.root.evaluate(WATCH)
        return seen

    def step_filled(self) -> float:
        current = self.group("Steps").locator('[aria-current="step"]')
        return float(current.evaluate("b => b.style.getPropertyValue('--fill')"))

    def picture(self) -> str:
        self.frames()
        return pixels(self.canvas)[0]

    def maps(self) -> str:
        """All attention maps, as one picture."""
        self.frames()
        return pixels(self.band.locator("canvas"))[0]

    def everything(self) -> dict[str, str]:
        """All that a new sentence or model must change, as text to compare."""
        return {
            "picture": self.picture(),
            "prediction": " ".join(self.guesses.all_inner_texts()),
            "finding": self.title.inner_text(),
            "summary": self.summary(),
            "maps": self.maps(),
            "layers' guesses": " ".join(self.band.locator(".guess").all_inner_texts()),
        }

    def address(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def wait_for_address(self, **wanted: str) -> None:
        self.page.wait_for_function(
            "wanted => Object.entries(wanted).every(([name, value]) =>"
            " (new URL(location).searchParams.get(name) ?? '') == value)",
            arg=wanted,
            timeout=10_000,
        )

    def count_messages(self) -> None:
        self.page.evaluate(COUNT_MESSAGES)

    def messages(self) -> int:
        """Sent to the server since `count_messages`."""
        return int(self.page.evaluate("window.messagesSent"))

    def hover_dot(self, query: int, key: str, x: float = 0) -> float:
        """Move along a token's row, from x at least, until the tip speaks of this key; where."""
        row, box = self.tokens.nth(query).bounding_box(), self.canvas.bounding_box()
        x, end = max(x, box["x"] + row["width"]), box["x"] + box["width"]
        y = row["y"] + row["height"] / 2
        while x < end:
            self.page.mouse.move(x, y)
            self.frames()
            if self.tip.is_visible() and f"“{key}”" in self.tip.locator("b").inner_text():
                return x
            x += 6
        raise AssertionError(f"no dot of token {query + 1} speaks of {key}")


def choose_model(page: Page, name: str) -> None:
    """In the frame's menu."""
    page.locator(".st-key-model-menu").get_by_role("button").click()
    page.get_by_role("radio", name=catalogue().offered[name].title).check(force=True)


def chosen(buttons: Locator) -> int:
    """The one that is pressed, counted from 0."""
    pressed = buttons.evaluate_all("all => all.map(b => b.getAttribute('aria-pressed'))")
    assert pressed.count("true") == 1
    return pressed.index("true")


def pixels(canvases: Locator) -> list[str]:
    return canvases.evaluate_all("all => all.map(canvas => canvas.toDataURL())")


def floats(text: str) -> list[float]:
    """All numbers in a line, as they are written."""
    whole = re.sub(r"(?<=\d),(?=\d{3})", "", text.replace("\u00a0", ""))
    found = re.findall(r"[−+-]?\d+(?:\.\d+)?", whole)
    return [float(number.replace("−", "-")) for number in found]


def agrees(shown: str, exact: float, slack: float = 0.002) -> bool:
    """Whether a number, or a share in percent, is the exact one rounded as written."""
    share = "%" in shown
    if shown.strip().startswith(("<", ">")):
        bound = floats(shown)[0] / 100
        return exact < bound if "<" in shown else exact > bound
    number = re.search(r"[−+-]?\d+(?:\.(\d+))?", shown)
    assert number is not None, shown
    digits = len(number.group(1) or "")
    half_a_unit = 0.5 * 10**-digits
    wanted = exact * 100 if share else exact
    return abs(floats(number.group())[0] - wanted) <= half_a_unit + slack * max(1, abs(wanted))


def model_and_trace(
    name: str, text: str, more: tuple[int, ...] = ()
) -> tuple[LoadedModel, TransformerTrace]:
    """The run that the screen should show, made here."""
    loaded = load(name)
    ids = (*loaded.tokenizer.encode(text), *more)
    with torch.inference_mode():
        return loaded, loaded.model.trace(torch.tensor([ids]))
