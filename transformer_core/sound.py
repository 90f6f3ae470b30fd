"""Sound as a picture: how strong each band of frequencies is in each frame.

With the sizes of Whisper (Radford et al. 2022, arXiv 2212.04356, section 2.2): 16,000 samples in a
second, windows of 25 ms, a frame every 10 ms, 80 mel bands. The bands have Slaney's shape, which
Hugging Face's feature extractor for Whisper takes, too.
"""

from __future__ import annotations

import torch
from torch import Tensor

RATE = 16_000  # samples in a second
WINDOW = 400  # samples: 25 ms
HOP = 160  # samples: 10 ms
N_MELS = 80
RANGE = 8.0  # powers of ten below the strongest that are kept
LINEAR = 200 / 3  # Hz in a mel up to 1,000 Hz; above, 27 mels are a factor of 6.4


def mel_spectrogram(wave: Tensor) -> Tensor:
    """A wave [sample] to [N_MELS, frame]: log10 of the power in each band, as Whisper scales it.

    What is more than `RANGE` powers of ten below the strongest counts as `RANGE` below; then
    (x + 4) / 4.
    """
    spectrum = torch.stft(wave, WINDOW, HOP, window=torch.hann_window(WINDOW), return_complex=True)
    power = spectrum[:, :-1].abs() ** 2
    logs = (mel_bands() @ power).clamp(min=1e-10).log10()
    return (logs.clamp(min=float(logs.max()) - RANGE) + 4) / 4


def mel_bands() -> Tensor:
    """Triangles over the frequencies of a window, each of equal area, [N_MELS, WINDOW // 2 + 1]."""
    frequencies = torch.linspace(0, RATE / 2, WINDOW // 2 + 1)
    corners = hertz(torch.linspace(0, float(mels(torch.tensor(RATE / 2))), N_MELS + 2))
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    up, down = (frequencies - low) / (middle - low), (high - frequencies) / (high - middle)
    return torch.minimum(up, down).clamp(min=0) * 2 / (high - low)


def mels(hz: Tensor) -> Tensor:
    """Slaney's scale: linear below 1,000 Hz, logarithmic above."""
    bent = 15 + 27 * (hz.clamp(min=1000) / 1000).log() / torch.tensor(6.4).log()
    return torch.where(hz < 1000, hz / LINEAR, bent)


def hertz(mel: Tensor) -> Tensor:
    """The inverse of `mels`."""
    bent = 1000 * torch.tensor(6.4) ** ((mel - 15) / 27)
    return torch.where(mel < 15, mel * LINEAR, bent)
