"""The server as a process: found by its connection file, one per home, and leaving nothing behind however it ends."""

import json
import os
import signal
import stat
import sys

import pytest
from tests.core.service.process import LIMIT_S, connection_of, files, sockets

from restyle.service.connection import connection_file, read_connection, request
from restyle.service.lifetime import STOP_GRACE_S

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="about Unix signals and sockets")


def test_a_server_answers_at_once_takes_pictures_and_leaves_when_asked(server, home, connect):
    process = server()
    connection = connection_of(process, home)
    client = connect(connection)
    status, health = client("GET", "/v1/health")
    assert (status, health["pid"], health["version"]) == (200, process.pid, connection.version)
    status, image = client("POST", "/v1/images?width=4&height=2&channels=4&dtype=u8", bytes(range(32)))
    assert client("GET", f"/v1/images/{image['id']}") == (200, bytes(range(32)))
    assert client("GET", "/v1/filters")[1]["filters"][0]["id"] == "fast-style"
    assert request(connection, "POST", "/v1/shutdown") is None
    assert process.wait(LIMIT_S) == 0
    assert files(home) == {"lock", "server.log"}


@unix_only
def test_all_that_a_server_makes_is_its_owners_alone(server, home):
    before = os.umask(0)
    try:
        process = server()
    finally:
        os.umask(before)
    connection_of(process, home)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "server").iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, home / "server")} == {0o700}


def test_a_second_server_of_the_same_home_ends_quietly(server, home):
    process = server("--tcp")
    connection = connection_of(process, home)
    assert connection.address.startswith("tcp:127.0.0.1:")
    second = server()
    assert second.wait(LIMIT_S) == 0
    assert read_connection(home) == connection
    assert request(connection, "GET", "/v1/health")["pid"] == process.pid


@unix_only
def test_a_server_that_was_killed_is_replaced(server, home):
    first = server()
    connection_of(first, home)
    first.kill()
    first.wait(LIMIT_S)
    [left] = sockets(home)
    assert read_connection(home) is None
    assert connection_of(server(), home).pid != first.pid
    assert left not in sockets(home)


def test_a_server_that_nobody_uses_ends_by_itself(server, home):
    process = server("--idle-exit-s", "0.1")
    assert process.wait(LIMIT_S) == 0
    assert files(home) == {"lock", "server.log"}


def test_a_server_that_was_asked_to_leave_finishes_its_job_first(served, home, connect):
    process = served()
    client = connect(connection_of(process, home))
    job_id = client.start(steps=20)
    client.wait_for(job_id, "running")
    assert client("POST", "/v1/shutdown")[0] == 204
    assert read_connection(home) is None
    job = client.wait_for(job_id, "done")
    assert client("GET", f"/v1/images/{job['results'][0]['image']}") == (200, bytes(6))
    assert client("DELETE", f"/v1/jobs/{job_id}")[0] == 204
    client.close()
    assert process.wait(LIMIT_S) == 0
    assert files(home) == {"lock", "server.log"}


def test_a_new_server_starts_beside_one_that_finishes_its_last_job(served, home, connect):
    old = served()
    old_connection = connection_of(old, home)
    client = connect(old_connection)
    job_id = client.start(steps=100)
    client.wait_for(job_id, "running")
    client("POST", "/v1/shutdown")
    new = served()
    new_connection = connection_of(new, home)
    assert new_connection.address != old_connection.address
    assert client("GET", f"/v1/jobs/{job_id}")[1]["state"] == "running"
    client("DELETE", f"/v1/jobs/{job_id}")
    client.close()
    assert old.wait(LIMIT_S) == 0
    assert read_connection(home) == new_connection


@unix_only
@pytest.mark.parametrize("steps", [100, 99])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_running_job_and_the_server_within_seconds(served, home, connect, number, steps):
    process = served()
    client = connect(connection_of(process, home))
    client.wait_for(client.start(steps), "running")
    process.send_signal(number)
    assert process.wait(3 * STOP_GRACE_S) == 0
    assert files(home) == {"lock", "server.log"}


def test_a_server_told_to_end_at_once_says_to_its_clients_that_it_was_stopped(served, home, connect):
    process = served()
    connection = connection_of(process, home)
    client = connect(connection)
    job = client.wait_for(client.start(steps=100), "running")
    request(connection, "POST", "/v1/shutdown?at_once=true")
    while job["state"] == "running":
        job = client("GET", f"/v1/jobs/{job['id']}?seen={job['revision']}&wait_ms=10000")[1]
    assert (job["state"], job["problem"]["code"]) == ("failed", "server-stopped")
    client.close()
    assert process.wait(3 * STOP_GRACE_S) == 0


def test_the_job_of_a_client_that_vanished_ends_by_itself_long_before_its_lease(served, home, connect):
    process = served(lease_s=3600)
    connection = connection_of(process, home)
    client = connect(connection)
    job = client.wait_for(client.start(steps=100), "running")
    # Killed in the middle of a long poll: the request is out, the answer is never read.
    client.exchange.request(
        "GET", f"/v1/jobs/{job['id']}?seen=1000000&wait_ms=10000", headers={"Authorization": f"Bearer {connection.token}"}
    )
    client.close()
    # A leaving server waits for its jobs, so it ends only if this one ended.
    request(connection, "POST", "/v1/shutdown")
    assert process.wait(LIMIT_S) == 0


def test_a_connection_file_that_was_removed_is_back_within_seconds(served, home):
    process = served()
    connection = connection_of(process, home)
    connection_file(home).unlink()
    assert connection_of(process, home) == connection


@unix_only
def test_a_server_whose_socket_was_removed_makes_way_for_another(served, home):
    first = served()
    connection_of(first, home)
    for name in sockets(home):
        (home / "server" / name).unlink()
    second = served()
    connection_of(second, home)
    assert first.wait(LIMIT_S) == 0


@unix_only
@pytest.mark.parametrize("place", ["", "server", "server/lock"])
def test_a_home_that_cannot_be_used_is_one_sentence(server, home, place):
    path = home / place
    if place == "server/lock":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    process = server()
    assert process.wait(LIMIT_S) == 1
    # The line before it says what it is made of, for whoever shows it in another language.
    [made_of, sentence] = process.stderr.read().decode().splitlines()
    assert "{path}" in json.loads(made_of)["template"]
    assert "RESTYLE_HOME" in sentence
