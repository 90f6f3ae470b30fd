"""What of the kit only a browser shows: radio groups, keys, a board that is mounted."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ui.serving.scripts import files

PAGE = '<meta charset="utf-8"><main class="board"><div></div><canvas tabindex="0"></canvas></main>'
SCRIPT = """async () => {
  const { check, radios, slider } = await import("/ui/kit/controls.js");
  const { across, onKeys } = await import("/ui/kit/keys.js");
  const { heatmap } = await import("/ui/kit/pictures.js");
  const { mount } = await import("/ui/kit/mount.js");
  window.told = [];
  document.addEventListener("keydown", (event) => window.told.push(event.key));
  window.start = mount((root, page) => {
    const [box, canvas] = root.children;
    const choose = (i) => { window.told.push(`head ${i}`); check(box, i); page.drawn(); };
    onKeys(canvas, across((rows, columns) => window.told.push([rows, columns].join())));
    const show = (x) => `${x} %`;
    const change = (x) => window.told.push(x);
    root.append(slider({ label: "top-p", min: 0, max: 9, step: 1, value: 3, show, change }));
    return {
      async receive({ n, wait }) {
        radios(box, "Head", n, (i) => String(i + 1), choose);
        heatmap(canvas, { rows: 2, columns: n, width: 40, height: 40, colour: () => [1, 2, 3] });
        await wait;
        if (!n) throw new Error("nothing to draw");
      },
      stop: () => window.told.push("stop"),
    };
  });
  window.give = (data) => { window.end = window.start({ data, parentElement: document }); };
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    def serve(route: Route) -> None:
        path = route.request.url.split("/", 3)[3]
        if path.endswith(".js"):
            route.fulfill(body=files()[path], content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto("http://kit.test/")
    page.evaluate(SCRIPT)
    yield page
    page.close()


def told(page: Page) -> list[Any]:
    return page.evaluate("window.told.splice(0)")


@pytest.mark.browser
def test_a_radio_group_is_the_browsers_own(page):
    page.evaluate("window.give({ n: 3 })")
    page.get_by_role("radio", name="head 2").click()
    assert told(page) == ["head 1"]
    expect(page.get_by_role("radio", checked=True)).to_have_attribute("aria-label", "head 2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert told(page) == ["head 2", "head 0"]  # round to the first; nobody else heard of the arrows
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("x")
    page.keyboard.press("Alt+ArrowUp")
    assert told(page) == ["Tab", "-1,0", "x", "Alt", "ArrowUp"]


@pytest.mark.browser
def test_a_slider_says_its_value(page):
    page.evaluate("window.give({ n: 1 })")
    page.get_by_role("slider", name="top-p").press("ArrowRight")
    assert told(page)[-1] == 4
    expect(page.get_by_role("status")).to_have_text("4 %")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "4 %")


@pytest.mark.browser
def test_a_board_is_made_once_and_says_when_it_has_drawn(page):
    root = page.locator(".board")
    page.evaluate("window.give({ n: 2 })")
    expect(root).to_have_attribute("data-drawn", "1")
    page.get_by_role("radio", name="head 1").click()
    expect(root).to_have_attribute("data-drawn", "2")
    page.evaluate("window.give({ n: 4, wait: new Promise((done) => (window.done = done)) })")
    assert root.get_attribute("data-drawn") is None
    expect(page.get_by_role("radio")).to_have_count(4)
    expect(page.get_by_role("slider")).to_have_count(1)
    page.evaluate("window.done()")
    expect(root).to_have_attribute("data-drawn", "3")
    page.evaluate("window.end()")
    assert told(page) == ["head 0", "stop"]


@pytest.mark.browser
def test_a_board_that_fails_says_so_until_it_draws_again(page):
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(error.message))
    page.evaluate("window.give({ n: 0 })")
    expect(page.get_by_role("alert")).to_contain_text("could not be drawn")
    page.evaluate("window.give({ n: 2 })")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert failed == ["nothing to draw"]


@pytest.mark.browser
def test_a_setting_is_remembered_once_the_hand_has_come_to_rest(page):
    page.evaluate("""async () => {
      const { hear, rememberSoon } = await import("/ui/kit/address.js");
      hear(document.body, (name, value) => window.told.push([name, value]));
      for (const n of [1, 2, 3]) rememberSoon("n", n);
      rememberSoon("m", 4);
    }""")
    assert told(page) == []
    page.wait_for_function("window.told.length == 2")
    assert told(page) == [["n", 3], ["m", 4]]
