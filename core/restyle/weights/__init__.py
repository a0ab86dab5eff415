"""Trained weights: which there are, where they lie, how they come here, and how they are read."""
