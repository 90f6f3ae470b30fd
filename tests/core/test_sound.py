"""The spectrogram against Hugging Face's feature extractor for Whisper."""

import pytest
import torch
import torch.nn.functional as F
from transformers import WhisperFeatureExtractor

from pages.n2_architectures.patches.sounds import SOUNDS, sound
from transformer_core.sound import HOP, N_MELS, RATE, hertz, mel_bands, mel_spectrogram, mels


@pytest.mark.parametrize("name", SOUNDS)
def test_it_is_whispers(name):
    padded = F.pad(sound(name), (0, 29 * RATE))
    theirs = WhisperFeatureExtractor()(padded.numpy(), sampling_rate=RATE)
    expected = torch.from_numpy(theirs.input_features[0])
    assert expected.shape == (N_MELS, 3_000)
    torch.testing.assert_close(mel_spectrogram(padded), expected, atol=1e-4, rtol=1e-4)


def test_a_tone_stands_in_the_band_of_its_frequency():
    bands = mel_spectrogram(sound("one tone")).mean(1)
    weights = mel_bands()[:, round(440 * 400 / RATE)]
    assert int(bands.argmax()) == int(weights.argmax())


def test_a_second_has_a_hundred_frames():
    assert mel_spectrogram(torch.zeros(RATE)).shape == (N_MELS, RATE // HOP)


def test_mels_and_back():
    hz = torch.tensor([0.0, 200, 999, 1_000, 4_000, 8_000])
    torch.testing.assert_close(hertz(mels(hz)), hz, atol=1e-2, rtol=1e-4)
