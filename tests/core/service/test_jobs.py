"""The queue: order, places, revisions, leases, cancelling, and what remains of a job."""

from dataclasses import replace

import pytest
from tests.core.service.fakes import INVERT, Clock, FakeImage, InvertParams, upload

from restyle.contract.errors import Cancelled, OutOfMemory, ServerLeaving, TooManyJobs, UnknownImage, UnknownJob
from restyle.contract.progress import Report
from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.service.images import ImageStore
from restyle.service.job import HUNG_UP_S, PREVIEW_INTERVAL_S, PREVIEW_WANTED_S, RESULT, Terms
from restyle.service.jobs import KEPT_S, MAXIMUM_ACTIVE, JobQueue
from restyle.service.order import MAXIMUM_PASSES

LEASE_S = 10.0

PREVIEW = Terms("preview", "a dialog")
QUICK = Terms(is_quick=True)


class Desk:
    """A queue with everything around it, on one clock."""

    def __init__(self, maximum_bytes=1 << 20):
        self.clock = Clock()
        self.images = ImageStore(maximum_bytes, self.clock)
        self.queue = JobQueue(self.images, LEASE_S, self.clock)

    def submit(self, terms=RESULT, declared=INVERT):
        ref = upload(self.images).id
        use = Use(declared, {"content": ref}, InvertParams(seed=7))
        return self.queue.submit(use, {ref: self.images.hold(ref)}, terms).id

    def end_one(self):
        """Run the next job; its id."""
        job = self.queue.take()
        self.queue.succeed(job, Result({"result": image()}), [])
        return job.id


@pytest.fixture
def desk():
    return Desk()


