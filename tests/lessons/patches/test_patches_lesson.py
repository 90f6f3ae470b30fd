"""Pictures and sound: what is sent is the model's own, and odd files are answered in a sentence."""

import zlib
from contextlib import suppress
from io import BytesIO
from struct import pack as packed

import numpy as np
import pytest
import torch
from PIL import Image

from pages.n2_architectures.patches import decoded as decoding
from pages.n2_architectures.patches import recorded_pictures
from pages.n2_architectures.patches.decoded import NotAPictureError, decoded
from pages.n2_architectures.patches.patch_board import packed_picture
from pages.n2_architectures.patches.patch_questions import patch_questions
from pages.n2_architectures.patches.picture_pass import (
    NotADrawingError,
    drawing,
    examples,
    likeness,
    neighbours,
    seen,
    shape_reader,
)
from pages.n2_architectures.patches.sound_board import packed_sounds
from pages.n2_architectures.patches.sounds import SOUNDS
from tests.lessons.test_lessons import HOSTILE, boards, open_fold, said, visit
from tests.ui.unpacking import unpack
from transformer_core.drawings import KINDS, SIZE

PAGE = "pages/n2_architectures/patches/patches.py"
N_PIXELS = SIZE * SIZE


def saved(picture: Image.Image, form: str, **how) -> bytes:
    file = BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return packed(">I", len(data)) + body + packed(">I", zlib.crc32(body))

    header = packed(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 99)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


RED = Image.new("RGB", (90, 40), (200, 30, 10))
REFUSED = {
    "no picture": (b"this is no picture", "no picture that can be read"),
    "empty": (b"", "no picture that can be read"),
    "cut short": (saved(RED, "PNG")[:60], "no picture that can be read"),
    "a page": (b"<svg onload=alert(1)></svg>", "no picture that can be read"),
    "a bomb": (bomb(60_000, 60_000), "million pixels at most"),
    "a larger bomb": (bomb(2_000_000_000, 2_000_000_000), "million pixels at most"),
    "too many pixels": (bomb(6_000, 6_000), "6,000 × 6,000"),
    "too many bytes": (b"\x89PNG" + b"0" * (8 * 1024**2), "larger than 8 MB"),
}


