"""Why the mask is needed in training: the same small Transformer taught with it and without it.

Without a mask the token to be predicted stands in the input, one place to the right. The loss falls
almost to zero, and what was learnt is of no use where the future does not exist yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import KVCache
from transformer_core.masks import causal_mask, full_mask
from transformer_core.transformer import Transformer

LENGTH = 32  # letters read at a time
BATCH = 16
STEPS = 300
LEARNING_RATE = 1e-2
HELD_OUT = 0.1  # share of the text, its end, that neither pupil learns from


@dataclass(frozen=True)
class Letters:
    """A text as letters: its alphabet, the part to learn from and the part held out."""

    alphabet: str
    train: Tensor
    held_out: Tensor

    @classmethod
    def of(cls, text: str) -> Letters:
        """Lower case, each letter numbered by its place in the alphabet."""
        text = text.lower()
        alphabet = "".join(sorted(set(text)))
        ids = torch.tensor([alphabet.index(letter) for letter in text])
        cut = int(len(ids) * (1 - HELD_OUT))
        return cls(alphabet, ids[:cut], ids[cut:])

    @property
    def uniform_loss(self) -> float:
        """ln(number of letters): the loss of one who knows nothing, in nats."""
        return float(torch.tensor(len(self.alphabet)).log())


@dataclass(frozen=True)
class Pupil:
    """A small Transformer, the mask that it is taught with, and its loss after each step."""

    model: Transformer
    optimizer: torch.optim.Optimizer
    mask: Tensor
    losses: list[float] = field(default_factory=list)

    def learn(self, letters: Tensor) -> None:
        """One step of gradient descent on [batch, LENGTH + 1] letters."""
        logits = self.model(letters[:, :-1], self.mask)
        loss = F.cross_entropy(logits.flatten(0, 1), letters[:, 1:].flatten())
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.losses.append(loss.item())

    @torch.inference_mode()
    def loss(self, letters: Tensor, mask: Tensor) -> float:
        """Mean loss in nats per letter on the held-out text, under any mask."""
        spans = letters[: len(letters) // (LENGTH + 1) * (LENGTH + 1)].view(-1, LENGTH + 1)
        logits = self.model(spans[:, :-1], mask)
        return F.cross_entropy(logits.flatten(0, 1), spans[:, 1:].flatten()).item()

    @torch.inference_mode()
    def write(self, start: Sequence[int], n: int, seed: int) -> list[int]:
        """Go on from `start` by n sampled letters; the future does not exist, so nobody sees it."""
        generator = torch.Generator().manual_seed(seed)
        ids = list(start)
        for _ in range(n):
            shares = self.model(torch.tensor([ids[-LENGTH:]]))[0, -1].softmax(-1)
            ids.append(int(torch.multinomial(shares, 1, generator=generator)))
        return ids


def two_pupils(letters: Letters, seed: int = 1) -> tuple[Pupil, Pupil]:
    """The same untrained Transformer twice: one to be taught with the causal mask, one without."""
    return _pupil(letters, causal_mask(LENGTH), seed), _pupil(letters, full_mask(LENGTH), seed)


def _pupil(letters: Letters, mask: Tensor, seed: int) -> Pupil:
    config = TransformerConfig(
        vocab_size=len(letters.alphabet),
        context_length=LENGTH,
        d_model=32,
        n_layers=1,
        n_heads=2,
        n_kv_heads=2,
        d_ff=128,
    )
    model = Transformer(config)
    model.initialise(seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.0
    )
    return Pupil(model, optimizer, mask)


def teach(pupils: Sequence[Pupil], letters: Letters, seed: int = 0) -> Iterator[int]:
    """STEPS steps on the same spans of text for all pupils; yields the number of each step."""
    generator = torch.Generator().manual_seed(seed)
    for step in range(1, STEPS + 1):
        starts = torch.randint(len(letters.train) - LENGTH, (BATCH,), generator=generator)
        spans = letters.train[starts[:, None] + torch.arange(LENGTH + 1)]
        for pupil in pupils:
            pupil.learn(spans)
        yield step


@torch.inference_mode()
def stories(
    model: Transformer, start: Sequence[int], n: int, length: int, seed: int = 0
) -> Iterator[Tensor]:
    """n texts of `length` tokens that the model goes on with from `start`, token by token.

    Temperature 0.8. Yields [n, tokens so far], so that others can have a turn between two tokens.
    """
    generator = torch.Generator().manual_seed(seed)
    cache = KVCache(model.config, length, batch=n)
    ids = new = torch.tensor([list(start)] * n)
    while ids.shape[1] < length:
        shares = (model(new, cache=cache, last_only=True)[:, 0] / 0.8).softmax(-1)
        new = torch.multinomial(shares, 1, generator=generator)
        ids = torch.cat((ids, new), dim=1)
        yield ids
