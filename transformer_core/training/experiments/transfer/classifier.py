"""A language model with one number on top: how sure it is that a sentence is scrambled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.checkpoints import load_checkpoint
from transformer_core.training.experiments.transfer.sentences import Labelled
from transformer_core.training.experiments.transfer.setting import FROZEN, Setting
from transformer_core.transformer import Transformer

WARM_UP = 20  # steps
WEIGHT_DECAY = 0.01


class Classifier(nn.Module):
    """logit = w . h + b; h is what the final norm gives at the full stop (GPT-1's fine-tuning)."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        self.model = model
        self.head = nn.Linear(model.config.d_model, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def features(self, of: Labelled) -> Tensor:
        """h, [sentence, d_model]."""
        x = self.model.embed(of.token_ids)
        for block in self.model.blocks:
            x = block(x)
        return self.model.final_norm(x[torch.arange(len(x)), of.last])

    @torch.inference_mode()
    def accuracy(self, test: Labelled) -> float:
        """Share of right answers; a logit above 0 says "scrambled"."""
        logits = self.head(self.features(test))[:, 0]
        return float(((logits > 0) == (test.labels > 0)).float().mean())


def at_start(folder: Path, pretrained: bool, seed: int) -> Classifier:
    """On the trained weights, or on random ones of the same shape."""
    trained = load_checkpoint(folder)
    model = Transformer(trained.config)
    model.initialise(seed)
    if pretrained:
        model.load_state_dict(trained.state_dict())
    return Classifier(model)


def fit(
    classifier: Classifier,
    examples: Labelled,
    setting: Setting,
    rate: float,
    random: np.random.Generator,
) -> None:
    """AdamW on the cross-entropy; a warm-up, then the rate falls to 0. Frozen: w and b alone."""
    frozen, steps = setting.way == FROZEN, setting.steps
    parameters = classifier.head.parameters() if frozen else classifier.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=WEIGHT_DECAY, fused=True)
    size = min(setting.batch_size, len(examples.labels))
    with torch.no_grad():
        kept = classifier.features(examples) if frozen else None
    for step in range(steps):
        rows = torch.from_numpy(random.choice(len(examples.labels), size, replace=False))
        h = classifier.features(part(examples, rows)) if kept is None else kept[rows]
        logits = classifier.head(h)[:, 0]
        loss = F.binary_cross_entropy_with_logits(logits, examples.labels[rows])
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / WARM_UP) * (1 - step / steps)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def part(of: Labelled, rows: Tensor) -> Labelled:
    """Some of the sentences, without the padding that none of them needs."""
    last = of.last[rows]
    texts = tuple(of.texts[row] for row in rows.tolist())
    return Labelled(texts, of.token_ids[rows, : int(last.max()) + 1], last, of.labels[rows])
