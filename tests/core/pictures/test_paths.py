"""Every name that a file can have goes through a request and comes back."""

from __future__ import annotations

import json
import os

import pytest

from restyle.pictures.paths import path_of, ref_of

NAMES = [b"photo.png", "Gemälde 画像 \U0001f5bc.png".encode(), b"gem\xe4lde.png", b"\x80\xff\xc3\xa9\xfe", "\U000f0080".encode()]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_text_that_can_be_written_as_utf_8_and_comes_back(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.touch()
    ref = json.loads(json.dumps(ref_of(path), ensure_ascii=False).encode())
    assert path_of(ref) == path


def test_usual_names_stay_as_they_are():
    assert ref_of("a/b ä.png") == "a/b ä.png"
