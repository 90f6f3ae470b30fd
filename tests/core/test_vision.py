"""The Vision Transformer against PyTorch's unfold and convolution, and Hugging Face's own."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import ViTConfig, ViTForImageClassification

from transformer_core.checkpoints import CheckpointError, load_vision_transformer, save_checkpoint
from transformer_core.vision import (
    VisionConfig,
    VisionTransformer,
    patches,
    position_likeness,
)

CONFIG = VisionConfig(
    picture_size=12,
    patch_size=4,
    n_channels=3,
    n_classes=5,
    d_model=16,
    n_layers=2,
    n_heads=4,
    d_ff=24,
)


@pytest.fixture
def model():
    made = VisionTransformer(CONFIG)
    made.initialise(3)
    for parameter in made.parameters():
        parameter.data.add_(0.1 * torch.randn(parameter.shape))
    return made.requires_grad_(False)


@pytest.fixture
def pictures():
    return torch.rand(2, 12, 12, 3, generator=torch.Generator().manual_seed(1))


@given(
    size=st.sampled_from((1, 2, 3)),
    rows=st.integers(1, 4),
    columns=st.integers(1, 4),
    channels=st.integers(1, 3),
)
@settings(max_examples=30, deadline=None)
def test_patches_are_what_unfold_gives(size, rows, columns, channels):
    pictures = torch.rand(2, rows * size, columns * size, channels)
    found = patches(pictures, size)
    unfolded = F.unfold(pictures.movedim(-1, 1), size, stride=size).mT  # channels come first there
    expected = unfolded.unflatten(2, (channels, -1)).transpose(2, 3).flatten(2)
    assert torch.equal(found, expected)
    assert found.shape == (2, rows * columns, size * size * channels)


def test_patches_by_hand():
    picture = torch.arange(16.0).view(1, 4, 4, 1)
    assert patches(picture, 2)[0].tolist() == [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
        [8, 9, 12, 13],
        [10, 11, 14, 15],
    ]


def test_the_projection_is_a_convolution_whose_stride_is_its_width(model, pictures):
    convolution = F.conv2d(
        2 * pictures.movedim(-1, 1) - 1,
        as_convolution(model.patch_proj.weight),
        model.patch_proj.bias,
        stride=CONFIG.patch_size,
    )
    projected = model.trace(pictures).projected
    torch.testing.assert_close(projected, convolution.flatten(2).mT, atol=1e-5, rtol=1e-5)


def as_convolution(weight):
    """[P P C, d_model] to [d_model, C, P, P]."""
    size = CONFIG.patch_size
    return weight.T.unflatten(1, (size, size, CONFIG.n_channels)).movedim(-1, 1)


def test_it_is_hugging_faces(model, pictures):
    theirs = ViTForImageClassification(
        ViTConfig(
            hidden_size=CONFIG.d_model,
            num_hidden_layers=CONFIG.n_layers,
            num_attention_heads=CONFIG.n_heads,
            intermediate_size=CONFIG.d_ff,
            image_size=CONFIG.picture_size,
            patch_size=CONFIG.patch_size,
            num_labels=CONFIG.n_classes,
            layer_norm_eps=1e-5,
            hidden_act="gelu",
        )
    ).eval()
    theirs.load_state_dict(renamed(model))
    with torch.inference_mode():
        expected = theirs(2 * pictures.movedim(-1, 1) - 1).logits
    torch.testing.assert_close(model(pictures), expected, atol=1e-5, rtol=1e-5)


def renamed(model):
    """Our weights under their names."""
    ours = model.state_dict()
    named = {f"vit.{name}": ours[own] for name, own in OUTSIDE.items()}
    named["vit.embeddings.cls_token"] = ours["class_token"][None, None]
    named["vit.embeddings.position_embeddings"] = ours["encoder.position.table"][None]
    kernel = as_convolution(ours["patch_proj.weight"])
    named["vit.embeddings.patch_embeddings.projection.weight"] = kernel
    named |= {"classifier.weight": ours["head.weight"].T, "classifier.bias": ours["head.bias"]}
    for i in range(CONFIG.n_layers):
        for name, own in LAYER.items():
            weight, bias = (ours[f"encoder.blocks.{i}.{own}.{end}"] for end in ends(own))
            named[f"vit.layers.{i}.{name}.weight"] = weight.T if weight.ndim == 2 else weight
            named[f"vit.layers.{i}.{name}.bias"] = bias
    return named


def ends(own):
    """A norm's gain is what others call its weight."""
    return ("gain" if own.endswith("norm") else "weight", "bias")


OUTSIDE = {
    "embeddings.patch_embeddings.projection.bias": "patch_proj.bias",
    "layernorm.weight": "encoder.final_norm.gain",
    "layernorm.bias": "encoder.final_norm.bias",
}
LAYER = {
    "layernorm_before": "attention_norm",
    "attention.q_proj": "attention.q_proj",
    "attention.k_proj": "attention.k_proj",
    "attention.v_proj": "attention.v_proj",
    "attention.o_proj": "attention.out_proj",
    "layernorm_after": "feed_forward_norm",
    "mlp.fc1": "feed_forward.up_proj",
    "mlp.fc2": "feed_forward.down_proj",
}


def test_forward_is_trace_and_rows_sum_to_one(model, pictures):
    trace = model.trace(pictures)
    torch.testing.assert_close(model(pictures), trace.logits, atol=1e-5, rtol=1e-5)
    for block in trace.blocks:
        weights = block.attention.weights
        assert weights.shape == (2, 4, 10, 10)
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 10))


def test_without_positions_the_order_of_patches_changes_nothing(model, pictures):
    model.encoder.position.table.zero_()
    shuffled = torch.randperm(9, generator=torch.Generator().manual_seed(2))
    grid = pictures.unflatten(2, (3, 4)).unflatten(1, (3, 4)).transpose(2, 3).flatten(1, 2)
    back = grid[:, shuffled].unflatten(1, (3, 3)).transpose(2, 3).flatten(3, 4).flatten(1, 2)
    torch.testing.assert_close(model(back), model(pictures), atol=1e-5, rtol=1e-5)


def test_likeness_of_positions(model):
    found = position_likeness(model)
    assert found.shape == (9, 9)
    torch.testing.assert_close(found.diagonal(), torch.ones(9))
    torch.testing.assert_close(found, found.T)


def test_it_is_kept_and_read(model, pictures, tmp_path):
    save_checkpoint(model, tmp_path, torch.float32)
    read = load_vision_transformer(tmp_path)
    assert read.config == CONFIG
    torch.testing.assert_close(read(pictures), model(pictures), atol=1e-5, rtol=1e-5)
    (tmp_path / "config.json").write_text('{"picture_size": 12}', "utf-8")
    with pytest.raises(CheckpointError, match="describes no model"):
        load_vision_transformer(tmp_path)


@pytest.mark.parametrize("size", [0, 5, -4])
def test_patches_must_fill_the_picture(size):
    with pytest.raises(ValueError, match="does not divide"):
        VisionConfig(**CONFIG.to_dict() | {"patch_size": size})