@pytest.mark.parametrize(("file", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_is_told_and_leaves_one(file, told):
    with pytest.raises(NotAPictureError) as error:
        decoded(file)
    assert told in str(error.value)
    header, arrays = unpack(packed_picture({"shape": "star"}, file))
    assert header["refused"]
    assert header["said"].endswith("meanwhile.")
    np.testing.assert_array_equal(arrays["picture"], examples()[KINDS.index("star")])


@pytest.mark.parametrize(
    ("form", "picture"),
    [
        ("PNG", RED),
        ("JPEG", RED),
        ("WEBP", RED),
        ("BMP", RED),
        ("GIF", RED.convert("P")),
        ("PNG", RED.convert("L")),
        ("PNG", RED.convert("1")),
        ("PNG", RED.convert("I;16")),
        ("JPEG", RED.convert("CMYK")),
        ("PNG", Image.new("RGBA", (3, 3), (0, 0, 0, 0))),
        ("PNG", Image.new("RGB", (1, 1))),
        ("PNG", Image.new("RGB", (3_000, 1))),
    ],
)
def test_pictures_of_all_kinds_become_small(form, picture):
    found, told = decoded(saved(picture, form))
    assert found.shape == (SIZE, SIZE, 3)
    assert found.dtype == torch.uint8
    assert f"{picture.width:,} × {picture.height}" in told


def test_what_is_transparent_is_white_and_a_phones_picture_is_upright():
    clear, _ = decoded(saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"))
    assert (clear == 255).all()
    half = Image.new("RGB", (40, 40), "white")
    half.paste("black", (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    turned, _ = decoded(saved(half, "PNG", exif=exif))
    assert (turned[:, : SIZE // 2 - 1] == 255).all()
    assert (turned[:, SIZE // 2 + 1 :] == 0).all()


def test_only_the_first_frame_of_an_animation_is_read():
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    file = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found, told = decoded(file)
    assert "only its first frame" in told
    assert found[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("form", decoding.FORMATS)
def test_damaged_files_are_read_or_told(form):
    random, whole = np.random.default_rng(4), saved(RED, form)
    for _ in range(60):
        file = bytearray(whole)
        for place in random.integers(0, len(file), 6):
            file[place] = random.integers(256)
        with suppress(NotAPictureError):
            assert decoded(bytes(file))[0].shape == (SIZE, SIZE, 3)


def test_whatever_pillow_raises_is_told(monkeypatch):
    def fails(_):
        raise TypeError("bad operand")

    monkeypatch.setattr(decoding, "small", fails)
    with pytest.raises(NotAPictureError, match="damaged"):
        decoded(saved(RED, "PNG"))


def test_pixels_are_not_unpacked_before_they_are_counted(monkeypatch):
    monkeypatch.setattr(decoding, "small", lambda _: pytest.fail("unpacked"))
    with pytest.raises(NotAPictureError):
        decoded(bomb(9_000, 9_000))


# ----------------------------------------------------------------------------- pictures of the page


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_sent_as_the_model_saw_them(kind):
    header, arrays = unpack(packed_picture({"shape": kind}))
    now = seen(examples()[KINDS.index(kind)])
    assert header["shape"] == kind
    assert not header["said"]
    np.testing.assert_array_equal(arrays["picture"], now.picture)
    np.testing.assert_allclose(arrays["attention"].sum(-1), 1, atol=2e-3)
    np.testing.assert_allclose(arrays["chances"].sum(), 1, atol=1e-5)
    logits = shape_reader()(now.picture[None] / 255)
    torch.testing.assert_close(now.trace.logits, logits, atol=1e-4, rtol=1e-4)


def test_a_drawing_is_black_on_white():
    digits = "0" * (N_PIXELS - 2) + "f8"
    found = drawing(digits)
    assert found.view(-1, 3)[-2:].tolist() == [[0] * 3, [119] * 3]
    header, _ = unpack(packed_picture({"drawing": digits}))
    assert header["shape"] == ""


@pytest.mark.parametrize("digits", ["f", "g" * N_PIXELS, "0" * (N_PIXELS + 1), HOSTILE["script"]])
def test_an_address_without_a_drawing_is_told(digits):
    with pytest.raises(NotADrawingError):
        drawing(digits)
    header, _ = unpack(packed_picture({"drawing": digits}))
    assert header["refused"]


def test_cosines_of_positions():
    n = SIZE // shape_reader().config.patch_size
    grid = likeness().view(n, n, n, n)
    beside = [grid[y, x, y, x + 1] for y in range(n) for x in range(n - 1)]
    below = [grid[y, x, y + 1, x] for y in range(n - 1) for x in range(n)]
    mean = float(torch.stack([*beside, *below]).mean())
    assert neighbours().beside == pytest.approx(mean, abs=1e-5)


def test_every_sound_is_sent():
    header, arrays = unpack(packed_sounds())
    assert header["sounds"] == list(SOUNDS)
    assert arrays["spectrograms"].shape == (len(SOUNDS), 80, 100)
    assert np.isfinite(arrays["spectrograms"]).all()
    assert np.abs(arrays["waves"]).max() <= 1


def test_each_question_has_exactly_one_right_answer():
    for question in patch_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == 3
        assert all(option.why for option in question.options)


def test_answers_by_hand():
    count, place, *_ = (
        next(each.text for each in question.options if each.right) for question in patch_questions()
    )
    assert count == "16 tokens of 192 numbers"
    assert place == "Row 16"


# ----------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("drawn", ["", "f" * N_PIXELS, "x", HOSTILE["script"]])
def test_the_page_stands_whatever_the_address_says(folders, drawn):
    app = visit(PAGE, drawing=drawn, shape="cat", patch="99", cut="0", look="9.9")
    assert not app.exception
    assert len(boards(app)) >= 2


def test_the_fold_and_a_lost_record(folders, monkeypatch, tmp_path):
    monkeypatch.setattr(recorded_pictures, "FILE", tmp_path / "none.json")
    recorded_pictures.record.cache_clear()
    app = visit(PAGE)
    assert not app.exception
    assert any("missing or damaged" in error.value for error in app.error)
    open_fold(app)
    assert "held-out shape" in said(app)
    recorded_pictures.record.cache_clear()
