"""Measurements: each module is a program; ``python -m tests.bench`` runs them all and collects their tables."""
