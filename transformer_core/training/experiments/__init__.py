"""Recorded experiments: `python -m transformer_core.training.experiments NAME TOKENS_FOLDER`."""
