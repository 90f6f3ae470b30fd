"""Recorded experiments: the files they are kept in, read whole or refused in a sentence."""
