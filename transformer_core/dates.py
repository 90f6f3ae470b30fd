"""Dates as people write them, and as ISO 8601 does: a task whose answers are checked by eye.

The tokens are characters, so that a reader sees which character the answer was read from.
"""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Sequence
from datetime import date
from random import Random

PADDING, START, END = range(3)
ALPHABET = " ',-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
N_IDS = 3 + len(ALPHABET)
LONGEST = 36  # characters of a text
N_TARGET = 11  # "1987-03-03" after the start, or before the end
FIRST_YEAR, LAST_YEAR = 1000, 2999
ENDINGS = {1: "st", 2: "nd", 3: "rd"}  # codespell:ignore nd
SHORT_FROM = 1930  # a year of two digits lies in the hundred years from here

WITH_WORDS = (
    "{day} {month} {year}",
    "{day} {month}, {year}",
    "{day} of {month} {year}",
    "the {day} of {month}, {year}",
    "{day}-{month}-{year}",
    "{month} {day}, {year}",
    "{month} {day} {year}",
)
WITH_DIGITS = ("{day}/{month}/{year}", "{day}.{month}.{year}", "{day}-{month}-{year}")
YEAR_FIRST = (
    "{year}-{month:02}-{day:02}",
    "{year}/{month:02}/{day:02}",
    "{year} {month:02} {day:02}",
)


class UnknownCharacterError(ValueError):
    """A text holds a character that is no token."""

    def __init__(self, character: str) -> None:
        super().__init__(f"{character!r} is none of the model's tokens")
        self.character = character


def ids_of(text: str) -> list[int]:
    """One id per character; UnknownCharacterError names the first that has none."""
    for character in text:
        if character not in ALPHABET:
            raise UnknownCharacterError(character)
    return [3 + ALPHABET.index(character) for character in text]


def text_of(ids: Sequence[int]) -> str:
    """The characters up to the end; start and padding are left out."""
    ids = list(ids)
    ids = ids[: ids.index(END)] if END in ids else ids
    return "".join(ALPHABET[i - 3] for i in ids if i > END)


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th, ... 11th, 12th, 13th, ... 31st."""
    ending = "th" if day // 10 == 1 else ENDINGS.get(day % 10, "th")
    return f"{day}{ending}"


def is_held_out(day: date) -> bool:
    """One date in twenty, which no training shows in any form."""
    return (day.toordinal() * 2654435761 % 2**32) % 20 == 0


def any_date(random: Random) -> date:
    """Half of them in the hundred years that two digits name, half in two thousand years."""
    near = (SHORT_FROM, SHORT_FROM + 99)
    first, last = near if random.random() < 0.5 else (FIRST_YEAR, LAST_YEAR)
    day = random.randint(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal())
    return date.fromordinal(day)


def written(day: date, random: Random) -> str:
    """The date in one of the forms, drawn at random."""
    kind = random.choices((_with_words, _with_digits, _year_first), (0.6, 0.3, 0.1))[0]
    text = kind(day, random)
    return random.choices((text, text.lower(), text.upper()), (0.7, 0.2, 0.1))[0]


def _with_words(day: date, random: Random) -> str:
    names = random.choice((month_name, month_abbr))
    month = names[day.month] + ("." if names is month_abbr and random.random() < 0.2 else "")
    days = (str(day.day), ordinal(day.day), f"{day.day:02}")
    text = random.choice(WITH_WORDS).format(
        day=random.choices(days, (0.4, 0.4, 0.2))[0], month=month, year=_year(day, random)
    )
    if random.random() < 0.8 or text.startswith("the"):
        return text
    return f"{random.choice((day_name, day_abbr))[day.weekday()]}{random.choice((', ', ' '))}{text}"


def _with_digits(day: date, random: Random) -> str:
    padded = random.random() < 0.5
    numbers = (f"{n:02}" if padded else str(n) for n in (day.day, day.month))
    in_day, in_month = numbers
    return random.choice(WITH_DIGITS).format(day=in_day, month=in_month, year=_year(day, random))


def _year_first(day: date, random: Random) -> str:
    return random.choice(YEAR_FIRST).format(day=day.day, month=day.month, year=day.year)


def _year(day: date, random: Random) -> str:
    is_short = SHORT_FROM <= day.year < SHORT_FROM + 100 and random.random() < 0.4
    apostrophe = "'" if random.random() < 0.3 else ""
    return f"{apostrophe}{day.year % 100:02}" if is_short else str(day.year)


_MONTHS = {
    name.lower(): i for names in (month_name, month_abbr) for i, name in enumerate(names) if i
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(name.lower() for names in (day_name, day_abbr) for name in names)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:[snr][td]|th)?", r"'?(?P<year>\d{4}|\d\d)"
_READABLE = [
    re.compile(rf"(?:(?:{_WEEKDAY}),? )?{form}")
    for form in (
        rf"(?:the )?{_DAY}(?: of)?[ -](?P<month>{_MONTH})\.?,?[ -]{_YEAR}",
        rf"(?P<month>{_MONTH})\.? {_DAY},? {_YEAR}",
        rf"(?P<day>\d\d?)(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark){_YEAR}",
        r"(?P<year>\d{4})(?P<mark>[ /-])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
    )
]


def read_date(text: str) -> date | None:
    """The date that a text in one of the forms names, day before month; None for anything else."""
    for form in _READABLE:
        if found := form.fullmatch(text.strip().lower()):
            month = _MONTHS.get(found["month"]) or int(found["month"])
            try:
                return date(_full_year(found["year"]), month, int(found["day"]))
            except ValueError:
                return None
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else SHORT_FROM + (year - SHORT_FROM) % 100
