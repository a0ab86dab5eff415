"""The HTTP contract, spoken to the app inside this process with a real worker thread and a filter that takes steps when told."""

import asyncio
import errno

import httpx
import pytest
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api, SteppedRunner, make_service

from restyle.contract.errors import OutOfMemory
from restyle.service import guard, images
from restyle.service.problems import MEDIA_TYPE
from restyle.version import PROTOCOL


@pytest.fixture
def runner():
    return SteppedRunner()


@pytest.fixture
def api(runner):
    service = make_service(runner)
    service.worker.start()
    yield Api(service)
    runner.allow(1000)
    assert service.worker.stop(PATIENCE_S)


def problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"].endswith(".")
    assert told["type"] == "about:blank" or told["type"].endswith("/" + code)
    return told


# Who gets in


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
@pytest.mark.parametrize("path", ["/v1/health", "/v1/openapi.json", "/v1/images/x", "/nowhere"])
def test_nothing_is_answered_without_the_token(api, header, path):
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = api("GET", path, headers=headers)
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:80"])
def test_a_request_for_another_host_is_refused(api, host):
    problem(api("GET", "/v1/health", headers={"Authorization": f"Bearer {TOKEN}", "Host": host}), 421, "misdirected-request")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8000", "restyle"])
def test_the_names_of_this_server_are_accepted(api, host):
    assert api("GET", "/v1/health", headers={"Authorization": f"Bearer {TOKEN}", "Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/health", "/v1/filters", "/v1/jobs/x"])
def test_a_parameter_that_does_not_exist_is_refused_by_name(api, path):
    assert "unheard_of" in problem(api("GET", path, params={"unheard_of": 1}), 422, "invalid-parameter")["detail"]


def test_no_web_page_may_read_answers(api):
    answer = api("OPTIONS", "/v1/health", headers={"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"})
    problem(answer, 405, "method-not-allowed")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_unknown_paths_and_methods_are_problems_too(api):
    problem(api("GET", "/v1/nowhere"), 404, "not-found")
    answer = api("PUT", "/v1/health")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


# Health and catalogue


def test_health_tells_state_and_device_once_warm(api, runner):
    api.end_of(started_and_done(api, runner))
    health = api("GET", "/v1/health").json()
    assert health["state"] == "ready"
    assert health["device"] == "fake:0"
    assert health["jobs"] == 0
    assert health["protocol"] == PROTOCOL


def test_a_server_that_is_not_warm_yet_says_starting():
    assert Api(make_service(SteppedRunner()))("GET", "/v1/health").json()["state"] == "starting"


def test_the_catalogue_is_served_as_it_is(api):
    assert api("GET", "/v1/filters").json() == api.service.catalogue


# Images


@pytest.mark.parametrize(("channels", "dtype"), [(1, "u8"), (2, "u16"), (3, "f32"), (4, "u8")])
def test_pixels_come_back_as_they_were_sent(api, channels, dtype):
    raw = bytes(range(5 * 3 * channels)) * {"u8": 1, "u16": 2, "f32": 4}[dtype]
    image = api.upload(raw, 5, 3, channels, dtype)
    answer = api("GET", f"/v1/images/{image}")
    assert answer.content == raw
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == str(len(raw))


def test_pixels_are_converted_on_request(api):
    image = api.upload(bytes([0, 128, 255]), 1, 1, 3)
    answer = api("GET", f"/v1/images/{image}", params={"channels": 4, "dtype": "u16"})
    assert answer.content == bytes([0, 0, 128, 128, 255, 255, 255, 255])


def test_pixels_that_are_no_numbers_cannot_be_converted(api):
    image = api.upload(b"\x00\x00\xc0\x7f", 1, 1, 1, "f32")
    problem(api("GET", f"/v1/images/{image}", params={"dtype": "u8"}), 422, "invalid-image")


