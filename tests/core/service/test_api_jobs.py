"""Jobs over HTTP: queued, polled, cancelled, failed and done."""

import asyncio
import errno

import httpx
import pytest
from tests.core.service.fakes import PATIENCE_S, TOKEN
from tests.core.service.over_http import problem, started_and_done

from restyle.contract.errors import OutOfMemory


def test_a_job_runs_from_request_to_result(api, runner):
    job_id = started_and_done(api, runner, steps=3, seed=5)
    job = api.end_of(job_id)
    assert (job["state"], job["step"], job["steps"], job["seed"]) == ("done", 3, 3, 5)
    assert job["message"] == "step 3 of 3"
    assert job["notes"] == ["Well done."]
    assert job["device"] == "fake:0"
    assert job["problem"] is None
    assert job["filter"] == "invert-colors"
    assert api("GET", f"/v1/images/{job['results'][0]['image']}").content == bytes([255, 254, 253, 252, 251, 250])
    assert api("DELETE", f"/v1/jobs/{job_id}").status_code == 204
    problem(api("GET", f"/v1/jobs/{job_id}"), 404, "unknown-job")
    problem(api("GET", f"/v1/images/{job['results'][0]['image']}"), 404, "unknown-image")


def test_a_long_poll_wakes_when_something_changes(api, runner):
    job_id = api.start(steps=2)["id"]
    running = api.wait_for(job_id, lambda job: job["state"] == "running" and job["device"])

    async def watched():
        while not api.service.jobs._jobs[job_id].watchers:
            await asyncio.sleep(0)

    async def poll_and_step():
        query = {"seen": running["revision"], "wait_ms": 10_000}
        poll = asyncio.ensure_future(api.call("GET", f"/v1/jobs/{job_id}", params=query))
        await asyncio.wait_for(watched(), PATIENCE_S)
        assert not poll.done()
        runner.allow(1)
        return (await poll).json()

    started = asyncio.run(poll_and_step())
    assert started["revision"] > running["revision"]
    assert started["step"] == 1


def test_a_long_poll_without_news_answers_when_its_time_is_over(api):
    job_id = api.start()["id"]
    running = api.wait_for(job_id, lambda job: job["state"] == "running" and job["device"])
    assert api.job(job_id, seen=running["revision"], wait_ms=1)["revision"] == running["revision"]


def test_a_client_that_vanishes_during_a_long_poll_no_longer_keeps_the_job(api):
    job_id = api.start()["id"]
    running = api.wait_for(job_id, lambda job: job["state"] == "running" and job["device"])

    async def vanish():
        leaves = asyncio.Event()
        begun = asyncio.Event()

        async def receive():
            if not begun.is_set():
                begun.set()
                return {"type": "http.request", "body": b"", "more_body": False}
            await leaves.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            pass

        scope = {
            "type": "http", "method": "GET", "path": f"/v1/jobs/{job_id}", "raw_path": b"", "root_path": "",
            "query_string": f"seen={running['revision']}&wait_ms=10000".encode(), "http_version": "1.1", "scheme": "http",
            "headers": [(b"host", b"restyle"), (b"authorization", f"Bearer {TOKEN}".encode())],
        }  # fmt: skip
        poll = asyncio.ensure_future(api.app(scope, receive, send))
        await asyncio.wait_for(begun.wait(), PATIENCE_S)
        leaves.set()
        await asyncio.wait_for(poll, PATIENCE_S / 4)

    asyncio.run(vanish())


def test_a_job_is_cancelled_in_the_middle(api, runner):
    job_id = api.start(steps=100)["id"]
    runner.allow(1)
    api.wait_for(job_id, lambda job: job["step"] == 1)
    for _ in range(2):
        # The second finds it still stopping, or already gone; both are fine.
        assert api("DELETE", f"/v1/jobs/{job_id}").status_code == 204
    runner.allow(1)
    follower = started_and_done(api, runner)
    assert api.end_of(follower)["state"] == "done"


def test_a_cancelled_job_says_so_to_who_still_asks(api, runner):
    job_id = api.start(steps=100)["id"]
    api.wait_for(job_id, lambda job: job["state"] == "running")
    api("DELETE", f"/v1/jobs/{job_id}")
    runner.allow(1)
    job = api.end_of(job_id)
    assert (job["state"], job["problem"]["code"], job["results"]) == ("cancelled", "cancelled", [])


def test_jobs_of_two_clients_queue_and_each_sees_its_place(api, runner):
    first, second, third = (api.start(steps=1)["id"] for _ in range(3))
    api.wait_for(first, lambda job: job["state"] == "running")
    assert [api.job(job)["position"] for job in (first, second, third)] == [0, 1, 2]
    runner.allow(1)
    api.end_of(first)
    api.wait_for(second, lambda job: job["state"] == "running")
    assert api.wait_for(third, lambda job: job["position"] == 1)["state"] == "queued"
    runner.allow(2)
    assert [api.end_of(job)["state"] for job in (second, third)] == ["done", "done"]
    assert len(runner.started) == 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OutOfMemory(), "out-of-memory"),
        (MemoryError(), "out-of-memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "out-of-memory"),
        (OSError(errno.ENOSPC, "No space left on device", "/home/models/a"), "system-refused"),
        (KeyError("x"), "internal-error"),
    ],
)
def test_a_failing_method_fails_its_job_and_nothing_else(api, runner, error, code):
    runner.error = error
    job = api.end_of(started_and_done(api, runner))
    assert job["state"] == "failed"
    assert job["problem"]["code"] == code
    assert "Traceback" not in job["problem"]["detail"]
    runner.error = None
    assert api.end_of(started_and_done(api, runner))["state"] == "done"


@pytest.mark.parametrize("query", [{"output": "a.png"}, {"output": ""}, {"folder": "here", "output": "/there/a.png"}])
def test_the_files_of_a_job_are_named_by_whole_paths(api, query):
    image = api.upload()
    body = {"inputs": {"content": image, "styles": [{"image": image}]}}
    problem(api("POST", "/v1/filters/invert-colors/jobs", params=query, json=body), 422, "invalid-parameter")


def test_a_job_keeps_its_pictures_though_their_client_deletes_them(api, runner):
    job = api.start(steps=2)
    for image in list(api.service.images._images):
        api("DELETE", f"/v1/images/{image}")
    runner.allow(2)
    assert api.end_of(job["id"])["state"] == "done"


def test_a_full_queue_is_a_problem(api):
    codes = set()
    for _ in range(40):
        image = api.upload()
        answer = api("POST", "/v1/filters/invert-colors/jobs", json={"inputs": {"content": image, "styles": [{"image": image}]}})
        codes.add(answer.status_code)
    assert codes == {202, 429}
    problem(answer, 429, "too-many-jobs")


def test_a_leaving_server_finishes_its_job_and_takes_no_new_one(api, runner):
    job_id = api.start(steps=2)["id"]
    assert api("POST", "/v1/shutdown").status_code == 204
    assert api("GET", "/v1/health").json()["state"] == "leaving"
    image = api.upload()
    answer = api("POST", "/v1/filters/invert-colors/jobs", json={"inputs": {"content": image, "styles": [{"image": image}]}})
    problem(answer, 503, "server-leaving")
    runner.allow(2)
    assert api.end_of(job_id)["state"] == "done"


def test_every_failure_a_job_can_have_is_json_that_a_client_can_read(api, runner):
    runner.error = ValueError("\ud800 <html>")
    assert httpx.Response(200, json=api.end_of(started_and_done(api, runner))).json()["problem"]["code"] == "internal-error"
