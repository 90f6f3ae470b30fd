"""Other people's files: what they say, and what of it this Transformer can be."""
