"""The worker: what a job tells, what is made only on request, and how a cancelled job makes way wherever it hangs."""

import threading
import time

import pytest
from tests.core.service.fakes import PATIENCE_S, Api, FakeImage, make_service

from restyle.contract.result import Result
from restyle.service import worker as worker_module


class Runner:
    """Does what a test says, as the method."""

    def __init__(self):
        self.methods = []
        self.made_previews = 0

    def rest(self):
        pass

    def warm_up(self, is_awaited):
        return "fake:0"

    def preview(self):
        self.made_previews += 1
        return FakeImage(bytes(range(6)), 2, 1)

    def __call__(self, use, images, progress):
        if self.methods:
            self.methods.pop(0)(progress)
        return Result({"result": FakeImage(bytes(6), 2, 1)})


@pytest.fixture
def runner():
    return Runner()


@pytest.fixture
def api(runner):
    service = make_service(runner)
    service.worker.start()
    yield Api(service)
    service.worker.stop(PATIENCE_S)


def ends_after_cancel(api, job_id):
    """Cancel a running job; its last state, and how long it took the next one to be done."""
    api.wait_for(job_id, lambda job: job["state"] == "running")
    next_id = api.start()["id"]
    begun = time.monotonic()
    api("DELETE", f"/v1/jobs/{job_id}")
    assert api.end_of(next_id)["state"] == "done"
    return api.job(job_id)["state"], time.monotonic() - begun


def busy(progress):
    """Python code that comes to no step."""
    while True:
        sum(range(100))


def swallowing(progress):
    """The same, taking whatever is raised for a failure of its own, once."""
    try:
        busy(progress)
    except Exception:
        busy(progress)


@pytest.mark.parametrize(("method", "limit_s"), [(busy, 1.5), (swallowing, 3.0)])
def test_a_cancelled_job_ends_though_it_comes_to_no_step(api, runner, method, limit_s):
    runner.methods.append(method)
    state, seconds = ends_after_cancel(api, api.start()["id"])
    assert state == "cancelled"
    # The interrupt, with a poll of the worker's and as much again for a loaded machine.
    assert seconds < 2 * limit_s
    assert not api.service.worker.is_burdened


def test_a_job_that_sits_in_foreign_code_is_left_behind_and_the_server_told(api, runner, monkeypatch):
    monkeypatch.setattr(worker_module, "LEFT_BEHIND_S", 0.7)
    monkeypatch.setattr(worker_module, "LINGERING_S", 0.0)
    comes_back = threading.Event()
    # Waiting for a lock is no Python code, as a library's endless loop is none.
    runner.methods.append(lambda progress: comes_back.wait())
    state, _ = ends_after_cancel(api, api.start()["id"])
    assert state == "cancelled"
    assert api.service.worker.is_burdened
    assert not api.service.worker.stop(0.2)
    comes_back.set()
    for _, painter in api.service.worker._left_behind:
        painter.wait(PATIENCE_S)
    assert not api.service.worker.is_burdened


def test_a_stop_in_the_warm_up_waits_for_its_end(runner):
    comes_back = threading.Event()
    runner.warm_up = lambda is_awaited: comes_back.wait() and "fake:0"
    worker = make_service(runner).worker
    worker.start()
    threading.Timer(0.5, comes_back.set).start()
    assert worker.stop(PATIENCE_S)


def test_what_comes_late_from_a_job_left_behind_is_not_the_next_jobs(api, runner, monkeypatch):
    monkeypatch.setattr(worker_module, "LEFT_BEHIND_S", 0.2)
    comes_back, comes_next = threading.Event(), threading.Event()

    def late(progress):
        comes_back.wait()
        progress._is_cancelled = lambda: False
        progress.step(7, of=9, message="late")

    def following(progress):
        comes_back.set()
        comes_next.wait(PATIENCE_S)
        progress.step(1, of=1, message="next")

    runner.methods += [late, following]
    first = api.start()["id"]
    api.wait_for(first, lambda job: job["state"] == "running")
    following_id = api.start()["id"]
    api("DELETE", f"/v1/jobs/{first}")
    api.wait_for(following_id, lambda job: job["state"] == "running")
    [(_, painter)] = api.service.worker._left_behind
    painter.wait(PATIENCE_S)
    assert api.job(following_id)["message"] != "late"
    comes_next.set()
    assert api.end_of(following_id)["state"] == "done"
    assert api.job(first)["state"] == "cancelled"


def test_previews_are_made_only_while_somebody_asks(api, runner):
    goes_on = threading.Event()

    def painting(progress):
        progress.step(0, of=3, preview=runner.preview)
        goes_on.wait(PATIENCE_S)
        step = 0
        while not runner.made_previews or step < 3:
            step += 1
            progress.step(min(step, 2), of=3, preview=runner.preview, frame=(4, 5, 60, 70))
            time.sleep(0.01)

    runner.methods += [painting]
    job_id = api.start()["id"]
    api.wait_for(job_id, lambda job: job["steps"] == 3)
    assert runner.made_previews == 0
    assert api("GET", f"/v1/jobs/{job_id}/preview").status_code == 204
    goes_on.set()
    answer = api("GET", f"/v1/jobs/{job_id}/preview", params={"wait_ms": 10_000})
    assert (answer.status_code, answer.content) == (200, bytes(range(6)))
    assert (answer.headers["restyle-width"], answer.headers["restyle-height"]) == ("2", "1")
    assert answer.headers["restyle-frame"] == "4 5 60 70"
    assert int(answer.headers["restyle-revision"]) > 0
    api.end_of(job_id)
    assert api("GET", f"/v1/jobs/{job_id}/preview").status_code == 204


def test_reports_in_quick_succession_are_shown_as_one_but_the_last_step_always(api, runner):
    shown = []
    report = api.service.jobs.report
    api.service.jobs.report = lambda job, told, preview: (shown.append(told.step), report(job, told, preview))

    def painting(progress):
        for step in range(1, 51):
            progress.step(step, of=50)

    runner.methods.append(painting)
    job = api.end_of(api.start()["id"])
    assert (shown[0], shown[-1], job["step"]) == (1, 50, 50)
    assert len(shown) < 50


def test_a_fault_of_the_worker_itself_costs_one_job_and_no_more(api, runner, monkeypatch):
    succeed = api.service.jobs.succeed
    monkeypatch.setattr(api.service.jobs, "succeed", lambda *told: 1 / 0)
    assert api.end_of(api.start()["id"])["problem"]["code"] == "internal-error"
    monkeypatch.setattr(api.service.jobs, "succeed", succeed)
    assert api.end_of(api.start()["id"])["state"] == "done"


def test_a_failed_job_keeps_none_of_the_methods_memory(api, runner):
    def failing(progress):
        raise worker_module.OutOfMemory from RuntimeError("of the allocator")

    runner.methods.append(failing)
    job_id = api.start()["id"]
    assert api.end_of(job_id)["problem"]["code"] == "out-of-memory"
    error = api.service.jobs._jobs[job_id].error
    assert error.__traceback__ is None
    assert error.__cause__ is None
