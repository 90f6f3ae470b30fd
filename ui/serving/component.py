"""Client-side components: one file each of markup, style and script, without a build step.

Streamlit sends a component's markup, style and script again with every run. Style and script are
long, so what it sends is a door that imports both from an address of ours, which the browser keeps.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import streamlit as st

from figures.theme import css_variables, template

HERE = Path(__file__).parent
DRAWING = "drawing"

# A browser loads a module once and answers every later import of it at once. Until the style is
# there, the markup is hidden but has its place.
_IMPORT = re.compile(r'from "./(\w+).js"')
_UNSTYLED = ":host { visibility: hidden; }\n"
_DOOR = """const modules = {addresses}.map((address) => import(new URL(address, location.origin)));
export default async (component) => {{
  const {{ start, style }} = await modules[0];
  const tree = component.parentElement.getRootNode();
  if (!tree.adoptedStyleSheets.includes(style)) tree.adoptedStyleSheets.push(style);
  return start(component);
}};
"""


@cache
def component(name: str) -> Any:
    """The mounting command of `ui/<name>.html`, `.css` and `.js`.

    The style starts with one variable per role (`var(--query)`), which follows the theme, and
    `board.css`; the script may import from `drawing.js` and other scripts of this folder.
    """
    return st.components.v2.component(
        name,
        html=_read(f"{name}.html"),
        css=_UNSTYLED,
        js=_DOOR.format(addresses=json.dumps(addresses(name))),
    )


@cache
def addresses(name: str) -> list[str]:
    """Of a component's own module and of those that it imports, to be fetched side by side."""
    return [address(each) for each in (name, *_IMPORT.findall(_read(f"{name}.js")))]


@cache
def module(name: str) -> str:
    """What the browser imports: a component's script, and its style as a `CSSStyleSheet`.

    Also scripts that components share, which have no markup: `drawing.js`, which gets Plotly's
    address and every chart's look, and others.
    """
    script = _read(f"{name}.js")
    if name == DRAWING:
        look = json.dumps(template().to_plotly_json())
        return f"const PLOTLY = {json.dumps(plotly_address())};\nconst TEMPLATE = {look};\n{script}"
    script = _IMPORT.sub(lambda m: f"from {json.dumps(address(m[1]))}", script)
    if not (HERE / f"{name}.html").exists():
        return script
    style = f":host {{{css_variables()} visibility: visible;}}\n"
    style += "".join(_read(sheet) for sheet in ("board.css", f"{name}.css"))
    return f"""{script.replace("export default function", "export function start", 1)}
export const style = new CSSStyleSheet();
style.replaceSync({json.dumps(style)});
"""


def address(name: str) -> str:
    """Where a module is served; it changes with the module, so that no browser keeps an old one."""
    return f"{base_path()}/app/static/components/{name}.js?v={version(name)}"


def plotly_address() -> str:
    """Where Plotly's own script is served, from the installed package."""
    return f"{base_path()}/app/static/plotly.js?v={version_of('plotly')}"


@cache
def version(name: str) -> str:
    """A hash of the module."""
    return hashlib.sha256(module(name).encode()).hexdigest()[:16]


def _read(file: str) -> str:
    return (HERE / file).read_text("utf-8")


def base_path() -> str:
    """Where the app hangs below its host: empty, or `/some/path`."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
