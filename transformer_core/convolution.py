"""A small convolutional network, in a Vision Transformer's place."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (24, 48, 96, 64)  # channels after each convolution
STRIDES = (2, 2, 1, 1)


class ConvolutionalNet(nn.Module):
    """Four 3 × 3 convolutions with a group norm and a ReLU each, the mean over places, a head.

    A convolution looks at neighbours only and uses the same weights at every place (LeCun et al.
    1989): what a Transformer has to learn from pictures is built in here.

    Shapes: pictures [batch, H, W, C], numbers from 0 to 1, to logits [batch, class].
    """

    def __init__(self, n_channels: int, n_classes: int) -> None:
        super().__init__()
        inputs = (n_channels, *WIDTHS)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inputs[i], width, 3, STRIDES[i], padding=1) for i, width in enumerate(WIDTHS)
        )
        self.norms = nn.ModuleList(nn.GroupNorm(1, width) for width in WIDTHS)
        self.head = nn.Linear(WIDTHS[-1], n_classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Classify."""
        x = (2 * pictures - 1).movedim(-1, 1)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = F.relu(norm(convolution(x)))
        return self.head(x.mean((2, 3)))

    def initialise(self, seed: int) -> None:
        """Normal with deviation sqrt(2 / fan-in) for convolutions (He et al. 2015), no biases."""
        generator = torch.Generator().manual_seed(seed)
        for convolution in self.convolutions:
            weight, bias = (cast(Tensor, each) for each in convolution.parameters())
            nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(bias)
        nn.init.normal_(self.head.weight, std=WIDTHS[-1] ** -0.5, generator=generator)
        nn.init.zeros_(self.head.bias)
