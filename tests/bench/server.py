"""The server around a 24 megapixel RGBA layer: starting, sending, the wait before the first step, receiving, memory.

The weights are untrained: they cost what trained ones cost. Transfers are compared with the same bytes through a bare
socket in the same run.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from restyle.host.home import models_folder
from restyle.models.manifest import find_weights
from restyle.service.connection import _connect, read_connection

WIDTH, HEIGHT = 6000, 4000
OPAQUE_PIXELS = b"".join(os.urandom(3) + b"\xff" for _ in range(WIDTH))
BODY = memoryview(OPAQUE_PIXELS * HEIGHT)
STYLE = BODY[: 1024 * 768 * 4]
ROUNDS = 3
LIMIT_S = 600

LIMITS = {"first_step_s": 1.0, "around_s": 1.5, "server_peak_gb": 4.0}
"""What the project promises: a second call's first step, all around the painting of a 24 megapixel layer, the server's memory."""


class Client:
    """A client as the plug-in is one: the standard library on a Unix socket."""

    def __init__(self, connection):
        self._token = connection.token
        self._exchange = http.client.HTTPConnection("restyle", timeout=LIMIT_S)
        self._exchange.sock = _connect(connection.address)
        self._exchange.sock.settimeout(LIMIT_S)

    def __call__(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self._token}"}
        if isinstance(body, dict):
            headers["Content-Type"], body = "application/json", json.dumps(body)
        self._exchange.request(method, path, body=body, headers=headers)
        answer = self._exchange.getresponse()
        data = bytearray(answer.length or 0)
        if data:
            view, filled = memoryview(data), 0
            while filled < len(data):
                filled += answer.readinto(view[filled:])
        answer.read()
        assert answer.status < 300, bytes(data)
        return data

    def json(self, method, path, body=None):
        return json.loads(self(method, path, body))

    def close(self):
        self._exchange.close()


def write_untrained_weights(home):
    """In a process of its own, so that this one stays as small as a plug-in."""
    path = models_folder(home) / find_weights("compact-encoder").filename
    path.parent.mkdir(parents=True)
    code = "import sys; from restyle.networks.encoder import CompactEncoder; CompactEncoder().save(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=LIMIT_S)


def bare_socket_s():
    """The seconds that the bytes take through a socket between two threads."""
    here, there = socket.socketpair()

    def drain():
        view = memoryview(bytearray(len(BODY)))
        filled = 0
        while filled < len(view):
            filled += there.recv_into(view[filled:])

    reader = threading.Thread(target=drain)
    started = time.perf_counter()
    reader.start()
    here.sendall(BODY)
    reader.join()
    here.close()
    there.close()
    return time.perf_counter() - started


def started_server(home, figures):
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "restyle.service", "--home", str(home)])
    while (connection := read_connection(home)) is None:
        assert process.poll() is None, "the server ended"
        assert time.perf_counter() - begun < LIMIT_S
        time.sleep(0.005)
    client = Client(connection)
    client.json("GET", "/v1/health")
    figures["start_to_first_answer_s"] = time.perf_counter() - begun
    while client.json("GET", "/v1/health")["state"] != "ready":
        assert time.perf_counter() - begun < LIMIT_S
        time.sleep(0.02)
    figures["start_to_warm_s"] = time.perf_counter() - begun
    return process, client


def one_call(client):
    """One use of the filter; the seconds that each part took."""
    times = {}
    begun = time.perf_counter()
    content = client.json("POST", f"/v1/images?width={WIDTH}&height={HEIGHT}&channels=4&dtype=u8", BODY)["id"]
    times["send_s"] = time.perf_counter() - begun
    style = client.json("POST", "/v1/images?width=1024&height=768&channels=4&dtype=u8", STYLE)["id"]
    request = {"inputs": {"content": content, "styles": [{"image": style}]}, "params": {"steps": 1, "working_size": 128}}
    asked = time.perf_counter()
    job = client.json("POST", "/v1/filters/neural-style/jobs", request)
    last_step = None
    while job["state"] in ("queued", "running"):
        assert time.perf_counter() - asked < LIMIT_S
        job = client.json("GET", f"/v1/jobs/{job['id']}?seen={job['revision']}&wait_ms=5000")
        if job["step"] and "first_step_s" not in times:
            times["first_step_s"] = time.perf_counter() - asked
        if last_step is None and job["step"] and job["step"] == job["steps"]:
            last_step = time.perf_counter()
    assert job["state"] == "done", job
    done = time.perf_counter()
    times["last_step_to_done_s"] = done - (last_step or done)
    pixels = client("GET", f"/v1/images/{job['results'][0]['image']}?channels=4&dtype=u8")
    times["receive_s"] = time.perf_counter() - done
    assert len(pixels) == len(BODY)
    for path in (f"/v1/jobs/{job['id']}", f"/v1/images/{content}", f"/v1/images/{style}"):
        client("DELETE", path)
    times["around_s"] = times["send_s"] + times["first_step_s"] + times["last_step_to_done_s"] + times["receive_s"]
    return times


def transfer_s(client):
    """The seconds that the bytes take up and down, unchanged."""
    begun = time.perf_counter()
    image = client.json("POST", f"/v1/images?width={WIDTH}&height={HEIGHT}&channels=4&dtype=u8", BODY)["id"]
    middle = time.perf_counter()
    client("GET", f"/v1/images/{image}")
    end = time.perf_counter()
    client("DELETE", f"/v1/images/{image}")
    return middle - begun, end - middle


def measure():
    figures = {}
    with tempfile.TemporaryDirectory(prefix="rs") as folder:
        home = Path(folder)
        write_untrained_weights(home)
        process, client = started_server(home, figures)
        try:
            ups, downs, bare = [], [], []
            for _ in range(ROUNDS):
                bare.append(bare_socket_s())
                up, down = transfer_s(client)
                ups.append(up)
                downs.append(down)
            figures |= {"up_s": min(ups), "down_s": min(downs), "bare_socket_s": min(bare)}
            figures |= {"up_to_bare": min(ups) / min(bare), "down_to_bare": min(downs) / min(bare)}
            figures["first_call_first_step_s"] = one_call(client)["first_step_s"]
            calls = [one_call(client) for _ in range(ROUNDS)]
            figures |= {name: statistics.median(call[name] for call in calls) for name in calls[0]}
            figures["server_peak_gb"] = _peak_bytes(process.pid) / 1e9
            client("POST", "/v1/shutdown")
            client.close()
            process.wait(LIMIT_S)
        finally:
            process.kill()
            process.wait(LIMIT_S)
    return figures


def _peak_bytes(pid):
    """The most memory that the process ever had; on Linux from the kernel, elsewhere what it has now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
    return psutil.Process(pid).memory_info().rss


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(argv)
    figures = measure()
    print(f"24 megapixels RGBA, 8 bit ({len(BODY) / 1e6:.0f} MB), {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name, value in figures.items():
        limit = f"  (limit {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"  {name:26} {value:8.3f}{limit}")
    if options.json:
        print(json.dumps(figures))
    return int(any(figures[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
