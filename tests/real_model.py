"""Tests of the real model, where its package is installed: one process reads it for all of them."""

from functools import cache
from pathlib import Path
from typing import cast

import pytest

from transformer_core.downloads import find_packaged
from transformer_core.gguf import load_gguf
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer

PATH = cast(Path, find_packaged())  # None where these tests are skipped
real_model = pytest.mark.real_model


@cache
def packaged() -> tuple[Transformer, Tokenizer]:
    """The model and its vocabulary, which no test may change."""
    return load_gguf(PATH)
