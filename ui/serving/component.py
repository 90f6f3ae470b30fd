"""Client-side components: one file each of markup, style and script, without a build step.

Streamlit sends a component's markup, style and script again with every run. Style and script are
long, so what it sends is a door that fetches both from an address of ours, which the browser keeps.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.serving import scripts

# A browser loads a module once and answers every later import of it at once. Until the style is
# there, the markup is hidden but has its place.
_UNSTYLED = ":host { visibility: hidden; }\n"
_DOOR = """const from = (name) => new URL({prefix} + name, location.origin).href;
const modules = {modules}.map((name) => import(from(name)));
const sheet = fetch(from({style})).then(async (answer) => {{
  if (!answer.ok) throw new Error(answer.statusText);
  return new CSSStyleSheet().replace(await answer.text());
}});
const arrived = Promise.all([modules[0], sheet, ...modules]);
arrived.catch(() => {{}});
const MISSING = "This picture could not be loaded from the server. Reload the page to try again.";
export default async (component) => {{
  const tree = component.parentElement.getRootNode();
  try {{
    const [{{ default: start }}, style] = await arrived;
    if (!tree.adoptedStyleSheets.includes(style)) tree.adoptedStyleSheets.push(style);
    return start(component);
  }} catch (error) {{
    console.warn(error);
    const said = document.createElement("p");
    said.role = "alert";
    said.style = "visibility: visible; margin: 1rem 0";
    said.textContent = MISSING;
    component.parentElement.prepend(said);
  }}
}};
"""


@cache
def component(python_file: str, name: str = "", whole: bool = False) -> Any:
    """The mounting command of the markup, style and script that lie beside a Python file.

    Args:
        python_file: the caller's `__file__`.
        name: of the three files; that of the Python file where none is given.
        whole: whether the script comes in one file with all that it imports.
    """
    path = Path(python_file)
    board = (path.with_name(name) if name else path.with_suffix("")).relative_to(scripts.ROOT)
    script = f"{board.as_posix()}.js"
    return st.components.v2.component(
        board.name,
        html=(scripts.ROOT / f"{board}.html").read_text("utf-8"),
        css=_UNSTYLED,
        js=_DOOR.format(
            prefix=json.dumps(scripts.prefix()),
            modules=json.dumps([scripts.whole(script)] if whole else scripts.needed(script)),
            style=json.dumps(f"{board.as_posix()}.css"),
        ),
    )
