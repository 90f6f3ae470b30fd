"""The board: a sound as a spectrogram, its frames as tokens, and the tokens of a video, counted."""

from __future__ import annotations

from typing import TypedDict

from torch import Tensor

from pages.n2_architectures.patches.sounds import SECONDS, SOUNDS, spectrograms, waves
from transformer_core.sound import HOP, N_MELS, RATE
from ui.serving.component import component
from ui.serving.transport import pack


class SoundHeader(TypedDict):
    """Names of the sounds; how many seconds each takes; the sizes of a spectrogram."""

    sounds: list[str]
    seconds: int
    rate: int
    hop: int
    bands: int


class SoundArrays(TypedDict):
    """waves [sound, sample], a few milliseconds; spectrograms [sound, band, frame]."""

    waves: Tensor
    spectrograms: Tensor


def show_sound_board() -> None:
    """All sounds at once."""
    component(__file__)(key="sound-board", data=packed_sounds())


def packed_sounds() -> bytes:
    """What the board shows."""
    header: SoundHeader = {
        "sounds": list(SOUNDS),
        "seconds": SECONDS,
        "rate": RATE,
        "hop": HOP,
        "bands": N_MELS,
    }
    arrays: SoundArrays = {"waves": waves(), "spectrograms": spectrograms()}
    return pack(header, arrays)
