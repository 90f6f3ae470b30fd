"""What leaves for the browser arrives there: kinds of numbers, shapes, words."""

import numpy as np
import pytest
import torch

from tests.ui.unpacking import unpack
from ui.serving.transport import pack

ARRAYS = {
    "half": torch.tensor([[0.5, -2.0], [65504.0, 6e-8]], dtype=torch.float16),
    "single": torch.tensor([1e-30, -1e30]),
    "double": np.array([[0.1]]),
    "whole": torch.tensor([[-1], [70_000]]),
    "byte": np.array([0, 255], dtype=np.uint8),
    "truth": torch.tensor([[True, False, True]]),
    "none": np.zeros((0, 3), dtype=np.float32),
    "backwards": np.arange(6, dtype=np.float32).reshape(2, 3).T,
}


def test_header_and_every_kind_of_array_arrive():
    header, arrays = unpack(pack({"word": "”é\n", "n": 3}, ARRAYS))
    assert header == {"word": "”é\n", "n": 3}
    assert arrays.keys() == ARRAYS.keys()
    for name, sent in ARRAYS.items():
        sent = np.asarray(sent)
        np.testing.assert_allclose(arrays[name], sent, rtol=1e-7)
        assert arrays[name].shape == sent.shape


@pytest.mark.parametrize(
    ("name", "size"), [("half", 2), ("single", 4), ("double", 4), ("whole", 4), ("truth", 1)]
)
def test_numbers_take_no_more_bytes_than_their_kind(name, size):
    assert unpack(pack({}, {name: ARRAYS[name]}))[1][name].itemsize == size
