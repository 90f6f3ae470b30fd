"""What is written on screen: no term of our own where the field has one, and no slip of the pen.

Every string of the app's Python and scripts that is prose is read, and all that the boards' markup
says, also what stands in states that no test opens; then the pages as they are drawn.
"""

import ast
import re
import tomllib
from html.parser import HTMLParser

import pytest

from tests.house.reading import ROOT, files, name, text, tree
from tests.lessons.test_lessons import PAGES, said, visit
from ui.glossary import FILE, instead
from ui.known_models import ASSETS

SLIPS = {
    "a brace": re.compile(r"\$?\{[\w.: ]+\}|[{}]"),
    "two spaces": re.compile(r"[a-z,.;:]  [a-z]"),
    "minus nought": re.compile(r"[−-]0(?:\.0+)?(?![\d.:])"),
}
# Comments are passed over; a template's own values are left out of it.
HELD = r"\$\{(?:[^`{}]|\{[^{}]*\}|`(?:[^`$]|\$\{[^`{}]*\})*`)*\}"  # may hold a template itself
SCRIPT = re.compile(
    rf'//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|`((?:{HELD}|[^`\\]|\\.)*)`', re.DOTALL
)
VALUE = re.compile(HELD)
JOINED = re.compile(r'(["`])\s*\+\s*\1')  # one sentence on two lines
SAYING = ("title", "aria-label", "alt", "placeholder")  # attributes that are read


def is_prose(string: str) -> bool:
    """A sentence or a label of some words, not a name, a style or a formula."""
    words = re.findall(r"(?<![\w<.#/-])[A-Za-z][a-z]+(?=[\s,.;:!?”]|$)", string)
    return len(words) >= 3 and not re.search(r"[;{]\s*\n|</|^import |:host|::after", string)


def python_prose(path):
    docstrings = {
        id(node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree(path)):
        written = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if written and id(node) not in docstrings and is_prose(node.value):
            yield node.value


def script_strings(script):
    """Of a script, also those inside a template's values."""
    for plain, template in SCRIPT.findall(JOINED.sub("", script)):
        yield VALUE.sub("1", template) if template else plain
        for value in VALUE.findall(template):
            yield from script_strings(value[2:-1])


def script_prose(path):
    yield from filter(is_prose, script_strings(text(path)))


class Markup(HTMLParser):
    """What a board's markup says, in text and in the attributes that are read; code is left out."""

    def __init__(self):
        super().__init__()
        self.says = [""]

    def handle_starttag(self, tag, attrs):
        self.says += [value for name, value in attrs if name in SAYING and value]
        if tag not in ("b", "i", "em", "span", "kbd", "sub", "sup"):  # a new line
            self.says.append("")

    def handle_data(self, data):
        if data.strip() and self.cdata_elem is None:
            self.says[-1] += data


def markup_prose(path):
    parser = Markup()
    parser.feed(text(path))
    yield from (" ".join(each.splitlines()) for each in parser.says if each.strip())


def all_prose() -> list[tuple[str, str]]:
    found = [(name(path), each) for path in files("pages") for each in python_prose(path)]
    for room in ("ui", "figures"):
        found += [(name(path), each) for path in files(room) for each in python_prose(path)]
    for room in ("ui", "pages"):
        found += [(name(path), each) for path in files(room, ".js") for each in script_prose(path)]
        found += [
            (name(path), each) for path in files(room, ".html") for each in markup_prose(path)
        ]
    for path in (FILE, ASSETS / "about.toml"):
        listed = tomllib.loads(text(path))
        entries = listed.get("term") or listed.values()
        found += [
            (path.relative_to(ROOT).as_posix(), each)
            for entry in entries
            for each in entry.values()
            if isinstance(each, str)
        ]
    return found


def wrong(prose: str) -> list[str]:
    """What in a text is not to be there."""
    terms = [
        f"“{found[0]}”: write {write}"
        for wanted, write in instead().items()
        if (found := re.search(wanted, prose, re.IGNORECASE))
    ]
    return terms + [what for what, slip in SLIPS.items() if slip.search(prose)]


def test_the_rules_find_what_they_are_for():
    assert len(wrong("its median worth: an injury of {TOKENS}, which is  about −0.0")) == 5
    assert not wrong("−0.5 and 10−0.25; the most probable token is ablated.")
    assert len(all_prose()) > 500


def test_prose_of_scripts_and_markup_is_found(tmp_path):
    script, markup = tmp_path / "a.js", tmp_path / "a.html"
    script.write_text("""f("one sentence " + "on two lines"); // "not a comment said"
        `it holds ${many ? `an injury of ${n} heads` : "no head at all"} in all`;""")
    markup.write_text('<p title="a median worth">The  <b>two</b> words</p><style>b {}</style>')
    assert sorted(script_prose(script)) == [
        "an injury of 1 heads",
        "it holds 1 in all",
        "no head at all",
        "one sentence on two lines",
    ]
    assert list(markup_prose(markup)) == ["a median worth", "The  two words"]


def test_no_text_of_ours_says_what_the_field_says_otherwise():
    found = [
        f"{where}: {each} in {prose[:70]!r}"
        for where, prose in all_prose()
        for each in wrong(prose)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_slip(folders, page):
    shown = re.sub(r"  \n|\n\s*|[$`][^$`\n]*[$`]", "\n", said(visit(page)))
    assert not [
        f"{what}: {found[0]!r}" for what, slip in SLIPS.items() if (found := slip.search(shown))
    ]
