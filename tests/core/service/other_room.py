"""What goes between this computer and a server in another room."""

import contextlib
import socket
import threading
from dataclasses import replace

import numpy as np
from PIL import Image as Pictures

from restyle.contract.progress import CallbackProgress
from restyle.service.clients import Client, Done


class Here(Client):
    """Stands for this computer."""

    def __init__(self):
        self.asked = 0

    def perform(self, use, output, progress):
        self.asked += 1
        return Done("here")


def samples(path):
    return np.asarray(Pictures.open(path)).astype(int)


class Wire:
    """A cable to a server, which can be cut: at once, or once so many bytes have gone to the server."""

    def __init__(self, invitation, most=float("inf")):
        self._target = (invitation.host, invitation.port)
        self.most, self.sent = most, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()
        self.invitation = replace(invitation, port=self._listener.getsockname()[1])

    def cut(self):
        # Closing alone would not wake who waits to accept.
        for end in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
                distant = socket.create_connection(self._target)
            except OSError:
                return
            self._open += [near, distant]
            threading.Thread(target=self._carry, args=(near, distant, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(distant, near, False), daemon=True).start()

    def _carry(self, source, target, counts):
        try:
            while data := source.recv(4096):
                self.sent += len(data) if counts else 0
                if self.sent > self.most:
                    self.cut()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


def notes_of(client, use, output):
    progress = CallbackProgress(lambda report: None)
    assert client.perform(use, output, progress).device == "here"
    (note,) = progress.notes
    return note


class Listener:
    """Somebody who answers at a port, without a word of TLS."""

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.heard = self._socket.getsockname()[1], b""
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self._socket.close()

    def _listen(self):
        near, _ = self._socket.accept()
        self.heard += near.recv(65536)
        near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        near.close()
