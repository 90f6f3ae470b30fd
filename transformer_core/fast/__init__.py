"""What machines need: the same Transformer, as fast as this one computes it."""

from transformer_core.fast.preparation import prepare

__all__ = ["prepare"]
