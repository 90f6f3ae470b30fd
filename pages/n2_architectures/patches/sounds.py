"""Sounds that the page makes by itself, and what a model of speech reads of them."""

from __future__ import annotations

from functools import cache
from math import pi

import torch
from torch import Tensor

from transformer_core.sound import RATE, mel_spectrogram

SECONDS = 1
SOUNDS = ("one tone", "two tones", "rising tone", "three clicks", "chord")
CHORD = (523, 659, 784)  # Hz: C, E, G
SHOWN = 80  # samples of the wave: 5 milliseconds


@cache
def sound(name: str) -> Tensor:
    """One second of it, [sample], from -1 to 1."""
    t = torch.arange(RATE * SECONDS) / RATE
    if name == "one tone":
        return 0.8 * (2 * pi * 440 * t).sin()
    if name == "two tones":
        return 0.4 * (2 * pi * 440 * t).sin() + 0.4 * (2 * pi * 2_000 * t).sin()
    if name == "rising tone":
        return 0.8 * (2 * pi * (200 * t + 1_900 * t**2)).sin()  # 200 to 4,000 Hz
    if name == "three clicks":
        clicks = torch.zeros_like(t)
        clicks[[RATE // 5, RATE // 2, RATE * 4 // 5]] = 1.0
        return clicks
    return 0.25 * torch.stack([(2 * pi * hz * t).sin() for hz in CHORD]).sum(0)


@cache
def spectrograms() -> Tensor:
    """Of all sounds, [sound, mel band, frame], as Whisper scales it."""
    return torch.stack([mel_spectrogram(sound(name)) for name in SOUNDS])


@cache
def waves() -> Tensor:
    """The first samples after a tenth of a second, [sound, sample]; of clicks, those around one."""
    starts = [RATE // 5 - SHOWN // 2 if name == "three clicks" else RATE // 10 for name in SOUNDS]
    return torch.stack(
        [sound(name)[at : at + SHOWN] for name, at in zip(SOUNDS, starts, strict=True)]
    )
