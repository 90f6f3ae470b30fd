"""Numbers in addresses, which anybody can write."""

import pytest

from ui.serving.address import whole_number


@pytest.mark.parametrize(
    ("raw", "number"),
    [("0", 0), ("007", 7), ("12345678", 12_345_678)]
    + [(odd, None) for odd in ("", "-1", " 3", "1.5", "²", "٣", "123456789", "<b>")],
)
def test_a_whole_number_is_read_or_none(raw, number):
    assert whole_number(raw) == number
