"""When a server goes: idle, asked, or told by a signal."""

import pytest
from tests.core.service.fakes import INVERT, Clock, FakeImage, InvertParams

from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.service.images import ImageStore
from restyle.service.jobs import JobQueue
from restyle.service.lifetime import STOP_GRACE_S, Lifetime

IDLE_S = 60.0


class Server:
    """A queue and a lifetime on one clock."""

    def __init__(self):
        self.clock = Clock()
        self.jobs = JobQueue(ImageStore(clock=self.clock), clock=self.clock)
        self.left = []
        self.lifetime = Lifetime(self.jobs, lambda: self.left.append(self.clock()), IDLE_S, self.clock)

    def submit(self):
        return self.jobs.submit(Use(INVERT, {}, InvertParams()), {}).id


@pytest.fixture
def server():
    return Server()


def test_a_server_goes_after_a_time_without_jobs_and_requests(server):
    server.clock.advance(IDLE_S - 1)
    assert not server.lifetime.is_over()
    server.clock.advance(1)
    assert server.lifetime.is_over()
    assert len(server.left) == 1


def test_a_request_starts_the_time_anew_and_an_open_one_holds_it(server):
    with server.lifetime.request():
        server.clock.advance(5 * IDLE_S)
        assert not server.lifetime.is_over()
    server.clock.advance(IDLE_S - 1)
    assert not server.lifetime.is_over()
    server.clock.advance(1)
    assert server.lifetime.is_over()


def test_a_job_holds_the_server(server):
    server.submit()
    server.clock.advance(5 * IDLE_S)
    assert not server.lifetime.is_over()
    assert not server.lifetime.is_leaving


def test_a_server_that_was_asked_to_go_waits_for_its_jobs_and_for_who_collects_them(server):
    job_id = server.submit()
    server.lifetime.leave()
    assert len(server.left) == 1
    assert not server.lifetime.is_over()
    server.jobs.succeed(server.jobs.take(), Result({"result": FakeImage(b"123", 1, 1)}), [])
    assert not server.lifetime.is_over()
    server.jobs.delete(job_id)
    assert server.lifetime.is_over()


def test_a_result_that_nobody_asks_for_holds_no_leaving_server(server):
    server.submit()
    server.jobs.succeed(server.jobs.take(), Result({"result": FakeImage(b"123", 1, 1)}), [])
    server.lifetime.leave()
    server.clock.advance(11)
    assert server.lifetime.is_over()


def test_leaving_at_once_cancels_and_waits_for_the_running_job_only_so_long(server):
    server.submit()
    job = server.jobs.take()
    with server.lifetime.request():
        server.lifetime.leave(at_once=True)
        assert job.is_cancelled
        assert not server.lifetime.is_over()
        server.clock.advance(STOP_GRACE_S)
        server.lifetime.leave(at_once=True)
        assert server.lifetime.is_over()
    assert len(server.left) == 1
