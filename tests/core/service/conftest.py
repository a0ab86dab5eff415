"""Server processes, and clients of theirs, for the tests that need real ones."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.core.service.desk import Desk
from tests.core.service.fakes import PATIENCE_S, Api, SteppedRunner, make_service
from tests.core.service.process import LIMIT_S, Client

SERVED = Path(__file__).with_name("served.py")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "h"


@pytest.fixture
def start(home):
    processes = []

    def start_process(*arguments):
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        processes.append(process)
        return process

    yield start_process
    for process in processes:
        process.kill()
        process.wait(LIMIT_S)
        process.stderr.close()


@pytest.fixture
def server(start, home):
    return lambda *options: start("-m", "restyle.service", "--home", str(home), *options)


@pytest.fixture
def served(start, home):
    return lambda lease_s=30, home=home: start(str(SERVED), str(home), str(lease_s))


@pytest.fixture
def short_folder():
    """A folder that other users can enter, which pytest's are not."""
    folder = Path(tempfile.mkdtemp(prefix="rs"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def connect():
    clients = []

    def connect_client(connection):
        clients.append(Client(connection))
        return clients[-1]

    yield connect_client
    for client in clients:
        client.close()


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


@pytest.fixture
def desk():
    return Desk()
