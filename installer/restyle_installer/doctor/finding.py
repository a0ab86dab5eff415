"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FAIL", "INSTALL", "OK", "WARN", "Finding", "ok"]

OK, WARN, FAIL = "ok", "warn", "fail"
INSTALL = "Run `python3 installer install` again."


@dataclass(frozen=True)
class Finding:
    """name: what was checked; level: ok, warn or fail; a sentence; and what the person can do."""

    name: str
    level: str
    sentence: str
    remedy: str = ""


def ok(name: str, sentence: str) -> Finding:
    return Finding(name, OK, sentence)
