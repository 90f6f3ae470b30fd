"""Trainings of a stack that looks through one pattern of attention."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.small_transformer import small_config
from transformer_core.training.patterned import layer_patterns, patterned_transformer
from transformer_core.transformer import Transformer


@dataclass(frozen=True, kw_only=True)
class PatternedCourse(TunedCourse):
    """A pattern by its name, and the stack that looks through it; `window` sets its width."""

    pattern: str
    window: int
    d_model: int
    n_layers: int
    n_heads: int

    @property
    def config(self) -> TransformerConfig:
        """The same for every pattern, which has no parameters."""
        return small_config(self.d_model, self.n_layers, self.n_heads, self.context_length)

    @property
    def patterns(self) -> Tensor:
        """[layer, query, key]."""
        return layer_patterns(self.pattern, self.context_length, self.window, self.n_layers)

    def model(self, vocab_size: int, seed: int) -> Transformer:
        """The same start for every pattern."""
        made = patterned_transformer(replace(self.config, vocab_size=vocab_size), self.patterns)
        made.initialise(seed)
        return made
