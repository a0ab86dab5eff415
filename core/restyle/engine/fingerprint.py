"""Fingerprint: what a use would be done of, in a word; the same word means that nothing would come out differently."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from restyle.contract.request import Use
from restyle.pictures.paths import path_of, readable
from restyle.version import VERSION

__all__ = ["fingerprint"]


def fingerprint(use: Use[Any]) -> str:
    """Of what a use asks for, the pictures' files (by place, size and time), and this version. Raises InvalidInput."""
    paths = list(map(path_of, use.refs()))
    statuses = list(map(readable, paths))
    files = [(str(path.resolve()), status.st_size, status.st_mtime_ns) for path, status in zip(paths, statuses, strict=True)]
    asked = json.dumps([use.request().model_dump(mode="json"), files, VERSION], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
