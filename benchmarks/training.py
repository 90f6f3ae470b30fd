"""Training throughput: this project's loop beside a plain one, in turns on the same machine.

    python -m benchmarks.training TOKENS_FOLDER [--preset fable-classic] [--rounds 5] [--steps 3]

Both train the same shape on batches of the same size from the same token files. The plain loop is
what nanoGPT (Karpathy 2022) does without a GPU: modules in float32 with fused attention, AdamW,
clipped gradients, windows drawn at random from a memory-mapped file. Ours is the shipped recipe:
compiled, matrix products in bfloat16 where that is fast, Muon. Saving and logging are part of our
time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS
from transformer_core.training.__main__ import WEIGHTS
from transformer_core.training.corpus import read_index
from transformer_core.training.loop import Run
from transformer_core.training.state import Recipe
from transformer_core.training.text_run import text_run

TARGET = 1.3


class PlainBlock(nn.Module):
    """GPT-2's block of ready-made modules, queries, keys and values in one matrix."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.d_model
        self.n_heads = config.n_heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, config.d_ff), nn.Linear(config.d_ff, width)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, position, d_model] to the same."""
        batch, length, width = x.shape
        qkv = self.qkv(self.norms[0](x)).view(batch, length, 3, self.n_heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norms[1](x)), approximate="tanh"))


class PlainModel(nn.Module):
    """The same shape as `Transformer`, with GPT-2's recipe."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.tokens = nn.Embedding(config.vocab_size, config.d_model)
        self.positions = nn.Embedding(config.context_length, config.d_model)
        self.blocks = nn.Sequential(*(PlainBlock(config) for _ in range(config.n_layers)))
        self.norm = nn.LayerNorm(config.d_model)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits [batch, position, vocab]."""
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))
        return F.linear(self.norm(self.blocks(x)), self.tokens.weight)


class PlainLoop:
    """Batches, gradients, AdamW: nothing else."""

    def __init__(self, config: TransformerConfig, recipe: Recipe, tokens_folder: Path) -> None:
        self.recipe, self.length = recipe, config.context_length
        source = max(recipe.weights, key=lambda name: recipe.weights[name])
        file = read_index(tokens_folder)["sources"][source]["train"]["file"]
        self.data = np.memmap(tokens_folder / file, dtype="<u2", mode="r")
        self.model = PlainModel(config)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), 1e-3, betas=(0.9, 0.95), weight_decay=0.1
        )

    def batch(self) -> tuple[Tensor, Tensor]:
        """Windows from random places."""
        n = self.recipe.micro_batch_size
        starts = torch.randint(len(self.data) - self.length - 1, (n,)).tolist()
        rows = np.stack([self.data[i : i + self.length + 1] for i in starts]).astype(np.int64)
        windows = torch.from_numpy(rows)
        return windows[:, :-1], windows[:, 1:]

    def steps(self, n: int) -> None:
        """n updates."""
        n_micro = self.recipe.batch_size // self.recipe.micro_batch_size
        for _ in range(n):
            for _ in range(n_micro):
                inputs, targets = self.batch()
                logits = self.model(inputs)
                loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
                (loss / n_micro).backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)


def _seconds_of_ours(run: Run, steps: int) -> float:
    start = time.perf_counter()
    run.train(until=run.progress.step + steps)
    return time.perf_counter() - start


def _seconds_of_plain(loop: PlainLoop, steps: int) -> float:
    start = time.perf_counter()
    loop.steps(steps)
    return time.perf_counter() - start


def main() -> None:
    """Train in turns and print tokens per second of both, and the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tokens_folder", type=Path, help="what training.corpus prepared")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="fable-classic")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3, help="updates in a turn")
    options = parser.parse_args()
    config = PRESETS[options.preset]
    recipe = Recipe(weights=WEIGHTS, tokens=10**9)
    tokens = options.steps * recipe.batch_size * config.context_length
    plain = PlainLoop(config, recipe, options.tokens_folder)
    with tempfile.TemporaryDirectory() as folder:
        ours = text_run(config, recipe, options.tokens_folder, Path(folder))
        _seconds_of_ours(ours, 1)  # compiles
        _seconds_of_plain(plain, 1)
        turns = [
            (_seconds_of_plain(plain, options.steps), _seconds_of_ours(ours, options.steps))
            for _ in range(options.rounds)
        ]
    for name, seconds in zip(("plain loop", "ours"), zip(*turns, strict=True), strict=True):
        print(f"{name:10}  {tokens / median(seconds):8,.0f} tokens/s")
    ratio = median(of_plain / of_ours for of_plain, of_ours in turns)
    met = "met" if ratio >= TARGET else "MISSED"
    print(
        f"ours / plain: {ratio:.2f} x (target at least {TARGET} x: {met}), "
        f"{torch.get_num_threads()} threads"
    )


if __name__ == "__main__":
    main()
