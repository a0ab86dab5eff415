"""schemathesis against the app's own OpenAPI: whatever is sent, the answer is one that the schema promises."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.core.service.fakes import PATIENCE_S, TOKEN, SteppedRunner, make_service

from restyle.filters import filters
from restyle.service.api import create_app

EXAMPLES = int(os.environ.get("RESTYLE_SOAK_EXAMPLES", "20"))
"""For each operation and mode; all of them together take some seconds."""

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Host": "localhost"}

OPERATIONS = [
    ("GET", "/v1/health"),
    ("GET", "/v1/filters"),
    ("POST", "/v1/shutdown"),
    ("POST", "/v1/images"),
    ("GET", "/v1/images/{image_id}"),
    ("POST", "/v1/images/{image_id}/claims"),
    ("DELETE", "/v1/images/{image_id}"),
    ("GET", "/v1/jobs/{job_id}"),
    ("GET", "/v1/jobs/{job_id}/files/{name}"),
    ("DELETE", "/v1/jobs/{job_id}"),
    ("GET", "/v1/jobs/{job_id}/preview"),
    ("GET", "/v1/models/{model_id}"),
    ("POST", "/v1/models/{model_id}/download"),
    ("DELETE", "/v1/models/{model_id}/download"),
    ("POST", "/v1/filters/invert-colors/jobs"),
    *[("POST", f"/v1/filters/{declared.id}/jobs") for declared in filters()],
]

# JSON Schema cannot say that a body's length is the product of four query parameters.
UNSAYABLE = {"/v1/images": [positive_data_acceptance]}


@pytest.fixture
def openapi():
    """Of a service for each operation alone: one of them ends it."""
    runner = SteppedRunner()
    service = make_service(runner)
    service.filters = (*service.filters, *filters())
    service.worker.start()
    yield schemathesis.openapi.from_asgi("/v1/openapi.json", create_app(service), headers=HEADERS)
    runner.allow(10_000)
    assert service.worker.stop(PATIENCE_S)


def test_the_schema_has_exactly_these_operations(openapi):
    found = {(item.ok().method.upper(), item.ok().path) for item in openapi.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_one_that_the_schema_promises(openapi, method, path, mode):
    answers = set()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=openapi[path][method].as_strategy(generation_mode=mode))
    def check(case):
        answers.add(case.call_and_validate(headers=HEADERS, excluded_checks=UNSAYABLE.get(path)).status_code)

    check()
    assert answers
