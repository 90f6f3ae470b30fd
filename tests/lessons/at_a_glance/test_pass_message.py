"""The arrays of a pass are described alike in Python and in the script, and sent so."""

import re

import numpy as np
import pytest

from pages.n1_forward_pass.at_a_glance.pass_answers import packed_layer, packed_lens, packed_pass
from pages.n1_forward_pass.at_a_glance.pass_message import (
    LayerArrays,
    LayerHeader,
    LensArrays,
    LensHeader,
    ModelShape,
    PassArrays,
    PassHeader,
)
from tests.house.reading import ROOT
from tests.ui.unpacking import unpack

SCRIPT = ROOT / "pages/n1_forward_pass/at_a_glance/pass_message.js"
VIEWS = {  # what `unpack` of ui/kit/tensors.js makes of each kind
    np.int8: "Int8Array",
    np.uint8: "Uint8Array",
    np.uint16: "Uint16Array",
    np.int32: "Int32Array",
    np.float16: "Float32Array",
    np.float32: "Float32Array",
}
SENTENCE = {"model": "fable-modern", "text": "The cat sat", "more": "7", "token": "2"}


@pytest.mark.parametrize(
    ("pack", "header", "arrays"),
    [
        (packed_pass, PassHeader, (PassArrays, LayerArrays, LensArrays)),
        (packed_layer, LayerHeader, (LayerArrays,)),
        (packed_lens, LensHeader, (LensArrays,)),
    ],
)
def test_a_message_holds_what_is_described_and_nothing_else(pack, header, arrays):
    found, numbers = unpack(pack({**SENTENCE, "layer": "3"}))
    assert found.keys() == header.__annotations__.keys()
    assert numbers.keys() == {name for each in arrays for name in each.__annotations__}
    script = SCRIPT.read_text("utf-8")
    for name, array in numbers.items():
        described = re.search(rf"\b{name}: Tensor(?:<(\w+)>)?", script)
        assert (described[1] or "Float32Array") == VIEWS[array.dtype.type], name


def test_a_pass_says_whose_it_is():
    header, _ = unpack(packed_pass({**SENTENCE, "layer": "3"}))
    assert header["model"].keys() == ModelShape.__annotations__.keys()
    assert (header["layer"], header["sampled"], header["noticed"]) == (2, 1, False)
    assert header["tokens"] == [1]