def image(size=6):
    return FakeImage(bytes(size), size // 3, 1)


def test_jobs_are_taken_in_the_order_they_came_and_know_their_place(desk):
    first, second, third = desk.submit(), desk.submit(), desk.submit()
    running = desk.queue.take()
    assert running.id == first
    assert [desk.queue.status(job).position for job in (first, second, third)] == [0, 1, 2]
    before = desk.queue.status(third).revision
    desk.queue.succeed(running, Result({"result": image()}), [])
    assert [desk.queue.status(job).position for job in (second, third)] == [0, 1]
    assert desk.queue.status(third).revision > before
    assert desk.queue.take().id == second


def test_previews_and_quick_jobs_pass_long_ones_that_wait(desk):
    running = desk.submit()
    desk.queue.take()
    long, quick, preview = desk.submit(), desk.submit(QUICK), desk.submit(PREVIEW)
    assert [desk.queue.status(job).position for job in (preview, quick, long)] == [1, 2, 3]
    desk.queue.fail(desk.queue._jobs[running], Cancelled())
    assert [desk.end_one() for _ in range(3)] == [preview, quick, long]


def test_nobody_is_passed_for_ever(desk):
    long = desk.submit()
    taken = []
    while long not in taken:
        desk.submit(QUICK)
        taken.append(desk.end_one())
    assert len(taken) == MAXIMUM_PASSES + 1


def test_the_newest_preview_of_a_client_and_a_filter_ends_those_before(desk):
    running, waiting = desk.submit(PREVIEW), desk.submit(replace(PREVIEW, client="another"))
    other_filter = desk.submit(PREVIEW, replace(INVERT, id="other"))
    job = desk.queue.take()
    newest = desk.submit(PREVIEW)
    assert job.is_cancelled
    assert {desk.queue.status(job).state for job in (waiting, other_filter, newest)} == {"queued"}
    desk.submit(PREVIEW)
    assert desk.queue.status(newest).state == "cancelled"
    assert desk.queue.status(running).state == "running"


def test_the_job_itself_ends_its_clients_previews_and_no_preview_ends_a_job(desk):
    preview, result = desk.submit(PREVIEW), desk.submit(replace(PREVIEW, purpose="result"))
    assert desk.queue.status(preview).state == "cancelled"
    desk.submit(PREVIEW)
    assert desk.queue.status(result).state == "queued"


def test_clients_without_a_name_do_not_end_each_others_previews(desk):
    first, second = desk.submit(Terms("preview")), desk.submit(Terms("preview"))
    assert {desk.queue.status(job).state for job in (first, second)} == {"queued"}


def test_a_job_that_nobody_asks_after_is_cancelled(desk):
    waiting = desk.submit()
    desk.clock.advance(LEASE_S - 1)
    desk.queue.expire()
    assert desk.queue.status(waiting).state == "queued"
    desk.clock.advance(LEASE_S)
    desk.queue.expire()
    assert desk.queue.status(waiting).state == "cancelled"


def test_a_running_job_that_nobody_asks_after_is_told_to_stop(desk):
    desk.submit()
    job = desk.queue.take()
    desk.clock.advance(LEASE_S)
    desk.queue.expire()
    assert job.is_cancelled
    assert job.state == "running"
    desk.queue.fail(job, Cancelled())
    assert job.state == "cancelled"


def test_a_long_poll_keeps_the_lease_for_as_long_as_it_lasts(desk):
    job = desk.submit()
    with desk.queue.watch(job, lambda: None):
        desk.clock.advance(5 * LEASE_S)
        desk.queue.expire()
        assert desk.queue.status(job).state == "queued"
    desk.clock.advance(LEASE_S)
    desk.queue.expire()
    assert desk.queue.status(job).state == "cancelled"


def hung_up_on(desk, terms=RESULT):
    """A running job whose client was ended in the middle of a question."""
    job = desk.submit(terms)
    with desk.queue.watch(desk.queue.take().id, lambda: None):
        desk.clock.advance(LEASE_S)
    desk.queue.hang_up(job)
    return desk.queue._jobs[job]


def test_a_job_whose_client_hung_up_makes_way_long_before_its_lease_ends(desk):
    job = hung_up_on(desk)
    desk.clock.advance(HUNG_UP_S / 2)
    desk.queue.expire()
    assert not job.is_cancelled
    desk.clock.advance(HUNG_UP_S / 2)
    desk.queue.expire()
    assert job.is_cancelled


def test_a_job_that_somebody_else_asks_after_goes_on_when_one_hangs_up(desk):
    job = hung_up_on(desk)
    desk.queue.status(job.id)
    desk.clock.advance(LEASE_S - 1)
    desk.queue.expire()
    assert not job.is_cancelled


def test_a_connection_from_afar_may_be_lost_for_a_moment(desk):
    job = hung_up_on(desk, Terms(user="anna"))
    desk.clock.advance(LEASE_S - 1)
    desk.queue.expire()
    assert not job.is_cancelled


def test_each_visible_change_wakes_those_who_watch(desk):
    job_id = desk.submit()
    woken = []
    with desk.queue.watch(job_id, lambda: woken.append(desk.queue.status(job_id).revision)):
        job = desk.queue.take()
        desk.queue.report(job, Report(1, 3, "one"))
        desk.queue.fail(job, OutOfMemory())
    assert len(woken) == 3
    assert woken == sorted(set(woken))


def test_a_preview_takes_the_place_of_the_one_before(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    assert desk.queue.preview(job_id) == (None, 0, None)
    desk.queue.report(job, Report(1, 3, "one"), image())
    first, first_revision, _ = desk.queue.preview(job_id)
    desk.queue.report(job, Report(2, 3, "two"), image())
    second, second_revision, _ = desk.queue.preview(job_id)
    assert second_revision > first_revision
    assert desk.images.get(second)
    with pytest.raises(UnknownImage):
        desk.images.get(first)


def test_a_preview_says_which_part_of_the_layer_it_shows(desk):
    job_id = desk.submit()
    desk.queue.report(desk.queue.take(), Report(1, 3, "one", frame=(4, 5, 60, 70)), image())
    assert desk.queue.preview(job_id).frame == (4, 5, 60, 70)


def test_a_preview_is_wanted_only_while_somebody_asks_and_not_more_than_two_a_second(desk):
    job_id = desk.submit()
    job = desk.queue.take()
    assert not job.wants_preview(desk.clock())
    desk.queue.preview(job_id)
    assert job.wants_preview(desk.clock())
    desk.queue.report(job, Report(1, 3, ""), image())
    assert not job.wants_preview(desk.clock())
    desk.clock.advance(PREVIEW_INTERVAL_S)
    assert job.wants_preview(desk.clock())
    desk.clock.advance(PREVIEW_WANTED_S)
    assert not job.wants_preview(desk.clock())


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


def test_the_queue_is_bounded(desk):
    for _ in range(MAXIMUM_ACTIVE):
        desk.submit()
    with pytest.raises(TooManyJobs):
        desk.submit()


def test_a_closed_queue_takes_nothing_and_finishes_what_it_has(desk):
    job_id = desk.submit()
    desk.queue.close()
    with pytest.raises(ServerLeaving):
        desk.submit()
    desk.queue.succeed(desk.queue.take(), Result({"result": image()}), [])
    assert desk.queue.status(job_id).state == "done"
    assert desk.queue.has_uncollected
    desk.queue.delete(job_id)
    assert not desk.queue.has_uncollected


def test_a_stopped_queue_ends_all_and_sends_the_worker_home(desk):
    running_id, waiting_id = desk.submit(), desk.submit()
    running = desk.queue.take()
    desk.queue.stop()
    assert running.is_cancelled
    assert desk.queue.take() is None
    assert desk.queue.status(running_id).state == "running"
    desk.queue.fail(running, Cancelled())
    for job in (waiting_id, running_id):
        status = desk.queue.status(job)
        assert (status.state, status.problem.code) == ("failed", "server-stopped")


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
