"""Client-side components: one file each of markup, style and script, without a build step.

Streamlit sends a component's markup, style and script again with every run. Style and script are
long, so what it sends is a door that imports both from an address of ours, which the browser keeps.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from figures.theme import css_variables

HERE = Path(__file__).parent

# A browser loads a module once and answers every later import of it at once. Until the style is
# there, the markup is hidden but has its place.
_UNSTYLED = ":host { visibility: hidden; }\n"
_DOOR = """const address = new URL("{address}", location.origin);
export default async (component) => {{
  const {{ start, style }} = await import(address);
  const tree = component.parentElement.getRootNode();
  if (!tree.adoptedStyleSheets.includes(style)) tree.adoptedStyleSheets.push(style);
  return start(component);
}};
"""


@cache
def component(name: str) -> Any:
    """The mounting command of `ui/<name>.html`, `.css` and `.js`.

    The style starts with one variable per role (`var(--query)`), which follows the theme; the
    script with `remember(name, value)`, which writes layer, head or token into the address.
    """
    address = f"{base_path()}/app/static/components/{name}.js?v={version(name)}"
    return st.components.v2.component(
        name, html=_read(f"{name}.html"), css=_UNSTYLED, js=_DOOR.format(address=address)
    )


@cache
def module(name: str) -> str:
    """What the door imports: the component's script, and its style as a `CSSStyleSheet`."""
    style = f":host {{{css_variables()} visibility: visible;}}\n{_read(f'{name}.css')}"
    return f"""{_read("address.js")}
{_read(f"{name}.js").replace("export default function", "export function start", 1)}
export const style = new CSSStyleSheet();
style.replaceSync({json.dumps(style)});
"""


@cache
def version(name: str) -> str:
    """Changes with the module, so that no browser goes on with an old one."""
    return hashlib.sha256(module(name).encode()).hexdigest()[:16]


def _read(file: str) -> str:
    return (HERE / file).read_text("utf-8")


def base_path() -> str:
    """Where the app hangs below its host: empty, or `/some/path`."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