def test_a_deleted_image_is_unknown_and_deleting_again_is_no_error(api):
    image = api.upload()
    for _ in range(2):
        assert api("DELETE", f"/v1/images/{image}").status_code == 204
    problem(api("GET", f"/v1/images/{image}"), 404, "unknown-image")


def test_a_picture_that_is_here_can_be_claimed_instead_of_sent(api):
    image = api.upload()
    assert api.upload() == image
    claimed = api("POST", f"/v1/images/{image}/claims")
    assert (claimed.status_code, claimed.json()["id"]) == (201, image)
    for _ in range(3):
        assert api("GET", f"/v1/images/{image}").status_code == 200
        assert api("DELETE", f"/v1/images/{image}").status_code == 204
    problem(api("POST", f"/v1/images/{image}/claims"), 404, "unknown-image")


@pytest.mark.parametrize("length", [0, 5, 7, 600])
def test_a_body_of_another_length_is_refused(api, length):
    query = {"width": 2, "height": 1, "channels": 3, "dtype": "u8"}
    problem(api("POST", "/v1/images", params=query, content=bytes(length)), 422, "invalid-image")
    assert api.service.images.size_bytes == 0


@pytest.mark.parametrize("pieces", [[b"123"], [b"123", b"4567"], [b"1234567", b"8"]])
def test_a_body_that_does_not_say_its_length_is_counted(api, pieces):
    async def body():
        for piece in pieces:
            yield piece

    query = {"width": 2, "height": 1, "channels": 3, "dtype": "u8"}
    problem(api("POST", "/v1/images", params=query, content=body()), 422, "invalid-image")


@pytest.mark.parametrize(
    ("name", "value"), [("width", 0), ("width", "wide"), ("height", 10**9), ("channels", 5), ("dtype", "f64"), ("dtype", None)]
)
def test_a_form_that_does_not_exist_is_refused_by_name(api, name, value):
    query = {"width": 2, "height": 1, "channels": 3, "dtype": "u8", name: value}
    query = {key: item for key, item in query.items() if item is not None}
    assert name in problem(api("POST", "/v1/images", params=query, content=bytes(6)), 422, "invalid-parameter")["detail"]


def test_more_pixels_than_the_server_takes_are_refused_before_memory_is_taken(api):
    query = {"width": 500_000, "height": 500_000, "channels": 4, "dtype": "f32"}
    problem(api("POST", "/v1/images", params=query, content=b"x"), 413, "body-too-large")


