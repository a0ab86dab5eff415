"""What remains of a job: its result for some minutes, or its problem."""

import pytest
from tests.core.service.desk import LEASE_S, Desk, image

from restyle.contract.errors import Cancelled, OutOfMemory, UnknownImage, UnknownJob
from restyle.contract.progress import Report
from restyle.contract.result import Result
from restyle.service.jobs import KEPT_S


def test_a_finished_job_tells_all_and_lets_its_inputs_go(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    held = next(iter(job.images.values()))
    desk.queue.set_device(job, "cpu")
    desk.clock.advance(2.5)
    desk.queue.succeed(job, Result({"result": image()}), ["A note."])
    desk.clock.advance(100)
    status = desk.queue.status(job_id)
    assert (status.state, status.seconds, status.seed, status.device, status.notes) == ("done", 2.5, 7, "cpu", ["A note."])
    assert desk.images.get(status.results[0].image).size_bytes == 6
    assert held.holders == 0


def test_a_failed_job_has_a_problem_and_no_pictures(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    desk.queue.report(job, Report(1, 3, ""), image())
    desk.queue.fail(job, OutOfMemory())
    status = desk.queue.status(job_id)
    assert (status.state, status.problem.code, status.results) == ("failed", "out-of-memory", [])
    assert desk.queue.preview(job_id)[0] is None
    assert desk.images.size_bytes == 6


def test_a_job_cancelled_behind_its_last_step_has_no_result(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    desk.queue.delete(job_id)
    desk.queue.succeed(job, Result({"result": image()}), [])
    assert desk.queue.status(job_id).state == "cancelled"
    assert desk.queue.status(job_id).results == []


def test_deleting_twice_cancels_then_forgets_and_an_unknown_job_is_no_error(desk):
    job_id = desk.submit()
    desk.queue.delete(job_id)
    assert desk.queue.status(job_id).state == "cancelled"
    desk.queue.delete(job_id)
    with pytest.raises(UnknownJob):
        desk.queue.status(job_id)
    desk.queue.delete(job_id)


def test_results_go_with_their_job(desk):
    job_id = desk.submit()
    desk.queue.succeed(desk.queue.take(), Result({"result": image()}), [])
    result = desk.queue.status(job_id).results[0].image
    desk.queue.delete(job_id)
    with pytest.raises(UnknownImage):
        desk.images.get(result)


def test_an_ended_job_is_forgotten_some_minutes_after_it_was_asked_for(desk):
    job_id = desk.submit()
    desk.queue.succeed(desk.queue.take(), Result({"result": image()}), [])
    for _ in range(2):
        desk.clock.advance(KEPT_S - 1)
        desk.queue.expire()
        result = desk.queue.status(job_id).results[0].image
    desk.clock.advance(KEPT_S)
    desk.queue.expire()
    with pytest.raises(UnknownJob):
        desk.queue.status(job_id)
    with pytest.raises(UnknownImage):
        desk.images.get(result)


def test_the_oldest_results_make_room_where_memory_is_short():
    desk = Desk(maximum_bytes=100)
    jobs = [desk.submit() for _ in range(3)]
    for _ in jobs:
        desk.queue.succeed(desk.queue.take(), Result({"result": image(36)}), [])
        desk.clock.advance(LEASE_S)
    with pytest.raises(UnknownJob):
        desk.queue.status(jobs[0])
    assert desk.queue.status(jobs[2]).results
    assert desk.images.size_bytes <= 100


def test_a_result_whose_client_still_asks_makes_no_room():
    desk = Desk(maximum_bytes=100)
    asked, forgotten, last = (desk.submit() for _ in range(3))
    desk.queue.succeed(desk.queue.take(), Result({"result": image(36)}), [])
    desk.queue.succeed(desk.queue.take(), Result({"result": image(36)}), [])
    desk.clock.advance(LEASE_S)
    result = desk.queue.status(asked).results[0].image
    desk.queue.succeed(desk.queue.take(), Result({"result": image(36)}), [])
    assert desk.images.get(result)
    assert desk.queue.status(last).results
    with pytest.raises(UnknownJob):
        desk.queue.status(forgotten)


def test_what_comes_from_a_job_after_its_end_changes_nothing(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    desk.queue.delete(job_id)
    desk.queue.fail(job, Cancelled())
    before = desk.queue.status(job_id)
    desk.queue.report(job, Report(2, 3, "late"), image())
    desk.queue.succeed(job, Result({"result": image()}), [])
    desk.queue.fail(job, OutOfMemory())
    assert desk.queue.status(job_id) == before
    assert desk.images.size_bytes == 6
