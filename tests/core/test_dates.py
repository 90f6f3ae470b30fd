"""Dates in many forms: what is written is read back, and Python's own parser agrees."""

from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transformer_core.dates import (
    ALPHABET,
    END,
    LONGEST,
    N_IDS,
    PADDING,
    START,
    UnknownCharacterError,
    any_date,
    ids_of,
    is_held_out,
    ordinal,
    read_date,
    text_of,
    written,
)

days = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@given(days, st.integers(0, 2**32))
def test_what_is_written_is_read_back_and_fits(day, seed):
    text = written(day, Random(seed))
    assert read_date(text) == day
    assert len(text) <= LONGEST
    assert text_of(ids_of(text)) == text


@pytest.mark.parametrize(
    "form",
    ["%d %B %Y", "%d %b %y", "%B %d, %Y", "%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%A, %d %B %Y"],
)
@given(day=st.dates(date(1969, 1, 1), date(2029, 12, 31)))
def test_pythons_own_forms(day, form):
    text = day.strftime(form)
    assert read_date(text) == datetime.strptime(text, form).date() == day


@pytest.mark.parametrize(
    "text", ["", "hello", "31 February 2001", "12/31/1999", "3/4-1987", "March", "1987", "0/0/00"]
)
def test_what_is_no_date(text):
    assert read_date(text) is None


def test_two_digits_name_one_of_a_hundred_years():
    assert [read_date(f"1/2/{year}").year for year in ("30", "99", "00", "29")] == [
        *(1930, 1999),
        *(2000, 2029),
    ]


def test_ordinals():
    found = [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)]
    assert " ".join(found) == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 30th 31st"


def test_ids_are_one_for_each_character_and_three_more():
    assert {*ids_of(ALPHABET), PADDING, START, END} == set(range(N_IDS))
    assert text_of([START, *ids_of("3 May"), END, *ids_of("x"), PADDING]) == "3 May"
    with pytest.raises(UnknownCharacterError) as told:
        ids_of("3 März")
    assert told.value.character == "ä"


def test_one_date_in_twenty_is_held_out():
    random = Random(1)
    share = sum(is_held_out(any_date(random)) for _ in range(10_000)) / 10_000
    assert 0.04 < share < 0.06
