"""The catalogue says what the declarations say, in a form that every reader of it can take."""

import json
import subprocess
import sys
from pathlib import Path

from restyle.contract.catalogue import catalogue, stale_files, write_files
from restyle.filters import filters

ROOT = Path(__file__).resolve().parents[3]


def test_the_committed_files_are_what_the_declarations_say():
    assert stale_files(ROOT, filters()) == []


def test_a_changed_file_is_stale_until_it_is_written_anew(tmp_path):
    written = write_files(tmp_path, filters())
    assert len(written) == 2
    assert stale_files(tmp_path, filters()) == []
    written[0].write_text("{}", encoding="utf-8")
    assert stale_files(tmp_path, filters()) == [written[0]]


def test_every_default_is_accepted_by_the_declaration_it_came_from():
    for declared, described in zip(filters(), catalogue(filters())["filters"], strict=True):
        defaults = {item["name"]: item["default"] for item in json.loads(json.dumps(described))["params"]}
        assert declared.params.parse(defaults) == declared.params()


def test_every_parameter_has_what_a_dialog_needs():
    for described in catalogue(filters())["filters"]:
        for item in described["params"]:
            assert item["title"], item["name"]
            assert item["description"].endswith("."), item["name"]
            if item["type"] in ("int", "float"):
                assert item["minimum"] <= item["default"] <= item["maximum"], item["name"]
                assert item["step"] > 0, item["name"]
            if item["type"] == "choice":
                assert item["default"] in [option["value"] for option in item["choices"]], item["name"]


def test_what_makes_a_filter_take_longer_is_known_to_those_who_tell_how_long():
    for described in catalogue(filters())["filters"]:
        for item in described["params"]:
            if item["unit"] in ("steps", "min") or item["name"] == "steps":
                assert item["role"] == "steps", (described["id"], item["name"])


def test_declarations_are_read_without_loading_torch():
    code = (
        "import sys; from restyle.contract.catalogue import catalogue; from restyle.filters import filters; "
        "catalogue(filters()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
