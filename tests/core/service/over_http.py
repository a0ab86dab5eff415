"""What a client over HTTP looks at."""

from restyle.service.problems import MEDIA_TYPE


def problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"].endswith(".")
    assert told["type"] == "about:blank" or told["type"].endswith("/" + code)
    return told


def started_and_done(api, runner, **params):
    runner.allow(100)
    return api.start(**params)["id"]
