"""A farm of two machines, which are this one twice: workers, machines and the driver end in the middle, and nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from PIL import Image
from tests.core.batch.clients import LACKED, Scribe, is_running

from restyle.batch import farm
from restyle.batch.crew import Task
from restyle.cli import main
from restyle.contract.request import Request
from restyle.pictures.paths import ref_of

LIMIT_S = 120
"""For what takes a second where nobody else works."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A head that does not work itself; `add` gives it a machine with one processor and a home of its own."""
    pytest.importorskip("ray", reason="no Ray: pip install 'ray[client]'")
    homes = tmp_path_factory.mktemp("homes")
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.core.batch.machines", str(homes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd(), "RAY_USAGE_STATS_ENABLED": "0"},
    )
    yield Machines(program)
    program.stdin.close()
    program.wait(60)
    program.stdout.close()


class Machines:
    """The program that has them."""

    def __init__(self, program):
        self.program = program
        self.address = self._answer()

    def _answer(self):
        return json.loads(self.program.stdout.readline())

    def do(self, word):
        self.program.stdin.write(word + "\n")
        self.program.stdin.flush()
        return self._answer()


class Folder:
    """Pictures, and a driver that works on them."""

    def __init__(self, path, address):
        self.path, self.address, self.scribe = path, address, Scribe(path / "book")
        (path / "in").mkdir()

    def put(self, *names):
        for name in names:
            Image.new("RGB", (8, 8)).save(self.path / "in" / f"{name}.png")

    def start(self):
        environment = {**os.environ, "PYTHONPATH": os.getcwd(), "RAY_ADDRESS": self.address}
        words = [sys.executable, "-m", "tests.core.batch.farm_driver", "ray", str(self.path)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def finish(self, driver):
        """What was told of each picture by its name, once for each."""
        told, problem = driver.communicate(timeout=LIMIT_S)
        assert driver.returncode == 0, problem
        return [tuple(json.loads(line)) for line in told.splitlines()]

    def wait_for(self, is_so):
        limit = time.monotonic() + LIMIT_S
        while not is_so():
            assert time.monotonic() < limit, self.scribe.lines()
            time.sleep(0.05)


@pytest.fixture
def folder(tmp_path, cluster, root, monkeypatch):
    monkeypatch.chdir(root)
    return Folder(tmp_path, cluster.address)


def test_a_worker_and_a_machine_end_in_the_middle_and_nothing_is_lost_or_done_twice(folder, cluster):
    folder.put("a", "b", "bad", "held-1", "held-2", "z")
    cluster.do("add")
    second = cluster.do("add")
    driver = folder.start()
    book = folder.scribe
    folder.wait_for(lambda: {"held-1", "held-2"} <= set(book.lines()))
    os.kill(dict(book.begun())["held-1"], signal.SIGKILL)
    folder.wait_for(lambda: book.lines().count("held-1") == 2)
    pids = [dict(book.begun())[name] for name in ("held-1", "held-2")]
    cluster.do(f"remove {second}")
    # Its worker ends with it, a moment later.
    folder.wait_for(lambda: not all(is_running(pid) for pid in pids))
    (folder.path / "go").touch()
    told = folder.finish(driver)
    assert Counter(name for name, _, _ in told) == Counter(["a", "b", "bad", "held-1", "held-2", "z"])
    assert {name: state for name, state, _ in told if state != "done"} == {"bad": "failed"}
    assert [reason for name, _, reason in told if name == "bad"] == [f"{folder.path / 'in' / 'bad.png'} is bad."]
    begun = Counter(book.lines())
    assert all(begun[name] == 1 for name in ("a", "b", "bad"))
    assert begun["held-1"] + begun["held-2"] == 4
    assert sorted(path.name for path in (folder.path / "out").glob("*.png")) == [
        f"{name}.png" for name in ("a", "b", "held-1", "held-2", "z")
    ]


def test_a_driver_that_was_killed_goes_on_where_it_was(folder, cluster):
    folder.put("a", "b", "held-1")
    driver = folder.start()
    out = folder.path / "out"
    folder.wait_for(lambda: (out / "a.png").exists() and (out / "b.png").exists() and "held-1" in folder.scribe.lines())
    driver.kill()
    driver.communicate()
    (folder.path / "go").touch()
    assert dict(told[:2] for told in folder.finish(folder.start())) == {"a": "as before", "b": "as before", "held-1": "done"}
    assert Counter(folder.scribe.lines()) == {"a": 1, "b": 1, "held-1": 2}


def test_a_machine_is_given_the_model_that_it_lacks_once(folder, cluster, home_of_its_own):
    (home_of_its_own / "models").mkdir()
    (home_of_its_own / "models" / f"{LACKED}.safetensors").write_bytes(b"weights")
    folder.put("lacking-1", "lacking-2", "lacking-3")
    told = folder.finish(folder.start())
    assert {state for _, state, _ in told} == {"done"}
    assert cluster.do("models") == [f"{LACKED}.safetensors"]


def test_what_is_missing_and_what_is_no_place_is_said_in_a_sentence(tmp_path, monkeypatch, capsys):
    photo = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(photo)
    command = ["batch", "enhance-photo", str(photo), "-o", str(tmp_path / "out"), "--on"]
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main([*command, "ray"]) == 1
    assert 'pip install "ray[client]"' in capsys.readouterr().err
    assert main([*command, "the-moon"]) == 1
    assert "--on ray://HEAD:10001" in capsys.readouterr().err


def test_where_all_is_done_nobody_asks_for_a_cluster(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert list(farm.Farm("ray").outcomes(iter(()))) == []


class FakeRay:
    """Does each task at once when it is waited for, but the first copy of one that is called "slow", which never ends."""

    exceptions = SimpleNamespace(RayTaskError=RuntimeError, RayError=RuntimeError)

    def __init__(self, slots):
        self.slots, self.sent, self.cancelled, self.most = slots, [], [], 0

    def remote(self, function):
        def send(parcel, *contents):
            self.sent.append(lambda: function(parcel, *contents))
            self.most = max(self.most, len(self.sent))
            slow = [number for number, name in enumerate(self.names) if name == "slow"]
            self.names.append(parcel.task.output.stem)
            self.stuck = slow[:1] or [len(self.sent) - 1] * (self.names[-1] == "slow")
            return len(self.sent) - 1

        self.names, self.stuck = [], []
        return SimpleNamespace(options=lambda **options: SimpleNamespace(remote=send))

    def wait(self, refs, num_returns, timeout):
        return [ref for ref in refs if ref not in self.stuck][:1], []

    def get(self, ref):
        return self.sent[ref]()

    def cancel(self, ref, force):
        self.cancelled.append(self.names[ref])

    def cluster_resources(self):
        return {"CPU": float(self.slots)}

    def put(self, content):
        return content

    def nodes(self):
        return []

    def shutdown(self):
        pass


def test_what_takes_suspiciously_long_at_the_end_is_done_elsewhere_and_once(tmp_path, monkeypatch):
    ray, out = FakeRay(4), tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(farm, "_library", lambda address: ray)
    monkeypatch.setattr(farm, "_connect", lambda *arguments: None)
    monkeypatch.setattr(farm, "STRAGGLER_S", 0.0)
    monkeypatch.setattr(farm, "STRAGGLER_TIMES", 0.0)
    tasks = []
    for number, name in enumerate(("a", "slow", "z")):
        source = tmp_path / f"{name}.png"
        Image.new("RGB", (8, 8)).save(source)
        request = Request(filter="enhance-photo", inputs={"content": ref_of(source)})
        tasks.append(Task(number, source, out / source.name, request))
    crew = farm.Farm("ray", client=Scribe(tmp_path / "book"))
    outcomes = list(crew.outcomes(iter(tasks)))
    assert sorted((outcome.task.number, outcome.problem) for outcome in outcomes) == [(0, ""), (1, ""), (2, "")]
    assert ray.names.count("slow") == 2
    assert "slow" in ray.cancelled
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "slow.png", "z.png"]


@pytest.mark.parametrize(("most", "slots", "room"), [(None, 4, 8), (1, 1, 2), (3, 8, 3)])
def test_no_more_is_on_its_way_than_keeps_all_busy(most, slots, room):
    assert farm._Hands(None, None, {"num_cpus": 1.0}, most, slots).room == room


@pytest.mark.parametrize(("place", "mode"), [("ray://head:10001", "token"), ("ray", None)])
def test_the_token_of_another_cluster_is_looked_for_as_ray_does_for_its_own(place, mode, tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="no Ray: pip install 'ray[client]'")
    monkeypatch.setattr(farm.Path, "home", lambda: tmp_path)
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "RAY_AUTH_MODE"):
        # Whatever it is set to here is undone.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    farm._library(place)
    assert "RAY_AUTH_MODE" not in os.environ
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("a token")
    farm._library(place)
    assert os.environ.get("RAY_AUTH_MODE") == mode
