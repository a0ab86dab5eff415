"""The command as tests give it."""

from pathlib import Path

from restyle.batch.ledger import LOCK, NAME
from restyle.cli import main

MANY = 150  # pictures, each done in some hundredths of a second: not all before this process looks again


def batch(*words):
    return main(["batch", *map(str, words)])


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir() if path.name not in (NAME, LOCK))
