"""Tests of the real model, where its package is installed."""

import pytest

from ui.known_models import REAL_MODEL, catalogue

real_model = pytest.mark.skipif(
    REAL_MODEL not in catalogue().offered, reason="the package of the real model is not here"
)
