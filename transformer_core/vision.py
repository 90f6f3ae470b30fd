"""The Vision Transformer: a picture is cut into patches, and each patch is a token.

Source: Dosovitskiy et al. 2021, arXiv 2010.11929, section 3.1, eq. 1 to 4. The blocks are those of
the language models, without a causal mask; positions are learned, one for each place of the grid.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn

from transformer_core.block import BlockTrace
from transformer_core.config import TransformerConfig
from transformer_core.encoder_decoder import Encoder
from transformer_core.linear import Linear

INITIAL_STD = 0.02


@dataclass(frozen=True)
class VisionConfig:
    """A square picture of `picture_size` pixels a side, cut into patches of `patch_size` a side.

    Raises:
        ValueError: the patches do not fill the picture, or the Transformer cannot be built.
    """

    picture_size: int
    patch_size: int
    n_channels: int
    n_classes: int
    d_model: int
    n_layers: int
    n_heads: int
    d_ff: int

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        if self.patch_size < 1 or self.picture_size % self.patch_size:
            raise ValueError(
                f"patch_size is {self.patch_size}, which does not divide picture_size = "
                f"{self.picture_size}"
            )
        _ = self.transformer

    @property
    def n_patches(self) -> int:
        """N = (H / P) (W / P)."""
        return (self.picture_size // self.patch_size) ** 2

    @property
    def patch_width(self) -> int:
        """Numbers of one patch, P P C."""
        return self.patch_size**2 * self.n_channels

    @property
    def transformer(self) -> TransformerConfig:
        """The encoder: N patches and the class token, all of which see all."""
        return TransformerConfig(
            vocab_size=self.n_classes,
            context_length=self.n_patches + 1,
            d_model=self.d_model,
            n_layers=self.n_layers,
            n_heads=self.n_heads,
            n_kv_heads=self.n_heads,
            d_ff=self.d_ff,
            activation="gelu",
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to config.json."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> VisionConfig:
        """The inverse of `to_dict`; ValueError for fields that are not exactly these."""
        names = {each.name for each in fields(cls)}
        if wrong := sorted(names ^ values.keys()):
            raise ValueError(f"{wrong[0]!r} is missing or unknown; a config has {sorted(names)}")
        return cls(**values)


@dataclass(frozen=True)
class VisionTrace:
    """Every step of one pass.

    patches [batch, N, P P C]; projected [batch, N, d_model]; embedded, with the class token at
    place 0 and the positions, [batch, N + 1, d_model]; final_norm the same shape; logits
    [batch, class], read from the class token.
    """

    patches: Tensor
    projected: Tensor
    embedded: Tensor
    blocks: tuple[BlockTrace, ...]
    final_norm: Tensor
    logits: Tensor


class VisionTransformer(nn.Module):
    """Patches, a projection, a class token in front, positions, blocks, a head on the class token.

    Shapes: pictures [batch, H, W, C], numbers from 0 to 1, to logits [batch, class].
    """

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_proj = Linear(config.patch_width, config.d_model)
        self.class_token = nn.Parameter(torch.empty(config.d_model))
        self.encoder = Encoder(config.transformer)
        self.head = Linear(config.d_model, config.n_classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Classify, without keeping the steps."""
        projected = self.patch_proj(self.cut(pictures))
        return self.head(self.encoder(self.with_class_token(projected))[:, 0])

    def trace(self, pictures: Tensor) -> VisionTrace:
        """The same, every step kept."""
        cut = self.cut(pictures)
        projected = self.patch_proj(cut)
        encoder = self.encoder.trace(self.with_class_token(projected))
        logits = self.head(encoder.memory[:, 0])
        return VisionTrace(cut, projected, encoder.embedded, encoder.blocks, encoder.memory, logits)

    def cut(self, pictures: Tensor) -> Tensor:
        """The patches of pictures whose numbers are moved from 0 ... 1 to -1 ... 1."""
        return patches(2 * pictures - 1, self.config.patch_size)

    def with_class_token(self, projected: Tensor) -> Tensor:
        """[batch, N, d_model] to [batch, N + 1, d_model]."""
        token = self.class_token.expand(len(projected), 1, -1)
        return torch.cat([token, projected], dim=1)

    def initialise(self, seed: int) -> None:
        """Normal with deviation 1 / sqrt(d_in) for matrices; 0.02 for positions and class token."""
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if "table" in name or parameter is self.class_token:
                nn.init.normal_(parameter, std=INITIAL_STD, generator=generator)
            elif parameter.ndim == 2:
                nn.init.normal_(parameter, std=len(parameter) ** -0.5, generator=generator)


def patches(pictures: Tensor, size: int) -> Tensor:
    """(H, W, C) to (N, P P C): the picture cut into squares, each laid out as one row.

    Raster order: patches from left to right, then from top to bottom, and so the pixels of each
    patch, with the channels of a pixel side by side.

    Args:
        pictures: [batch, H, W, C].
        size: P; H and W are multiples of it.

    Returns:
        [batch, (H / P) (W / P), P P C]
    """
    grid = pictures.unflatten(2, (-1, size)).unflatten(1, (-1, size))  # [batch, P_h, P, P_w, P, C]
    return grid.transpose(2, 3).flatten(3).flatten(1, 2)


def position_likeness(model: VisionTransformer) -> Tensor:
    """Cosines between the learned positions of the patches, [patch, patch]."""
    table: Tensor = model.encoder.position.table[1:]  # type: ignore[index]
    unit = table / table.norm(dim=1, keepdim=True)
    return unit @ unit.T
