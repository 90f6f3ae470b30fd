"""A clock inside the page: from what the reader did to the last change of the picture.

A change is a mutation of the document or of a component's shadow tree, or a drawing on a canvas.
It counts as seen when the second animation frame after it begins: by then it has been painted.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

QUIET = 400  # milliseconds without any change: the picture is finished

CLOCK = """
(() => {
  const clock = { frame: 0, from: 0, fromFrame: 0, first: null, seen: 0, last: 0, awaited: -1 };
  window.pageClock = clock;
  const change = () => {
    clock.last = performance.now();
    clock.first ??= clock.frame - clock.fromFrame;
    if (clock.awaited === clock.frame) return; // thousands of strokes: ask once a frame
    clock.awaited = clock.frame;
    requestAnimationFrame(() => requestAnimationFrame(() => { clock.seen = performance.now(); }));
  };
  const count = () => { clock.frame += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  const watch = (tree) => new MutationObserver(change).observe(
    tree, { subtree: true, childList: true, characterData: true });
  watch(document);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const tree = attach.call(this, options);
    watch(tree);
    return tree;
  };
  for (const name of ["fillRect", "clearRect", "stroke", "drawImage", "putImageData"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      change();
      return draw.apply(this, given);
    };
  }
  const begin = (event) => {
    if (!event.isTrusted) return; // a component's own, not the reader's
    Object.assign(clock, { from: event.timeStamp, fromFrame: clock.frame, first: null });
  };
  for (const kind of ["keydown", "click"]) addEventListener(kind, begin, { capture: true });
  clock.rest = (quiet) => new Promise((done) => {
    const wait = setInterval(() => {
      if (performance.now() - Math.max(clock.last, clock.from) < quiet) return;
      if (clock.seen < clock.last) return;
      clearInterval(wait);
      done([clock.seen - clock.from, clock.first]);
    }, 20);
  });
})();
"""


@dataclass(frozen=True)
class Repaint:
    """Time until the last change was seen; frames that had begun before the first change."""

    milliseconds: float
    frames: int | None  # None: nothing changed


def start(page: Page) -> None:
    """Put the clock into all that this tab will open; it starts with the navigation."""
    page.add_init_script(CLOCK)


def rest(page: Page) -> Repaint:
    """Wait until the picture has been still for a while; the time runs from the last event."""
    milliseconds, frames = page.evaluate("quiet => window.pageClock.rest(quiet)", QUIET)
    return Repaint(milliseconds, frames)
