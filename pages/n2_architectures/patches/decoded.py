"""A file of the reader's as a small picture, or a sentence that says why it is none."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from figures.numbers import count
from transformer_core.drawings import SIZE

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
ENDINGS = ("png", "jpg", "jpeg", "gif", "webp", "bmp")
MOST_MEGABYTES = 8
MOST_PIXELS = 25_000_000  # 75 MB when it is unpacked


class NotAPictureError(ValueError):
    """A file that is not shown; the message is a sentence for the reader."""


def decoded(file: bytes) -> tuple[Tensor, str]:
    """The middle square of a picture, made small: uint8 [SIZE, SIZE, 3], and what is to be said.

    Of an animation only the first frame is read. Pixels are unpacked only after the file's header
    has said how many there are.
    """
    if len(file) > MOST_MEGABYTES * 1024**2:
        raise NotAPictureError(
            f"This file is larger than {MOST_MEGABYTES} MB. Choose a smaller picture."
        )
    try:
        with Image.open(BytesIO(file), formats=FORMATS) as opened:
            check_size(opened)
            said = told(opened)
            return small(opened), said
    except NotAPictureError:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPictureError(_too_large()) from error
    except Exception as error:  # a damaged file has led Pillow to struct.error and TypeError, too
        raise NotAPictureError(
            "This file is no picture that can be read here, or it is damaged. Choose a PNG, JPEG, "
            "GIF, WebP or BMP file."
        ) from error


def check_size(opened: Image.Image) -> None:
    """Refuse what would take too much memory, or has no middle square."""
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise NotAPictureError(f"{_too_large()} This one has {count(width)} × {count(height)}.")
    if min(width, height) < 1:
        raise NotAPictureError("This picture has no pixels. Choose another one.")


def _too_large() -> str:
    most = MOST_PIXELS // 1_000_000
    return f"A picture may have {most} million pixels at most, because each takes memory."


def told(opened: Image.Image) -> str:
    """What happens to the file on its way."""
    width, height = opened.size
    said = (
        f"Your picture of {count(width)} × {count(height)} pixels: the middle square is kept and "
        f"made {SIZE} × {SIZE} pixels."
    )
    if getattr(opened, "n_frames", 1) > 1:
        said += " It is animated, and only its first frame is read."
    return said


def small(opened: Image.Image) -> Tensor:
    """Upright, on white where it is transparent, cut to a square, SIZE pixels a side."""
    opened.draft("RGB", (8 * SIZE, 8 * SIZE))  # a JPEG is unpacked at a fraction of its size
    upright = ImageOps.exif_transpose(opened)
    pixels = upright.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", pixels.size, "white"), pixels).convert("RGB")
    fitted = ImageOps.fit(on_white, (SIZE, SIZE), Image.Resampling.BOX)
    return torch.from_numpy(np.array(fitted))
