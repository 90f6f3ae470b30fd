"""Numbers in prose, written as ui/kit/format.js writes them on the boards: a test compares both.

A true minus, no "−0", halves away from zero, and digits only where they mean something.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import isinf, isnan

_COUNTS = ("", "K", "M", "B", "T", "·10¹⁵")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(power: int) -> str:
    """An exponent: ⁻¹²."""
    return str(power).translate(_RAISED)


def counted(n: int, noun: str) -> str:
    """1 token, 2 tokens."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def percent(share: float) -> str:
    """A share from 0 to 1 with two digits that matter: 77 %, 3.5 %, 0.0074 %.

    What is not all is never written as all, nor what is not nothing as nothing.
    """
    if isnan(share):
        return "not a number"
    if share == 0:
        return "0 %"
    if 0 < share < 1e-6:
        return "< 0.0001 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    hundredth = _exact(share) * 100
    if 0.99 <= share < 1:
        return f"{_fixed(hundredth, 1)} %"
    return f"{_fixed(hundredth, _places(hundredth, 2))} %"


def number(x: float, digits: int = 2, smallest: float = 1e-3) -> str:
    """A number to read: few digits, powers of ten where it is very large or small.

    Args:
        x: any float.
        digits: after the point; at most one from 100 on.
        smallest: below it in powers of ten; 0 for never.
    """
    if isnan(x):
        return "not a number"
    if isinf(x):
        return "∞" if x > 0 else "−∞"
    size = abs(x)
    if size >= 1e5 or 0 < size < smallest:
        return _as_power(_exact(x), 1)
    return _fixed(_exact(x), min(digits, 1) if size >= 100 else digits)


def signed(x: float, digits: int = 2) -> str:
    """With its sign, unless it is written as zero."""
    text = number(x, digits)
    return f"+{text}" if x > 0 and text.strip("0.") else text


def count(x: float) -> str:
    """A whole number in groups of three digits."""
    return _minus(f"{_rounded(_exact(x), 0):,}")


def scientific(x: float) -> str:
    """5.76·10²³, of whatever size."""
    return _as_power(_exact(x), 2)


def short(x: float) -> str:
    """3.50 M, 618 M, 1.40 T: a count of parameters or tokens."""
    left, units = _exact(x), list(_COUNTS)
    # 999.5 would be written as 1000: it goes into the next unit.
    while abs(left) >= Decimal("999.5") and len(units) > 1:
        left, units = left / 1000, units[1:]
    whole = units == list(_COUNTS) and left == left.to_integral_value()
    text = _fixed(left, 0 if whole else _places(left, 3))
    return f"{text} {units[0]}".strip()


def _exact(x: float) -> Decimal:
    """The shortest decimal that is read as x, which is what a browser rounds."""
    return Decimal(repr(float(x)))


def _rounded(x: Decimal, places: int) -> Decimal:
    return x.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _fixed(x: Decimal, places: int) -> str:
    return _minus(f"{_rounded(x, places):f}")


def _minus(text: str) -> str:
    return text.replace("-", "−") if text.strip("-0.,") else text.replace("-", "")


def _places(x: Decimal, digits: int) -> int:
    """After the point, for so many digits that matter, once x is rounded to them."""
    places = digits - 1 - x.adjusted()
    return max(0, digits - 1 - _rounded(x, places).adjusted())


def _as_power(x: Decimal, places: int) -> str:
    power = _rounded(x, places - x.adjusted()).adjusted()
    return f"{_fixed(x.scaleb(-power), places)}·10{raised(power)}"
