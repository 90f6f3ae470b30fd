"""One recorded experiment: question, outcome, curves, and all that is needed to repeat it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from figures.experiment import amount, curve_groups, shown_name, styles_of
from pages.n4_scale.experiments.curves import ABREAST, show_curves
from pages.n4_scale.experiments.experiment_words import (
    day,
    duration,
    in_words,
    shared_and_varied,
    title_of,
    told,
    value_and_interval,
)
from transformer_core.records.result import Result
from ui.prose import plain
from ui.provenance import show_tag, tag

GOODNESS = "R² of "  # over a few points it is no evidence, so it is not shown
LONG = 12  # rows of a table that fit beside a figure
METHOD = {"varied": "What was varied", "held_equal": "Held equal", "measured": "What was measured"}


def show_report(name: str, result: Result) -> None:
    """What came out first, then how it was found."""
    with st.container(border=True, key="experiment-outcome", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(title_of(name), anchor=False, width="content")
            show_tag("measured")
            st.caption(f"{day(result.date)} · {duration(result.seconds)}", width="content")
        st.markdown(plain(result.question))
        show_remark(result.remark)
    if result.quick:
        st.warning("This was a quick run to try the machinery, so its numbers prove nothing.")
    show_numbers(name, result)
    show_texts(result)
    st.subheader("How it was done", anchor=False)
    for column, (key, title) in zip(st.columns(3), METHOD.items(), strict=True):
        with column.container(border=True, height="stretch"):
            said = str(result.configuration.get(key, "not recorded"))
            st.markdown(f"**{title}**  \n{plain(said[:1].upper() + said[1:])}")
    show_facts(result)
    show_settings(result)


def show_remark(remark: str) -> None:
    """The headline, then what it shows, what it does not and what larger studies find."""
    (_, headline), *parts = told(remark.replace(" %", "\u00a0%"))
    st.markdown(f"**{plain(headline)}**" if headline else "")
    if not parts:
        return
    for column, (title, text) in zip(st.columns(len(parts), gap="large"), parts, strict=True):
        column.markdown(f"**{title}**  \n{plain(text)}" if title else plain(text))


def show_numbers(name: str, result: Result) -> None:
    """Figures and fitted values, two abreast where they leave each other the room."""
    groups = curve_groups(result.series)
    styles = styles_of(groups)
    if max(map(len, groups), default=0) > 2:
        st.caption("Point at a name to see its curve alone. Press it to keep the curve in sight.")
    parts = [
        (len(group) > ABREAST, partial(show_curves, group, styles, key=f"{name}-{i}"))
        for i, group in enumerate(groups)
    ]
    if result.fitted:
        parts.append((len(result.fitted) > LONG, partial(show_fitted, result)))
    while parts:
        n = 1 if any(wide for wide, _ in parts[:2]) else 2
        for column, (_, show) in zip(st.columns(len(parts[:n])), parts[:n], strict=True):
            with column:
                show()
        parts = parts[n:]


def show_fitted(result: Result) -> None:
    """Fitted values and their intervals."""
    rows = [
        (plain(name), *value_and_interval(found))
        for name, found in result.fitted.items()
        if not name.startswith(GOODNESS)
    ]
    half = -(-len(rows) // 2) if len(rows) > LONG else len(rows)
    with st.container(border=True, height="stretch"):
        st.markdown(f"**Values from these numbers** {tag('measured')}")
        columns = st.columns(-(-len(rows) // half), gap="large")
        for column, some in zip(columns, (rows[:half], rows[half:]), strict=False):
            names, values, intervals = zip(*some, strict=True)
            table = {"": names, "value": values, "interval": intervals}
            column.table(table, border="horizontal", hide_index=True)


def show_texts(result: Result) -> None:
    """What the model wrote at each x, without the beginning that it was given each time."""
    if not result.texts:
        return
    prompt = str(result.data.get("prompt") or "")
    given = prompt if all(each.text.startswith(prompt) for each in result.texts) else ""
    where = next(each.x_label for each in result.series) if result.series else "at"
    closed = st.expander(f"What the model wrote ({len(result.texts)})", icon=":material/notes:")
    with closed, st.container(key="experiment-texts"):
        if given:
            st.caption(f"Each continues “{plain(given.strip())}”.")
        st.table(
            {
                plain(where): [plain(amount(each.at)) for each in result.texts],
                "text": [_shown(each.text[len(given) :]) for each in result.texts],
            },
            border="horizontal",
            hide_index=True,
        )


def _shown(text: str) -> str:
    return plain(text.replace("\n", " ↵ ").strip()) or "␣"


def show_facts(result: Result) -> None:
    """The record, and the command that repeats it."""
    facts = {
        "seeds": in_words(list(result.seeds)),
        **{shown_name(str(name)): in_words(value) for name, value in result.data.items()},
        "tokens seen at most": amount(result.tokens),
        "machine": result.machine,
        "recorded": day(result.date),
        "commit": result.commit,
        "time": duration(result.seconds),
    }
    record, repeat = st.columns((2, 3), gap="large")
    with record:
        st.markdown("**On record**")
        st.table(
            {"": [plain(name) for name in facts], " ": [plain(said) for said in facts.values()]},
            border="horizontal",
            hide_index=True,
            hide_header=True,
        )
    with repeat:
        st.markdown("**Repeat it**")
        st.code(result.command, language="bash", wrap_lines=True)
        st.caption(
            "TOKENS_FOLDER is the folder into which `python -m transformer_core.training.corpus "
            "CORPUS_FOLDER --out TOKENS_FOLDER` has put the text. If the command is stopped and "
            "started again, it continues where it was. It writes its result to `runs/`."
        )


def show_settings(result: Result) -> None:
    """Every setting: what all have in common once, the rest as a table."""
    settings = result.configuration.get("settings", [])
    if not isinstance(settings, list) or not settings:
        return
    shared, varied = shared_and_varied(settings)
    with st.expander(f"All settings ({len(settings)})", icon=":material/tune:"):
        if shared:
            said = "  ".join(f"`{name} = {value}`" for name, value in shared.items())
            st.markdown(f"The same in all: {said}")
        if varied:
            st.dataframe(varied, hide_index=True, alt="The settings that differ, a row for each")
