"""Measurements: each module is a program; ``python -m tests.bench`` runs them all and collects their tables."""

from restyle.host.threads import let_threads_sleep

# As the server and the command do, and before a benchmark imports PyTorch.
let_threads_sleep()
