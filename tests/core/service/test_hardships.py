"""What befalls a server from outside: idle visitors, strangers, full disks, sudden death. Longer by ``bench soak``."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading

import pytest
from tests.core.service.process import LIMIT_S, connection_of

from restyle.service.connection import read_connection
from restyle_plugin.client import Server
from restyle_plugin.errors import PluginError, ServerLost

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="about Unix sockets, limits and users")
root_only = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be another user, too")

KILLS = int(os.environ.get("RESTYLE_SOAK_KILLS", "3"))
STRANGER = 54321
"""A user's number that nobody here has."""


@unix_only
def test_a_thousand_idle_connections_keep_nobody_out(served, home, connect):
    connection = connection_of(served(), home)
    idle = []
    try:
        for _ in range(1000):
            idle.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            idle[-1].connect(connection.address.partition(":")[2])
        client = connect(connection)
        assert client("GET", "/v1/health")[0] == 200
        client.wait_for(client.start(steps=2), "done")
    finally:
        for one in idle:
            one.close()


def call(server):
    """One use of the tests' filter, with the plug-in's client; the result's bytes."""
    image = server.upload(2, 1, 3, "u8", [b"abc", b"def"], 6)
    job = server.start("invert-colors", {"inputs": {"content": image, "styles": [{"image": image}]}, "params": {"steps": 5}})
    while job["state"] in ("queued", "running"):
        job = server.poll(job["id"], job["revision"], 400)
    assert job["state"] == "done", job
    received = b"".join(bytes(part) for part in server.download(job["results"][0]["image"], 3, "u8", [6]))
    server.cancel(job["id"])
    server.delete_image(image)
    return received


def call_for_ever(server):
    while True:
        call(server)


def test_a_server_killed_at_any_moment_is_lost_in_one_sentence_and_the_next_is_well(served, home):
    moments = random.Random(0)
    for _ in range(KILLS):
        process = served()
        connection = connection_of(process, home)
        server = Server(connection.address, connection.token)
        call(server)
        death = threading.Timer(moments.uniform(0.0, 0.2), process.kill)
        death.start()
        with pytest.raises(ServerLost, match="nothing was changed"):
            call_for_ever(server)
        death.join()
        process.wait(LIMIT_S)
        assert read_connection(home) is None
    connection = connection_of(served(), home)
    assert call(Server(connection.address, connection.token)) == bytes(6)


LIMITED = """
import resource, sys
from restyle.service.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
sys.exit(main(["--home", sys.argv[1], "--idle-exit-s", "0.5"]))
"""
"""A file that may not grow stands for a disk that is full: the system says another word for it, at the same places."""


@unix_only
@pytest.mark.parametrize("size_bytes", [0, 50])
def test_a_disk_that_is_full_when_the_server_starts_is_one_sentence(start, home, size_bytes):
    process = start("-c", LIMITED.format(size_bytes), str(home))
    assert process.wait(LIMIT_S) == 1
    # The line before it says what it is made of, for whoever shows it in another language.
    [made_of, sentence] = process.stderr.read().decode().splitlines()
    assert "{path}" in json.loads(made_of)["template"]
    assert str(home) in sentence
    assert "make room" in sentence
    assert read_connection(home) is None


@unix_only
def test_a_log_that_cannot_grow_disturbs_nobody(start, home):
    process = start("-c", LIMITED.format(300), str(home))
    assert process.wait(LIMIT_S) == 0
    assert process.stderr.read() == b""


VISIT = """
import os, socket, sys
user, place, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.setgid(user)
os.setuid(user)
asked = ["GET /v1/health HTTP/1.1", "Host: restyle", f"Authorization: Bearer {token}", "", ""]
visitor = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
visitor.settimeout(20)
try:
    visitor.connect(place)
    visitor.sendall((chr(13) + chr(10)).join(asked).encode())
    print("answered" if visitor.recv(1000) else "dropped")
except PermissionError:
    print("kept out")
except OSError:
    print("dropped")
"""


def visit_as(user, connection):
    command = [sys.executable, "-c", VISIT, str(user), connection.address.partition(":")[2], connection.token]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout.strip()


@root_only
@unix_only
def test_another_user_is_kept_out_by_the_folder_and_behind_it_by_his_name(served, short_folder):
    before = os.umask(0)
    try:
        process = served(home=short_folder / "h")
    finally:
        os.umask(before)
    connection = connection_of(process, short_folder / "h")
    assert visit_as(os.getuid(), connection) == "answered"
    assert visit_as(STRANGER, connection) == "kept out"
    # All doors open, and the token known: the system still says who comes.
    for path in (short_folder / "h", short_folder / "h" / "server"):
        path.chmod(0o777)
    for path in (short_folder / "h" / "server").glob("*.sock"):
        path.chmod(0o777)
    assert visit_as(STRANGER, connection) == "dropped"
    assert visit_as(os.getuid(), connection) == "answered"


@root_only
@unix_only
def test_a_home_that_another_user_prepared_is_not_used(server, home):
    (home / "server").mkdir(parents=True)
    os.chown(home / "server", STRANGER, STRANGER)
    process = server()
    assert process.wait(LIMIT_S) == 1
    assert b"another user" in process.stderr.read()


@unix_only
def test_a_server_ended_while_it_receives_says_that_nothing_was_changed(served, home):
    process = served()
    connection = connection_of(process, home)

    def parts():
        yield b"abc"
        process.send_signal(signal.SIGKILL)
        process.wait(LIMIT_S)
        yield b"def"

    with pytest.raises(PluginError, match="nothing was changed: try again"):
        Server(connection.address, connection.token).upload(2, 1, 3, "u8", parts(), 6)
