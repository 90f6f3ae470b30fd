"""Arithmetic without tensors: costs, scaling laws, architectures as published."""