def test_an_upload_that_breaks_off_leaves_nothing_behind(api):
    messages = [{"type": "http.request", "body": b"123", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        pass

    scope = {
        "type": "http", "method": "POST", "path": "/v1/images", "raw_path": b"/v1/images", "root_path": "",
        "query_string": b"width=2&height=1&channels=3&dtype=u8", "http_version": "1.1", "scheme": "http",
        "headers": [(b"host", b"restyle"), (b"authorization", f"Bearer {TOKEN}".encode())],
    }  # fmt: skip
    asyncio.run(api.app(scope, receive, send))
    assert api.service.images.size_bytes == 0


# Jobs


def started_and_done(api, runner, **params):
    runner.allow(100)
    return api.start(**params)["id"]


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


# Requests for jobs that make no sense


@pytest.mark.parametrize(
    ("params", "name"),
    [({"steps": 0}, "steps"), ({"steps": 2.5}, "steps"), ({"share": 1.1}, "share"), ({"share": True}, "share"),
     ({"is_exact": 1}, "is_exact"), ({"unheard_of": 1}, "unheard_of"), ({"steps": "3"}, "steps"), ({"share": None}, "share")],
)  # fmt: skip
def test_a_setting_that_does_not_fit_is_named(api, params, name):
    image = api.upload()
    body = {"inputs": {"content": image, "styles": [{"image": image}]}, "params": params}
    told = problem(api("POST", "/v1/filters/invert-colors/jobs", json=body), 422, "invalid-parameter")
    assert name in told["detail"]


def test_whole_floats_are_integers_as_from_other_languages(api, runner):
    assert api.end_of(started_and_done(api, runner, steps=2.0, share=1))["steps"] == 2


@pytest.mark.parametrize(
    "change",
    [{"content": None}, {"styles": []}, {"styles": "x"}, {"styles": [{"image": 3}]}, {"extra": 1},
     {"styles": [{"image": "x", "weight": 0}]}, {"styles": [{"image": "x", "weight": "1"}]}, {"styles": [{"image": "x"}] * 3},
     {"content": "x" * 5000}],
)  # fmt: skip
def test_an_input_of_another_shape_is_refused(api, change):
    image = api.upload()
    body = {"inputs": {"content": image, "styles": [{"image": image}], **change}}
    problem(api("POST", "/v1/filters/invert-colors/jobs", json=body), 422, "invalid-input")


@pytest.mark.parametrize("change", [{"extra": 1}, {"params": []}, {"inputs": []}, {"inputs": None}])
def test_a_request_of_another_shape_is_refused(api, change):
    image = api.upload()
    body = {"inputs": {"content": image, "styles": [{"image": image}]}, "params": {}, **change}
    problem(api("POST", "/v1/filters/invert-colors/jobs", json=body), 422, "invalid-input")


def test_a_body_that_is_no_json_is_refused(api):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    problem(api("POST", "/v1/filters/invert-colors/jobs", content=b"{", headers=headers), 422, "invalid-input")


def test_a_json_body_without_end_is_cut_off(api):
    body = b'{"content": "' + b"x" * guard.MAXIMUM_JSON_BYTES
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    problem(api("POST", "/v1/filters/invert-colors/jobs", content=body, headers=headers), 413, "body-too-large")


@pytest.mark.parametrize("place", ["content", "styles", "selection"])
def test_an_unknown_image_is_a_problem_and_nothing_stays_held(api, place):
    image = api.upload()
    body = {"inputs": {"content": image, "styles": [{"image": image}], "selection": None}}
    body["inputs"][place] = [{"image": image}, {"image": "unknown"}] if place == "styles" else "unknown"
    problem(api("POST", "/v1/filters/invert-colors/jobs", json=body), 404, "unknown-image")
    assert api.service.images.get(image).holders == 0


@pytest.mark.parametrize(("raw", "width", "channels"), [(b"1", 1, 1), (b"123456", 2, 3), (b"1234", 2, 2)])
def test_a_selection_of_another_size_or_form_is_refused(api, raw, width, channels):
    image, mask = api.upload(), api.upload(raw, width, 1, channels)
    body = {"inputs": {"content": image, "styles": [{"image": image}], "selection": mask}}
    problem(api("POST", "/v1/filters/invert-colors/jobs", json=body), 422, "invalid-image")
    assert api.service.images.get(image).holders == 0


def test_an_unknown_filter_is_a_problem(api):
    problem(api("POST", "/v1/filters/sharpen/jobs", json={}), 404, "unknown-filter")


def test_an_unknown_job_is_a_problem(api):
    problem(api("GET", "/v1/jobs/unknown", params={"wait_ms": 1000}), 404, "unknown-job")
    problem(api("GET", "/v1/jobs/unknown", params={"wait_ms": 10_001}), 422, "invalid-parameter")


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


def test_an_unforeseen_failure_is_a_problem_with_the_log_and_no_traceback(api, monkeypatch, caplog):
    def fail(self, image_id, user):
        raise ZeroDivisionError

    monkeypatch.setattr(images.ImageStore, "drop", fail)
    told = problem(api("DELETE", "/v1/images/x"), 500, "internal-error")
    assert "server.log" in told["detail"]
    assert "ZeroDivisionError" in caplog.text


def test_every_failure_a_job_can_have_is_json_that_a_client_can_read(api, runner):
    runner.error = ValueError("\ud800 <html>")
    assert httpx.Response(200, json=api.end_of(started_and_done(api, runner))).json()["problem"]["code"] == "internal-error"
