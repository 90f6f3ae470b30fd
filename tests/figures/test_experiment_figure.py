"""Curves of an experiment: which share a figure, what their axes are, how they are told apart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from figures.axis import Axis, spread_by_ratio, wide_range
from figures.experiment import amount, curve_groups, curves_figure, outline
from figures.line_styles import line_styles
from transformer_core.records.result import Series


def series(name="a", x=(1.0, 2.0), y=(3.0, 4.0), x_label="step", y_label="loss"):
    return Series(name, x_label, y_label, tuple(x), tuple(y))


def test_curves_share_a_figure_where_they_share_both_axes():
    a, b = series("a"), series("b")
    other, empty = series("c", x_label="tokens seen"), series("d", x=(), y=())
    assert curve_groups([a, other, empty, b]) == [(a, b), (other,)]


def test_figure_holds_every_number_and_the_highest_end_first():
    low, high = series("low_one", y=(9.0, 1.0)), series("high", y=(0.0, 2.0))
    figure = curves_figure((low, high))
    assert [line.name for line in figure.data] == ["high", "low one"]
    assert list(figure.data[1].x) == [1.0, 2.0]
    assert list(figure.data[1].y) == [9.0, 1.0]
    assert figure.layout.xaxis.title.text == "step"
    assert figure.layout.yaxis.title.text == "loss"


def test_names_and_labels_are_no_markup():
    bad = "<a href='x'>"
    figure = curves_figure((series(bad, x_label=bad, y_label=bad),))
    line = figure.data[0]
    assert line.meta["name"] == bad
    for text in (line.name, line.hovertemplate, figure.layout.xaxis.title.text):
        assert "<a" not in text
        assert "&lt;a" in text


@pytest.mark.parametrize(
    ("label", "values", "log"),
    [
        ("tokens seen", [81_920 * k for k in range(1, 134)], True),
        ("tokens seen", [1e6, 2e6, 3e6], False),
        ("parameters", [3e4, 1e5, 3e6], True),
        ("training FLOP", [1e12, 1e14, 1e15], True),
        ("position", [16 + 32 * k for k in range(32)], False),
        ("heads", [1, 2, 4, 8], True),
        ("layer", list(range(1, 97)), False),
        ("learning rate", [1e-5, 1e-4, 1e-3, 1e-2], True),
        ("shift", [-1, 10, 1000], False),
    ],
)
def test_chosen_values_are_logarithmic_where_they_were_chosen_so(label, values, log):
    assert spread_by_ratio(label, values) is log


@pytest.mark.parametrize(
    ("label", "values", "log"),
    [
        ("loss, nats per token", [1.9, 8.3], False),
        ("weight", [0.011, 0.95], False),
        ("accuracy, %", [1.0, 100.0], False),
        ("gradient norm", [1e-7, 1.0], True),
        ("seconds", [0.5, 400.0], True),
        ("difference", [-1.0, 1e6], False),
        ("count", [0.0, 1e6], False),
    ],
)
def test_measured_values_are_logarithmic_where_they_differ_by_orders(label, values, log):
    assert wide_range(label, values) is log


def test_zero_stands_on_a_logarithmic_axis_behind_a_break():
    x = (0.0, 81_920.0, 819_200.0, 11_001_856.0)
    figure = curves_figure((series(x=x, y=(8.0, 7.0, 5.0, 3.0), x_label="tokens seen"),))
    axis, line, (mark,) = figure.layout.xaxis, figure.data[0], figure.layout.shapes
    assert axis.type == "log"
    assert axis.ticktext[0] == "0"
    assert line.x[0] == axis.tickvals[0] > 0
    assert line.x[0] < mark.x0 < line.x[1] == 81_920
    assert line.customdata[0] == "0"
    assert line.customdata[1] == "81,920"


def test_few_whole_values_stand_below_the_axis_themselves():
    heads = Axis.of("heads", [1, 2, 4, 8, 16]).layout()
    assert heads["tickvals"] == [1, 2, 4, 8, 16]
    assert heads["ticktext"] == ["1", "2", "4", "8", "16"]
    assert Axis.of("seed", [1, 2, 3]).layout()["tickvals"] == [1, 2, 3]
    assert "tickvals" not in Axis.of("position", [0, 2, 400, 500]).layout()


def test_powers_of_ten_where_numbers_are_large():
    flop = Axis.of("training FLOP", [1e11, 1e13, 1e15]).layout()
    assert flop["ticktext"][0] == "10<sup>11</sup>"
    tokens = Axis.of("tokens seen", [1e5, 1e6, 1e8]).layout()
    assert tokens["ticktext"] == ["100k", "1M", "10M", "100M"]


def test_names_that_differ_in_a_number_get_a_ramp_in_its_order():
    names = ["10 million parameters", "500 k parameters", "2.5 million parameters"]
    by_name = dict(zip(names, line_styles(names), strict=True))
    assert by_name["500 k parameters"].role == "query"
    assert by_name["10 million parameters"].role == "key"
    assert len({style.colour for style in by_name.values()}) == 3


def test_variants_of_one_thing_share_its_colour():
    a, a_chance, b, b_chance = line_styles(["a", "a, by chance", "b", "b, by chance"])
    assert a.colour == a_chance.colour != b.colour == b_chance.colour
    assert (a.dash, a_chance.dash) == ("solid", "dash")


NAMES = some.lists(
    some.text(some.sampled_from("ab, 012.kMe-_<"), min_size=1, max_size=9), min_size=1, max_size=20
)


@given(NAMES)
def test_any_names_get_a_style_each(names):
    assert len(line_styles(names)) == len(names)


@pytest.mark.parametrize("n", [7, 12, 40])
def test_many_unlike_names_are_told_apart(n):
    names = [chr(ord("A") + i % 26) * (1 + i // 26) for i in range(n)]
    assert len({(style.colour, style.dash) for style in line_styles(names)}) == n


NUMBERS = some.floats(-1e15, 1e15)


@given(some.lists(some.tuples(NUMBERS, NUMBERS), min_size=1, max_size=15))
def test_any_numbers_make_a_figure_and_its_outline(points):
    curve = series(x=[x for x, _ in points], y=[y for _, y in points], x_label="tokens")
    figure = json.loads(curves_figure((curve,)).to_json())
    assert len(figure["data"][0]["x"]) == len(points)
    (drawn,) = outline((curve,))
    places = [float(part) for pair in drawn["points"].split() for part in pair.split(",")]
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)


def test_an_outline_is_short_and_ends_where_the_curve_ends():
    curve = series(x=range(1000), y=range(1000))
    (drawn,) = outline((curve,))
    assert len(drawn["points"].split()) <= 34
    assert drawn["points"].split()[-1] == "1.000,0.000"


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (81_920.0, "81,920"),
        (0.0352, "0.0352"),
        (3.2e15, "3.2·10¹⁵"),
        (-1.5e-7, "−1.5·10⁻⁷"),
        (12.5, "12.5"),
        (9.999e14, "1·10¹⁵"),
        (5e-324, "4.94·10⁻³²⁴"),
        (123_456.7, "123,457"),
    ],
)
def test_numbers_to_read(x, text):
    assert amount(x) == text


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.5, 1, 2, 4, 8], ["0.5", "1", "2", "4", "8"]),
        ([1024, 2048, 4096, 8192], ["1,024", "2,048", "4,096", "8,192"]),
        ([512, 1024, 1536], ["512", "1,024", "1,536"]),
    ],
)
def test_few_short_values_are_the_ticks(values, shown):
    assert Axis.of("length in units of L", values).layout()["ticktext"] == shown
