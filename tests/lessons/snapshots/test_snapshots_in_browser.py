"""Watch it learn, as a reader uses it: the step dragged and played, a pattern, a head ablated."""

import re

from playwright.sync_api import expect

from pages.n3_learning.snapshots.birth_board import runs
from pages.n3_learning.snapshots.kept_steps import copying_steps
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats

CAT = "The cat saw a bird in the tree. It wanted to catch the"


class Steps:
    """Both boards, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        self.story = self.page.locator(".st-key-steps-board .board[data-drawn]")
        self.birth = self.page.locator(".st-key-birth-board .board[data-drawn]")
        self.finding, self.nearest = self.story.get_by_role("heading", level=3).all()
        self.circuit = self.birth.get_by_role("heading", level=3).first

    def step(self, board):
        return board.get_by_role("slider", name="Training step")


def test_every_step_is_answered_without_the_server(visit):
    seen = Steps(visit(f"snapshots?model=fable-classic&text={CAT}"))
    expect(seen.finding).to_contain_text("After 40 training steps")
    expect(seen.nearest).to_contain_text("the frequencies of single tokens")
    seen.page.evaluate(COUNT_MESSAGES)
    asked = []
    seen.page.on("request", lambda request: asked.append(request.url))
    slide = seen.step(seen.story)
    slide.fill("0")
    expect(seen.finding).to_contain_text("Before training")
    expect(seen.nearest).to_contain_text("equal probabilities for all tokens")
    slide.press("ArrowRight")
    slide.fill("7")
    expect(seen.finding).to_contain_text("At the end, after 1,343 steps")
    expect(seen.nearest).to_contain_text("the frequencies of pairs")
    seen.story.get_by_role("radio", name="layer 1, head 1").check(force=True)
    heading = seen.story.get_by_role("heading", name=re.compile("Layer 1, head 1"))
    expect(heading).to_be_visible()
    expect(seen.page).to_have_url(re.compile("step=8"))
    seen.story.get_by_role("button", name="Play").click()  # from the beginning
    expect(seen.finding).to_contain_text("Before training")
    expect(seen.finding).to_contain_text("After 10 training steps")
    seen.story.get_by_role("button", name="Pause").click()
    assert seen.page.evaluate("window.messagesSent") == 0
    assert not asked


def test_dragging_takes_less_than_a_frame(visit):
    seen = Steps(visit(f"snapshots?model=fable-classic&text={CAT}"))
    taken = seen.step(seen.story).evaluate(
        """(slide) => {
          const taken = [];
          for (let i = 0; i < 24; i++) {
            slide.value = String(i % 8);
            const start = performance.now();
            slide.dispatchEvent(new Event("input"));
            taken.push(performance.now() - start);
          }
          return Math.min(...taken);
        }"""
    )
    assert taken < 16  # the shortest of 24: others work on the same machine


def test_a_pattern_is_read_and_a_head_ablated(visit):
    seen = Steps(visit("snapshots?model=fable-classic"))
    expect(seen.circuit).to_contain_text("“#blue42fox”")
    field = seen.birth.get_by_role("textbox", name="Your pattern")
    field.fill("ab")
    field.press("Enter")
    expect(seen.birth.locator(".problem")).to_contain_text("at least 3 characters")
    field.fill("Zebra#17")
    seen.birth.get_by_role("button", name="Read it twice").click()
    expect(seen.circuit).to_contain_text("“Zebra#17”")
    whole, without = (float(runs("Zebra#17")[-1][run].second_copy) for run in (0, 2))
    assert abs(floats(seen.circuit.inner_text())[-1] - whole) < 0.006
    seen.birth.get_by_role("radio", name="1.2 (previous token)").check(force=True)
    expect(seen.circuit).to_contain_text(f"costs {without:.2f} instead of {whole:.2f}")
    expect(seen.page).to_have_url(re.compile("pattern=Zebra"))
    seen.step(seen.birth).fill("0")
    expect(seen.circuit).to_contain_text("at step 0")
    assert seen.step(seen.birth).get_attribute("max") == str(len(copying_steps()) - 1)


def test_a_question_moves_the_pictures(visit):
    seen = Steps(visit("snapshots?model=fable-classic"))
    seen.page.get_by_text("It no longer finds its target").click()
    expect(seen.circuit).to_contain_text("Without head 1.2 at step 1,200")
