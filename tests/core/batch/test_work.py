"""A batch by several processes: nothing is lost, nothing done twice, and what a worker that ended had begun is done again."""

import os

import pytest
from PIL import Image
from tests.core.batch.clients import LACKED, Scribe, is_running

from restyle.batch.crew import Alone, Crew
from restyle.batch.crews import Workforce, crew_for, helpful_workers
from restyle.batch.ledger import Ledger
from restyle.batch.places import Naming, places
from restyle.batch.processes import Processes
from restyle.batch.work import AS_BEFORE, DONE, FAILED, Batch
from restyle.contract.errors import InvalidInput, OutputUnwritable, Refused
from restyle.contract.request import Request
from restyle.host import threads
from restyle.pictures.paths import ref_of
from restyle.service.clients import HereClient


@pytest.fixture
def scribe(tmp_path, root, monkeypatch):
    # Workers find it by its name.
    monkeypatch.setenv("PYTHONPATH", str(root))
    return Scribe(tmp_path / "book")


def asked(source):
    return Request(filter="enhance-photo", inputs={"content": ref_of(source)})


def run(folder, crew, names, **options):
    """Work on pictures of these names; returns what was told of each by its name, and what is left of the time."""
    (folder / "in").mkdir(exist_ok=True)
    for name in names:
        if not (folder / "in" / f"{name}.png").exists():
            Image.new("RGB", (8, 8)).save(folder / "in" / f"{name}.png")
    out = folder / "out"
    out.mkdir(exist_ok=True)
    told = []
    found = places([folder / "in"], Naming(out, "enhance-photo"))
    with Ledger.open(out) as ledger:
        Batch(found, asked, crew, lambda piece, left_s: told.append((piece, left_s)), **options).run(ledger)
    return {piece.source.split("/")[-1][:-4]: piece for piece, _ in told}, [left for _, left in told]


def test_two_processes_share_what_there_is_and_end_with_it(tmp_path, scribe):
    names = [f"p{i}" for i in range(6)]
    told, left = run(tmp_path, Processes(2, scribe), names)
    assert {piece.state for piece in told.values()} == {DONE}
    assert sorted(scribe.lines()) == names
    pids = {int((tmp_path / "out" / f"{name}.png").read_text()) for name in names}
    assert len(pids) == 2
    assert os.getpid() not in pids
    assert all(not is_running(pid) for pid in pids)
    assert left[-1] is None
    assert all(seconds > 0 for seconds in left[:-1])


def test_a_worker_that_ends_is_replaced_and_its_picture_done_by_another(tmp_path, scribe):
    told, _ = run(tmp_path, Processes(2, scribe), ["a", "b", "c", "deadly", "once"])
    assert [name for name, piece in told.items() if piece.state == FAILED] == ["deadly"]
    assert "ended twice" in told["deadly"].reason
    assert sorted(scribe.lines()) == ["a", "b", "c", "deadly", "deadly", "once", "once"]
    (tmp_path / "in" / "deadly.png").unlink()
    again, _ = run(tmp_path, Alone(scribe), ["a", "b", "c", "once"])
    assert {name: piece.state for name, piece in again.items()} == dict.fromkeys(["a", "b", "c", "once"], AS_BEFORE)


@pytest.mark.parametrize("many", [False, True])
def test_what_is_wrong_with_one_picture_costs_no_other(many, tmp_path, scribe):
    told, _ = run(tmp_path, Processes(2, scribe) if many else Alone(scribe), ["a", "bad", "odd", "z"])
    assert {name: piece.state for name, piece in told.items()} == {"a": DONE, "bad": FAILED, "odd": FAILED, "z": DONE}
    assert told["bad"].reason == f"{tmp_path / 'in' / 'bad.png'} is bad."
    assert "nobody's thinking" in told["odd"].reason


def test_what_is_wrong_with_no_picture_ends_the_batch_with_its_sentence(tmp_path, scribe):
    with pytest.raises(Refused, match=LACKED):
        run(tmp_path, Alone(scribe), ["lacking", "z"])
    assert scribe.lines() == ["lacking"]


class StoppedAtTheEnd(Crew):
    """Has written the result when it is stopped, and told nobody."""

    def outcomes(self, tasks):
        next(tasks).output.write_text("made")
        raise KeyboardInterrupt
        yield


def test_what_a_worker_has_written_when_all_is_stopped_is_the_batch_s_own(tmp_path, scribe):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, StoppedAtTheEnd(), ["a"])
    told, _ = run(tmp_path, Alone(scribe), ["a"])
    assert told["a"].state == DONE


def test_a_folder_has_one_batch_at_a_time(tmp_path, scribe):
    (tmp_path / "out").mkdir()
    with Ledger.open(tmp_path / "out"), pytest.raises(OutputUnwritable, match="another batch"):
        run(tmp_path, Alone(scribe), ["a"])
    run(tmp_path, Alone(scribe), ["a"])
    assert scribe.lines() == ["a"]


def test_a_ledger_grows_by_a_line_and_is_read_in_whatever_state_it_was_left(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        for name, made_of in (("a", "1"), ("b", "2"), ("a", "3")):
            ledger.begin(name)
            ledger.finish(name, made_of)
        ledger.begin("b")
        ledger.leave("b")
        ledger.begin("new")
        ledger.leave("new")
        kept = (tmp_path / ".restyle-batch.jsonl").read_text()
    assert len(kept.splitlines()) == 10
    (tmp_path / ".restyle-batch.jsonl").write_text(kept + '["c", "to')
    with Ledger.open(tmp_path) as ledger:
        assert ledger.made == {"a": "3", "b": "2"}
        ledger.begin("c")
        ledger.finish("c", "4")
    with Ledger.open(tmp_path) as ledger:
        assert ledger.made == {"a": "3", "b": "2", "c": "4"}


def test_many_processes_work_where_they_help(monkeypatch):
    monkeypatch.setattr("restyle.batch.crews.usable_processors", lambda: 4)
    monkeypatch.setattr("restyle.batch.crews.available_memory_bytes", lambda: 64 << 30)
    assert [helpful_workers(pictures, "cpu") for pictures in (1, 15, 16, 1000)] == [1, 1, 2, 4]
    assert helpful_workers(1000, "cuda") == 1
    monkeypatch.setattr("restyle.batch.crews.available_memory_bytes", lambda: 5 << 30)
    assert helpful_workers(1000, "cpu") == 2


def test_a_person_says_how_many_work(scribe, monkeypatch):
    assert isinstance(crew_for(5, lambda: scribe, Workforce(3)), Processes)
    assert isinstance(crew_for(1, lambda: scribe, Workforce(3)), Alone)
    assert isinstance(crew_for(5, lambda: scribe, Workforce(1)), Alone)
    monkeypatch.setattr("restyle.batch.crews.helpful_workers", lambda pictures, device: 4)
    assert isinstance(crew_for(50, HereClient, Workforce()), Processes)
    # Another one than this computer was chosen.
    assert isinstance(crew_for(50, lambda: scribe, Workforce()), Alone)
    with pytest.raises(InvalidInput, match="--workers 1 to"):
        crew_for(5, lambda: scribe, Workforce(0))


def test_a_process_counts_the_processors_that_it_may_use():
    assert 1 <= threads.usable_processors() <= (os.cpu_count() or 1)
