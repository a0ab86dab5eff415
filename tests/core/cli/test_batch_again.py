"""The same batch given again: what is done stays done, what was stopped goes on, and no ledger is taken at its word."""

import json
import subprocess
import sys

import pytest
from PIL import Image
from tests.core.cli.batches import MANY, batch

from restyle.batch.ledger import NAME
from restyle.contract.errors import InvalidInput
from restyle.service.clients import HereClient


def test_what_is_done_is_left_and_what_changed_is_made_anew(photos, tmp_path, calls):
    out = tmp_path / "out"
    for strength in ("60", "60", "80"):
        assert batch("enhance-photo", photos, "-o", out, "--strength", strength) == 0
    assert calls == ["a.png", "b.jpg", "a.png", "b.jpg"]
    Image.new("RGB", (40, 40), "red").save(photos / "a.png")
    assert batch("enhance-photo", photos, "-o", out, "--strength", "80") == 0
    assert calls[4:] == ["a.png"]


def test_stopped_in_the_middle_the_same_command_goes_on(photos, tmp_path, monkeypatch, calls, capsys):
    counted = HereClient.perform

    def stopped(self, use, output, progress):
        if output.name == "b.jpg":
            raise KeyboardInterrupt
        return counted(self, use, output, progress)

    monkeypatch.setattr(HereClient, "perform", stopped)
    assert batch("enhance-photo", photos, "-o", tmp_path / "out") == 130
    assert "1 of 2 are done" in capsys.readouterr().err
    monkeypatch.setattr(HereClient, "perform", counted)
    assert batch("enhance-photo", photos, "-o", tmp_path / "out") == 0
    assert calls == ["a.png", "b.jpg"]


def test_a_result_that_no_ledger_knew_when_the_batch_was_killed_is_made_anew(photos, tmp_path, calls, monkeypatch):
    out, counted = tmp_path / "out", HereClient.perform

    def killed(self, use, output, progress):
        counted(self, use, output, progress)
        kept.append((out / NAME).read_text())

    kept = []
    monkeypatch.setattr(HereClient, "perform", killed)
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    # What a killed process leaves.
    (out / NAME).write_text(kept[0])
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    assert calls == ["a.png", "a.png"]


def test_a_result_whose_remake_fails_is_still_known(photos, tmp_path, calls, monkeypatch):
    out, counted = tmp_path / "out", HereClient.perform
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0

    def failed(self, use, output, progress):
        raise InvalidInput("It cannot be.")

    monkeypatch.setattr(HereClient, "perform", failed)
    assert batch("enhance-photo", photos / "a.png", "-o", out, "--again") == 1
    monkeypatch.setattr(HereClient, "perform", counted)
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    assert calls == ["a.png"]


@pytest.mark.parametrize("damage", ["", "[", '["a"]', '{"a.png": 3}'])
def test_a_damaged_ledger_only_costs_what_it_knew(damage, photos, tmp_path, calls):
    out = tmp_path / "out"
    assert batch("enhance-photo", photos, "-o", out) == 0
    (out / NAME).write_text(damage)
    assert batch("enhance-photo", photos, "-o", out, "--again") == 0
    assert len(calls) == 4


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_with_the_program_that_has_started_it_and_goes_on(workers, tmp_path, capsys):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for number in range(MANY):
        Image.new("RGB", (64, 48), (number % 256, 9, 9)).save(photos / f"{number}.png")
    words = ["batch", "enhance-photo", str(photos), "-o", str(out), "--workers", workers, "--json"]
    started = subprocess.Popen(
        [sys.executable, "-m", "restyle", *words, "--while-open"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = json.loads(started.stdout.readline())
    rest, said = started.communicate()
    assert (first["ended"], first["of"], first["state"]) == (1, MANY, "done")
    assert started.returncode == 130, said
    assert "the same command goes on" in said
    done = {json.loads(line)["source"] for line in rest.splitlines()} | {first["source"]}
    assert len(done) < MANY
    assert batch(*words[1:]) == 0
    before = {line["source"] for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["state"] == "as before"}
    assert before == done
