"""Pictures over HTTP: sent, converted, claimed, held and deleted; what is no picture is a problem."""

import asyncio

import pytest
from tests.core.service.fakes import TOKEN
from tests.core.service.over_http import problem


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
