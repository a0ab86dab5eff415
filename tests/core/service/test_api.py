"""The HTTP contract, spoken to the app inside this process with a real worker thread and a filter that takes steps when told."""

import pytest
from tests.core.service.fakes import TOKEN, Api, SteppedRunner, make_service
from tests.core.service.over_http import problem, started_and_done

from restyle.service import guard, images
from restyle.version import PROTOCOL


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


def test_an_unforeseen_failure_is_a_problem_with_the_log_and_no_traceback(api, monkeypatch, caplog):
    def fail(self, image_id, user):
        raise ZeroDivisionError

    monkeypatch.setattr(images.ImageStore, "drop", fail)
    told = problem(api("DELETE", "/v1/images/x"), 500, "internal-error")
    assert "server.log" in told["detail"]
    assert "ZeroDivisionError" in caplog.text
