"""The arrays of a pass are described alike in Python and in the script, and sent so."""

import re
from typing import get_args, get_type_hints

import numpy as np

from pages.n1_forward_pass.at_a_glance.forward_pass import message, run
from pages.n1_forward_pass.at_a_glance.pass_message import ModelShape, PassArrays, PassHeader
from tests.house.reading import ROOT
from tests.ui.unpacking import unpack
from ui.models import load

SCRIPT = ROOT / "pages/n1_forward_pass/at_a_glance/pass_message.js"
VIEWS = {  # what `unpack` of ui/kit/tensors.js makes of each kind
    np.int8: "Int8Array",
    np.uint16: "Uint16Array",
    np.int32: "Int32Array",
    np.float16: "Float32Array",
    np.float32: "Float32Array",
}


def kinds() -> dict[str, type]:
    """The number type of each array, as its annotation names it."""
    hints = get_type_hints(PassArrays)
    return {name: get_args(get_args(hint)[1])[0] for name, hint in hints.items()}


def test_the_script_reads_the_arrays_that_python_describes():
    described = re.findall(r"@property \{Tensor<(\w+)>\} (\w+)", SCRIPT.read_text("utf-8"))
    assert {name: view for view, name in described} == {
        name: VIEWS[kind] for name, kind in kinds().items()
    }


def test_a_message_holds_what_is_described_and_nothing_else():
    loaded = load("fable-modern")
    header, arrays = unpack(message(loaded, run(loaded, (5, 6, 7)), 1, False))
    assert {name: array.dtype for name, array in arrays.items()} == {
        name: np.dtype(kind) for name, kind in kinds().items()
    }
    assert header.keys() == PassHeader.__annotations__.keys()
    assert header["model"].keys() == ModelShape.__annotations__.keys()
    assert (header["sampled"], header["noticed"]) == (1, False)
