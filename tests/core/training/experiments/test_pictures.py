"""Pictures: networks of one size; findings say what the counts say."""

import pytest
import torch

from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.pictures.findings import conclude
from transformer_core.training.experiments.pictures.measurement import Measurement
from transformer_core.training.experiments.pictures.setting import make, settings


@pytest.mark.parametrize("quick", [True, False])
def test_both_networks_have_as_many_parameters(quick):
    transformer, convolution = settings(None, quick)
    assert transformer.parameters == pytest.approx(convolution.parameters, rel=0.03)
    for setting in (transformer, convolution):
        logits = make(setting.network, 1)(torch.rand(2, 28, 28, 3))
        assert logits.shape == (2, 8)


def test_findings_are_shares_of_the_test():
    both = settings(None, quick=True)
    tuned = Tuned(0.004, {"0.002000": 2.0, "0.004000": 1.5, "0.008000": None})
    measured = [Measurement(tuned, ((16,), (48,))), Measurement(tuned, ((32,), (64,)))]
    found = conclude(both, measured)
    curves = {series.name: series for series in found.series}
    assert curves["Vision Transformer"].x == (16, 32)
    assert curves["Vision Transformer"].y == (0.25, 0.75)
    assert curves["convolutional net, lowest seed"].y == (0.5, 1)
    assert curves["Vision Transformer: tried"].y == (2.0, 1.5)
    assert found.fitted["convolutional net: right after 32 pictures"].value == 1
