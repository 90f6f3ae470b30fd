"""The LSTM as a language model: what came before the Transformer."""

from __future__ import annotations

from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.linear import Linear, empty_matrix


class LSTMStack(nn.Module):
    """c_t = f_t * c_{t-1} + i_t * g_t, h_t = o_t * tanh(c_t), layer upon layer, and h W_out.

    PyTorch's own, from a state of zeros (Hochreiter and Schmidhuber 1997; f: Gers et al. 2000).
    """

    def __init__(self, d_model: int, d_hidden: int, n_layers: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(d_model, d_hidden, n_layers, batch_first=True)
        self.out_proj = Linear(d_hidden, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, position, d_model] to the same."""
        return self.out_proj(self.lstm(x)[0]).float()  # as the norm after it computes


class LSTM(nn.Module):
    """embed, an LSTM of `n_layers`, norm, unembed with the embedding (arXiv 1608.05859).

    `d_hidden` is the width of each layer's state, `d_model` that of the embedding.
    """

    def __init__(self, vocab_size: int, d_model: int, d_hidden: int, n_layers: int) -> None:
        super().__init__()
        self.embedding = nn.Parameter(empty_matrix(vocab_size, d_model))
        self.blocks = nn.ModuleList([LSTMStack(d_model, d_hidden, n_layers)])
        self.final_norm = nn.RMSNorm(d_model, eps=1e-5)

    def forward(self, token_ids: Tensor) -> Tensor:
        """Token ids [batch, position] to logits [batch, position, vocab]."""
        x = self.embed(token_ids)
        for block in self.blocks:
            x = block(x)
        return self.unembed(self.final_norm(x))

    def embed(self, token_ids: Tensor) -> Tensor:
        """Look up each token's row; sqrt(d_model) brings it to the size of the state's gates."""
        return F.embedding(token_ids, self.embedding) * sqrt(self.embedding.shape[1])

    def unembed(self, x: Tensor) -> Tensor:
        """Compare with every token's vector: x E^T."""
        return F.linear(x, self.embedding)

    def initialise(self, seed: int) -> None:
        """Normal with deviation 1 / sqrt(d_in), forget gates open (Jozefowicz et al. 2015)."""
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                d_in = parameter.shape[0 if name.endswith("out_proj.weight") else 1]
                nn.init.normal_(parameter, std=d_in**-0.5, generator=generator)
            elif "bias" in name:
                nn.init.zeros_(parameter)
                if "bias_ih" in name:
                    nn.init.ones_(parameter.chunk(4)[1])  # PyTorch's order of gates: i, f, g, o
