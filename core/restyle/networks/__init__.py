"""Torch modules, each a function of tensors."""
