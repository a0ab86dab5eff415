"""Fingerprint: what a use would be done of, in a word; the same word means that nothing would come out differently."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from restyle.contract.request import Use
from restyle.pictures.paths import path_of
from restyle.version import VERSION

__all__ = ["fingerprint"]


def fingerprint(use: Use[Any]) -> str:
    """Of what a use asks for, the pictures' files (by place, size and time), and this version. Raises OSError."""
    files = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in map(path_of, use.refs())]
    asked = json.dumps([use.request().model_dump(mode="json"), files, VERSION], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
