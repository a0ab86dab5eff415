"""The queue: order, places, revisions, leases, cancelling, and what remains of a job."""

from dataclasses import replace

import pytest
from tests.core.service.desk import LEASE_S, image
from tests.core.service.fakes import INVERT

from restyle.contract.errors import Cancelled, OutOfMemory, ServerLeaving, TooManyJobs, UnknownImage
from restyle.contract.progress import Report
from restyle.contract.result import Result
from restyle.service.job import HUNG_UP_S, PREVIEW_INTERVAL_S, PREVIEW_WANTED_S, RESULT, Terms
from restyle.service.jobs import MAXIMUM_ACTIVE
from restyle.service.order import MAXIMUM_PASSES

PREVIEW = Terms("preview", "a dialog")
QUICK = Terms(is_quick=True)


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
