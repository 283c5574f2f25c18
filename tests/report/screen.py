"""A page of a browser with what it said and asked for, and whether the words of its charts meet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOXES = """
return [...document.querySelectorAll('.chart svg')].filter(s => getComputedStyle(s).display !== 'none').map(s => {
  const frame = s.getBoundingClientRect();
  return {name: s.closest('figure').id, frame: [frame.left, frame.top, frame.right, frame.bottom],
    texts: [...s.querySelectorAll('text')].map(t => {
      const b = t.getBoundingClientRect();
      return [t.textContent, b.left, b.top, b.right, b.bottom, parseFloat(getComputedStyle(t).fontSize) * frame.width / s.viewBox.baseVal.width];
    })};
});
"""


class Screen:
    """A page; ``said`` and ``asked`` hold its messages and requests since it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, address: str, width: int, *, dark: bool = False, media: Any = "screen") -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(media=media, color_scheme="dark" if dark else "light")
        # an address that differs only in what follows # would not be loaded again
        self.page.goto("about:blank")
        self.said.clear()
        self.asked.clear()
        self.page.goto(address)

    def run(self, script: str, *values: object) -> Any:
        """Return what the body of a function returns, on the page."""
        return self.page.evaluate(f"values => (function () {{{script}}}).apply(null, values)", list(values))

    def wait(self, condition: str) -> None:
        until = time.monotonic() + 20
        while not self.run(condition):
            assert time.monotonic() < until, f"never: {condition}; {self.said}"
            time.sleep(0.02)

    def problems(self, smallest: float = 9.9) -> list[str]:
        """Words of charts that leave their drawing, meet others, or are too small to read."""
        return [each for drawing in self.run(BOXES) for each in _problems(drawing, smallest)]


def _problems(drawing: dict[str, Any], smallest: float) -> list[str]:
    found = []
    left, top, right, bottom = drawing["frame"]
    for k, (text, a, b, c, d, size) in enumerate(drawing["texts"]):
        if a < left - 1 or b < top - 2 or c > right + 1 or d > bottom + 2:
            found.append(f"{drawing['name']}: {text!r} leaves the drawing")
        if size < smallest:
            found.append(f"{drawing['name']}: {text!r} is {size:.1f} px")
        for other, e, f, g, h, _ in drawing["texts"][k + 1 :]:
            # A line box is higher than its letters; a fifth of it on each side is air.
            air = 0.2 * min(d - b, h - f)
            if min(c, g) - max(a, e) > 1 and min(d, h) - max(b, f) > 2 * air:
                found.append(f"{drawing['name']}: {text!r} meets {other!r}")
    return found
