"""FlashAttention, as a reader uses it: tiles stepped by hand, a row, a size, other heads, bytes."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.n4_scale.flash_attention.tiles_board import shown_trace
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats
from transformer_core.laws.memory_traffic import standard_traffic, tiled_traffic
from transformer_core.tiled_attention import TileSize, tile_steps
from ui.state import read_state

CAT = "The cat sat down because she was tired"


class Tiles:
    """The two boards, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = self.page.locator(".st-key-tiles-board .board[data-drawn]")
        self.finding, self.moved = self.root.get_by_role("heading", level=3).all()
        self.stage = self.root.get_by_role("group", name="Arrow keys change the tile")
        self.place = self.root.get_by_role("slider", name="Tile")
        self.state = self.root.get_by_role("table", name="What the row keeps")
        self.traffic = self.page.locator(".st-key-traffic-board .board")

    def go_to(self, tile: int) -> None:
        self.place.fill(str(tile))

    def results(self) -> list[str]:
        """m, correction, l."""
        rows = self.state.get_by_role("row")
        return [rows.nth(i).locator(".result").inner_text().strip(": ") for i in (0, 1, 2)]


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_a_row_keeps_what_the_core_computes(visit, model):
    address = f"flash_attention?text={CAT}&model={model}&layer=2&head=4&token=8&tile=2"
    tiles = Tiles(visit(address))
    now = read_state({"text": CAT, "model": model, "layer": "2", "head": "4"})
    attention = shown_trace(now, 1)
    parts = (attention.q, attention.k, attention.v, attention.mask, TileSize(2, 2))
    steps = list(tile_steps(*parts, attention.bias))
    expect(tiles.place).to_have_attribute("max", str(len(steps)))
    row = 7
    for at, step in enumerate(steps):
        if step.queries.start <= row < step.queries.stop and step.keys.start:
            tiles.go_to(at + 1)
            state, place = step.state, row - step.queries.start
            wanted = [each[0, 3, place, 0] for each in (state.m, state.correction, state.l)]
            for found, exact in zip(tiles.results(), wanted, strict=True):
                assert agrees(found, float(exact))
    gap = tiles.root.get_by_text("The model’s own pass uses whole rows")
    expect(gap).to_contain_text(re.compile("10⁻[⁷⁸⁹]"))


def test_everything_is_answered_without_the_server(visit):
    tiles = Tiles(visit(f"flash_attention?text={CAT}&layer=2&head=4&tile=4"))
    n = len(read_state({"text": CAT, "model": "fable-classic"}).token_ids)
    tiles.page.evaluate(COUNT_MESSAGES)
    tiles.go_to(1)
    expect(tiles.finding).to_contain_text("meets its first tile of keys in head 2.4")
    expect(tiles.root.get_by_role("button", name="One tile back")).to_be_disabled()
    tiles.root.get_by_role("button", name="One tile forward").click()
    expect(tiles.place).to_have_value("2")
    tiles.stage.focus()
    tiles.page.keyboard.press("ArrowRight")
    expect(tiles.place).to_have_value("3")
    for tile in (8, 4):
        tiles.root.get_by_role("radio", name=f"{tile} × {tile}").click()
        found = floats(tiles.moved.inner_text())
        kib = [each.bytes / 1024 for each in (traffic(n, tile), standard_traffic(n, 32))]
        np.testing.assert_allclose(found[1:3], kib, rtol=0.01)
    tiles.page.wait_for_function("new URL(location).searchParams.get('tile') == '4'")
    assert tiles.page.evaluate("window.messagesSent") == 0


def traffic(n: int, tile: int):
    return tiled_traffic(n, 32, tile, causal=True)


def test_play_goes_to_the_last_tile_and_another_head_is_fetched(visit):
    tiles = Tiles(visit(f"flash_attention?text={CAT}&layer=2&head=4&tile=8"))
    tiles.go_to(1)
    tiles.root.get_by_role("button", name="Play").click()
    last = tiles.place.get_attribute("max")
    expect(tiles.place).to_have_value(str(last), timeout=15_000)
    expect(tiles.root.get_by_role("button", name="Play")).to_be_visible(timeout=5_000)
    tiles.root.get_by_role("radio", name="head 1", exact=True).click()
    expect(tiles.finding).not_to_contain_text("2.4")
    tiles.page.wait_for_function("new URL(location).searchParams.get('head') == '1'")


def test_bytes_at_any_length(visit):
    tiles = Tiles(visit(f"flash_attention?text={CAT}"))
    finding = tiles.traffic.get_by_role("heading", level=3)
    expect(finding).to_contain_text("At 8,192 tokens the standard way moves")
    before = floats(finding.inner_text())[-1]
    slider = tiles.traffic.get_by_role("slider", name="tokens n")
    slider.focus()
    tiles.page.keyboard.press("ArrowRight")
    expect(finding).to_contain_text("16,384 tokens")
    tiles.traffic.get_by_role("radio", name="96 KiB").click()
    expect(finding).not_to_contain_text(f"{before:.1f} times")
    rows = tiles.traffic.get_by_role("row")
    expect(rows.filter(has_text="standard way")).to_contain_text("slow memory")
    expect(tiles.traffic).to_have_attribute("data-drawn", re.compile(r"\d"))


def test_the_check_moves_the_picture(visit):
    tiles = Tiles(visit(f"flash_attention?text={CAT}&tile=2"))
    tiles.page.locator(".st-key-flash_attention-check-2-2 button").click()
    expect(tiles.page.get_by_test_id("stAlertContentSuccess")).to_contain_text("in tiles of 4")
    expect(tiles.root.get_by_role("radio", name="4 × 4")).to_be_checked()
    tiles.page.locator(".st-key-flash_attention-check-0-1 button").click()
    expect(tiles.page.get_by_test_id("stAlertContentError")).to_contain_text(
        "without the correction"
    )
