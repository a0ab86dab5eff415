"""Exit statuses that are neither 0 nor 1."""

__all__ = ["INTERRUPTED", "WRONG_USAGE"]

INTERRUPTED = 130
"""128 + SIGINT, the shell's convention."""

WRONG_USAGE = 2
"""argparse's own."""
