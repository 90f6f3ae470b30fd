"""The simulation of requests in memory: nothing is stored twice, nobody is forgotten."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transformer_core.laws.paging import Memory, Request

SIZE, MOST_NEW = 128, 40
requests = st.lists(
    st.builds(Request, prompt=st.integers(1, 60), new=st.integers(1, MOST_NEW)),
    min_size=1,
    max_size=12,
)
pages = st.sampled_from([0, 4, 16])


@given(asked=requests, page=pages)
def test_no_place_is_given_twice_and_all_are_served(asked, page):
    moments = Memory(SIZE, MOST_NEW, page).simulate(asked)
    done = {}
    for moment in moments:
        places = sorted(place for _, held, _ in moment.running for place in held)
        assert all(a[1] <= b[0] for a, b in pairwise(places))
        assert all(0 <= start < end <= SIZE for start, end in places)
        assert moment.holds <= moment.taken <= SIZE
        for request, _, written in moment.running:
            done[request] = max(done.get(request, 0), written)
    assert done == {i: each.new for i, each in enumerate(asked)}


@given(asked=requests)
def test_a_page_wastes_less_than_a_page_for_each_request(asked):
    for moment in Memory(SIZE, MOST_NEW, 16).simulate(asked):
        assert moment.taken - moment.holds < 16 * len(moment.running)


@given(asked=requests)
def test_a_piece_is_reserved_whole(asked):
    for moment in Memory(SIZE, MOST_NEW).simulate(asked):
        held = sum(asked[request].prompt + MOST_NEW for request, _, _ in moment.running)
        assert moment.taken == held


def test_by_hand():
    """Two requests of 10 + 2 tokens: pieces of 30 do not fit into 50 places twice, pages do."""
    asked = [Request(10, 2), Request(10, 2)]
    one = Memory(50, 20).simulate(asked)
    assert [(len(m.running), m.waiting, m.holds, m.taken) for m in one] == [
        *((1, 1, 11, 30), (1, 1, 12, 30), (1, 0, 11, 30), (1, 0, 12, 30))
    ]
    paged = Memory(50, 20, 16).simulate(asked)
    assert [(len(m.running), m.holds, m.taken) for m in paged] == [(2, 22, 32), (2, 24, 32)]


def test_without_a_free_page_the_last_waits_again():
    asked = [Request(16, 40), Request(15, 40)]
    moments = Memory(64, 40, 16).simulate(asked)
    waits = [moment.waiting for moment in moments]
    assert 1 in waits
    assert waits[0] == waits[-1] == 0


def test_what_does_not_fit_is_refused():
    for request in (Request(100, 4), Request(4, 41)):
        with pytest.raises(ValueError, match="does not fit"):
            Memory(SIZE, MOST_NEW).simulate([request])
