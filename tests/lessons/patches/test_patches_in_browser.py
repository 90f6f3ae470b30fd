"""Pictures and sound, as a reader uses it: draws, cuts, looks through a head, listens, uploads."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.browser.visit import eventually


class Patches:
    """The two boards, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = self.page.locator(".st-key-patch-board .board[data-drawn]")
        self.cut, self.named, self.near = self.root.get_by_role("heading", level=3).all()
        self.place = self.root.locator(".place-says")

    def setting(self, name: str) -> str | None:
        return self.page.evaluate("name => new URL(location).searchParams.get(name)", name)


def test_a_reader_cuts_draws_listens_and_uploads(visit):
    board = Patches(visit("patches?shape=star&patch=10"))
    root, page = board.root, board.page
    expect(board.cut).to_contain_text("49 tokens")
    expect(board.place).to_contain_text("Patch 10: row 2, column 3")
    root.get_by_role("radio", name="14 pixels").check()
    expect(board.cut).to_contain_text("4 tokens: one for each patch of 14 × 14 pixels, 588 numbers")
    root.get_by_role("radio", name="4 pixels", exact=True).check()
    root.locator(".cut").focus()
    before = board.place.text_content()
    page.keyboard.press("ArrowRight")
    expect(board.place).not_to_have_text(before)
    root.get_by_role("radio", name="layer 2, head 3").check()
    expect(root.locator(".attention-says")).to_contain_text("In layer 2, head 3, the class token")
    root.get_by_role("radio", name=re.compile("^patch")).check()
    expect(root.locator(".attention-says")).to_contain_text("In layer 2, head 3, patch")

    root.locator(".pad").scroll_into_view_if_needed()
    pad = root.locator(".pad").bounding_box()
    corners = [(0.5, 0.2), (0.8, 0.75), (0.2, 0.75), (0.5, 0.2)]
    points = [(pad["x"] + x * pad["width"], pad["y"] + y * pad["height"]) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()
    expect(board.named).to_contain_text("The model names your picture")
    assert eventually(lambda: len(board.setting("drawing") or "") == 28 * 28)
    root.get_by_role("radio", name="heart", exact=True).check()
    expect(board.named).to_contain_text("The model names this picture")

    sound = page.locator(".st-key-sound-board .board[data-drawn]")
    sound.get_by_role("radio", name="two tones").check()
    expect(sound.locator(".sound-says")).to_contain_text("“two tones”")
    sound.get_by_role("slider", name="Frames").fill("64")
    expect(sound.locator(".video-says")).to_contain_text("6,272 tokens")

    file = BytesIO()
    Image.new("RGB", (50, 40), (20, 90, 200)).save(file, "PNG")
    picture = {"name": "blue.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator('input[type="file"]').set_input_files(picture)
    expect(root.locator(".note")).to_contain_text("50 × 40 pixels")
    lie = {"name": "lie.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator('input[type="file"]').set_input_files(lie)
    expect(root.locator(".note")).to_contain_text("no picture that can be read")
    expect(board.cut).to_contain_text("49 tokens")
    assert not board.visit.faults
