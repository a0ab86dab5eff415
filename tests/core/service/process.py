"""What tests of server processes do: wait for one, speak to it as the plug-in does, look at what it left."""

import http.client
import json
import subprocess
import time

import pytest

from restyle.service.connection import Connection, _connect, read_connection

LIMIT_S = 60
"""Starting Python with FastAPI takes a second, and several on a busy machine."""


def connection_of(process, home):
    """Wait until ``process`` has published its connection."""
    ends_at = time.monotonic() + LIMIT_S
    while time.monotonic() < ends_at:
        connection = read_connection(home)
        if connection is not None and connection.pid == process.pid:
            return connection
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the server ended with {process.returncode}: {process.stderr.read().decode()}")
    return pytest.fail("the server did not come up")


class Client:
    """One connection of the standard library, as the plug-in uses it."""

    def __init__(self, connection: Connection):
        self._token = connection.token
        self.exchange = http.client.HTTPConnection("restyle", timeout=LIMIT_S)
        self.exchange.sock = _connect(connection.address)

    def __call__(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self._token}"}
        if isinstance(body, dict):
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.exchange.request(method, path, body=body, headers=headers)
        answer = self.exchange.getresponse()
        data = answer.read()
        if answer.headers.get_content_type().endswith("json"):
            data = json.loads(data)
        return answer.status, data

    def start(self, steps):
        status, image = self("POST", "/v1/images?width=2&height=1&channels=3&dtype=u8", bytes(6))
        assert status == 201
        body = {"inputs": {"content": image["id"], "styles": [{"image": image["id"]}]}, "params": {"steps": steps}}
        status, job = self("POST", "/v1/filters/invert-colors/jobs", body)
        assert status == 202
        return job["id"]

    def wait_for(self, job_id, state):
        job = self("GET", f"/v1/jobs/{job_id}")[1]
        while job["state"] != state:
            assert job["state"] in ("queued", "running"), job
            job = self("GET", f"/v1/jobs/{job_id}?seen={job['revision']}&wait_ms=10000")[1]
        return job

    def close(self):
        self.exchange.close()


def files(home):
    return {path.name for path in (home / "server").iterdir()}


def sockets(home):
    return {name for name in files(home) if name.endswith(".sock")}
