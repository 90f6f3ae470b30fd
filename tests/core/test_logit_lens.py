"""The logit lens says what a model cut off after a layer would predict."""

from copy import deepcopy

import pytest
import torch

from tests.core.variants import config
from transformer_core.lens.logit_lens import logit_lens
from transformer_core.transformer import Transformer


def build(**changes) -> Transformer:
    model = Transformer(config(n_layers=3, **changes))
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.5, generator=generator)
    return model.eval()


def cut_off(model: Transformer, n_layers: int) -> Transformer:
    shorter = deepcopy(model)
    shorter.blocks = shorter.blocks[:n_layers]
    return shorter


@pytest.mark.parametrize("norm", ["layer_norm", "rms_norm"])
@pytest.mark.parametrize("tied", [True, False])
@torch.inference_mode()
def test_lens_after_a_layer_is_the_prediction_of_a_model_that_ends_there(norm, tied):
    model = build(norm=norm, tied_embeddings=tied)
    ids = torch.tensor([[3, 1, 4, 1, 5, 9]])
    lens = logit_lens(model, model.trace(ids))
    assert lens.token_ids.shape == lens.probabilities.shape == (3, 6)
    for layer in range(3):
        shares = cut_off(model, layer + 1)(ids)[0].softmax(-1)
        torch.testing.assert_close(lens.probabilities[layer], shares.max(-1).values)
        torch.testing.assert_close(lens.token_ids[layer], shares.argmax(-1))
    assert (lens.token_ids[0] != lens.token_ids[2]).any()


@torch.inference_mode()
def test_lens_reads_the_first_sequence_of_a_batch():
    model = build()
    ids = torch.tensor([[3, 1, 4], [7, 7, 2]])
    alone = logit_lens(model, model.trace(ids[:1]))
    both = logit_lens(model, model.trace(ids))
    torch.testing.assert_close(alone.probabilities, both.probabilities)
    torch.testing.assert_close(alone.token_ids, both.token_ids)
