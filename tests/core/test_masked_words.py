"""Masked-word prediction: against PyTorch's encoder, what must hold, the model that ships."""

import json

import pytest
import torch
from torch import nn

from tests.core.pytorch_layers import block_weights
from transformer_core.checkpoints import CheckpointError, load_masked_model
from transformer_core.config import TransformerConfig
from transformer_core.masked_words import MaskedModel, hidden_logprobs
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.masked_card import card
from transformer_core.transformer import Transformer
from ui.known_models import ASSETS, SHIPPED

FOLDER = ASSETS / "masked-words"
CLOSE = {"atol": 1e-5, "rtol": 1e-5}
IDS = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6])
SMALL = {"vocab_size": 11, "context_length": 16, "d_model": 16, "n_layers": 2, "d_ff": 32}


def model(**changes) -> MaskedModel:
    shapes = SMALL | {"n_heads": 4, "n_kv_heads": 4} | changes
    made = MaskedModel(TransformerConfig(**shapes)).eval()
    generator = torch.Generator().manual_seed(1)
    for parameter in made.parameters():
        nn.init.normal_(parameter, std=0.3, generator=generator)
    return made.requires_grad_(False)


def test_it_is_pytorchs_encoder():
    ours = model(activation="gelu", position="sinusoidal")
    layer = nn.TransformerEncoderLayer(16, 4, 32, 0.0, "gelu", batch_first=True, norm_first=True)
    theirs = nn.TransformerEncoder(layer, 2, nn.LayerNorm(16), enable_nested_tensor=False).eval()
    for block, other in zip(ours.blocks, theirs.layers, strict=True):
        other.load_state_dict(block_weights(block))
    norm = ours.final_norm
    theirs.norm.load_state_dict({"weight": norm.gain, "bias": norm.bias})
    expected = ours.unembed(theirs(ours.embed(IDS[None])))
    torch.testing.assert_close(ours(IDS[None]), expected.detach(), **CLOSE)
    torch.testing.assert_close(ours.trace(IDS[None]).logits, expected.detach(), **CLOSE)


@pytest.mark.parametrize("position", ["learned", "rope", "alibi", "sinusoidal", "none"])
def test_what_is_hidden_is_not_read_and_all_else_is(position):
    ours = model(position=position)
    told = hidden_logprobs(ours, IDS)
    torch.testing.assert_close(told.exp().sum(-1), torch.ones(8))
    assert (told[:, ours.mask_token] == -torch.inf).all()
    for changed in range(8):
        others = IDS.clone()
        others[changed] = 7
        again = hidden_logprobs(ours, others)
        differs = ((again - told).nan_to_num().abs() > 1e-6).any(-1)
        assert differs.tolist() == [place != changed for place in range(8)]


def test_with_a_causal_mask_it_is_the_causal_transformer():
    ours = model()
    causal = Transformer(ours.config)
    causal.load_state_dict(ours.state_dict())
    mask = torch.ones(8, 8, dtype=torch.bool).tril()
    torch.testing.assert_close(ours(IDS[None], mask), causal(IDS[None]).detach(), **CLOSE)


def test_the_shipped_model_is_as_its_card_says():
    shipped = load_masked_model(FOLDER)
    record = json.loads((FOLDER / "training.json").read_text("utf-8"))
    assert (FOLDER / "model.safetensors").stat().st_size < 3_000_000
    assert record["parameters"] == sum(each.numel() for each in shipped.parameters())
    assert (FOLDER / "README.md").read_text("utf-8") == card(FOLDER.name, record)
    assert shipped.mask_token == load_shipped().n_vocab
    assert FOLDER.name not in SHIPPED  # it does not write


def test_the_shipped_model_reads_both_ways():
    shipped = load_masked_model(FOLDER)
    ids = load_shipped().encode("She opened the door and walked into the room.")
    told = hidden_logprobs(shipped, torch.tensor(ids)).exp()
    right = told.gather(1, torch.tensor(ids)[:, None])[:, 0]
    assert right[2] > 0.9  # “the” between “opened” and “door”
    assert right.log().mean() > -2.5
    end = load_shipped().encode("He opened the")
    assert told[2, end[-1]] == right[2]


def test_a_damaged_file_is_told(tmp_path):
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes()[:2000])
    with pytest.raises(CheckpointError, match="is truncated"):
        load_masked_model(tmp_path)
