# -*- coding: utf-8 -*-

"""A home with a server to start, which behaves as a test wants it."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import shutil
import sys
import threading

from restyle_plugin import home, launch
from restyle_plugin.client import PROTOCOL
from tests.plugin.portable import tiny_server
from tests.plugin.portable.stage import InAHome

VERSION = "1.2.3"


class Launching(InAHome):
    """A home, and the server that is started for it."""

    def setUp(self):
        InAHome.setUp(self)
        os.environ[str("RESTYLE_PYTHON")] = str(sys.executable)
        # `python -m restyle.service` runs in HOME, so a package there stands for the real one.
        package = os.path.join(self.home, "restyle", "service")
        os.makedirs(package)
        for folder in (os.path.dirname(package), package):
            io.open(os.path.join(folder, "__init__.py"), "w").close()
        shutil.copy(tiny_server.__file__.replace(".pyc", ".py"), os.path.join(package, "__main__.py"))
        os.makedirs(home.server_folder())
        self.behave(version=VERSION)
        self._constants = []

    def tearDown(self):
        del os.environ["RESTYLE_PYTHON"]
        for name, value in reversed(self._constants):
            setattr(launch, name, value)
        server, _ = launch._probe()
        if server is not None:
            launch._dismiss(server, 10)
        InAHome.tearDown(self)

    def behave(self, **behaviour):
        with io.open(os.path.join(self.home, "behaviour.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(behaviour, ensure_ascii=False))

    def write_connection(self, **changes):
        connection = dict(
            {"protocol": 2, "version": VERSION, "pid": 999999, "address": "tcp:127.0.0.1:9", "token": "t"}, **changes
        )
        with io.open(os.path.join(home.server_folder(), "connection.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(connection, ensure_ascii=False))

    def set_constant(self, name, value):
        before = getattr(launch, name)
        self._constants.append((name, before))
        setattr(launch, name, value)

    def starts(self):
        path = os.path.join(home.server_folder(), "starts.txt")
        if not os.path.exists(path):
            return []
        with io.open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def connect(self, version=VERSION):
        return launch.connect(version, start_limit_s=20, leave_limit_s=10)

    def healthy(self, first_after_s=0.0):
        """Return an answer for TinyServer, the first of which comes late."""
        waits = [first_after_s]
        health = json.dumps({"version": VERSION, "protocol": PROTOCOL, "state": "ready"}).encode("ascii")

        def answer(*request):
            threading.Event().wait(waits.pop() if waits else 0.0)
            return 200, {}, health

        return answer
