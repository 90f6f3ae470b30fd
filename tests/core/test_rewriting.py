"""An encoder-decoder at work, against its own plain passes; the date writer, against PyTorch."""

import json

import pytest
import torch
from torch import nn

from tests.core.pytorch_layers import block_weights
from tests.core.test_encoder_decoder import model
from tests.core.variants import token_ids
from transformer_core.checkpoints import CheckpointError, load_encoder_decoder
from transformer_core.dates import END, N_TARGET, START, ids_of
from transformer_core.masks import padding_mask
from transformer_core.rewriting import FREE, forced_logits, shifted, write
from transformer_core.training.date_card import card, rewritten
from ui.known_models import ASSETS, SHIPPED

FOLDER = ASSETS / "date-writer"
CLOSE = {"atol": 1e-4, "rtol": 1e-4}
TEXTS = ("March 3rd, 1987", "Wednesday, 30 September 1998")


@pytest.fixture(scope="module")
def date_writer():
    return load_encoder_decoder(FOLDER)


@pytest.mark.parametrize("position", ["learned", "rope", "alibi", "sinusoidal", "none"])
def test_each_token_is_the_most_probable_after_those_before_it(position):
    ours, source = model(position=position), token_ids(1, 8)
    read = ours.encode(source)
    writing = write(ours, read, 1, torch.full((2, 5), FREE))
    assert torch.equal(writing.ids[0], writing.ids[1])
    logits = forced_logits(ours, read, 1, writing.ids)
    torch.testing.assert_close(writing.logits, logits, **CLOSE)
    assert torch.equal(logits.argmax(-1), writing.ids)


def test_what_is_fixed_is_written_and_read():
    ours, source = model(), token_ids(1, 8)
    free = write(ours, ours.encode(source), 1, torch.full((1, 5), FREE))
    fixed = torch.tensor([[FREE, (free.ids[0, 1] + 1) % 19, FREE, FREE, FREE]])
    changed = write(ours, ours.encode(source), 1, fixed)
    assert changed.ids[0, 1] == fixed[0, 1]
    torch.testing.assert_close(changed.logits[:, :2], free.logits[:, :2], **CLOSE)
    assert not torch.allclose(changed.logits[:, 2], free.logits[:, 2], atol=1e-3)


def test_shifted_targets_begin_with_the_start():
    assert shifted(torch.tensor([[5, 6, 7]]), 1).tolist() == [[1, 5, 6]]


def test_the_date_writer_is_pytorchs_transformer(date_writer):
    """`torch.nn.Transformer` with the trained weights, padding and causal masks of the page."""
    config = date_writer.config
    shapes = (config.d_model, config.n_heads, config.n_layers, config.n_layers, config.d_ff)
    theirs = nn.Transformer(*shapes, 0.0, "relu", batch_first=True, norm_first=True)
    for half in ("encoder", "decoder"):
        mine, other = getattr(date_writer, half), getattr(theirs, half)
        for block, layer in zip(mine.blocks, other.layers, strict=True):
            layer.load_state_dict(block_weights(block))
        norm = mine.final_norm
        other.norm.load_state_dict({"weight": norm.gain, "bias": norm.bias})
    lengths = torch.tensor([len(text) for text in TEXTS])
    rows = [torch.tensor(ids_of(text)) for text in TEXTS]
    source = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    target = torch.tensor([[START, *ids_of("1987-03-03")], [START, *ids_of("1998-09-30")]])
    mask = padding_mask(lengths, source.shape[1])
    embedded = [
        half.position.embed(torch.nn.functional.embedding(ids, date_writer.embedding.detach()))
        for half, ids in ((date_writer.encoder, source), (date_writer.decoder, target))
    ]
    hidden = ~mask[:, 0, 0]
    expected = theirs.train()(
        *embedded,
        tgt_mask=nn.Transformer.generate_square_subsequent_mask(N_TARGET),
        src_key_padding_mask=hidden,
        memory_key_padding_mask=hidden,
    )
    logits = date_writer(source, target, mask)
    torch.testing.assert_close(logits, date_writer.unembed(expected).detach(), **CLOSE)
    assert logits.argmax(-1)[0].tolist() == [*ids_of("1987-03-03"), END]


def test_the_date_writer_is_small_and_as_its_card_says(date_writer):
    record = json.loads((FOLDER / "training.json").read_text("utf-8"))
    assert (FOLDER / "model.safetensors").stat().st_size < 2_000_000
    assert record["parameters"] == sum(each.numel() for each in date_writer.parameters())
    assert (FOLDER / "README.md").read_text("utf-8") == card(FOLDER.name, record)
    assert rewritten(date_writer, list(record["samples"])) == list(record["samples"].values())
    assert FOLDER.name not in SHIPPED  # it does not read the reader's sentence


def test_a_damaged_date_writer_is_told(tmp_path):
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes()[:2000])
    with pytest.raises(CheckpointError, match="is truncated"):
        load_encoder_decoder(tmp_path)
