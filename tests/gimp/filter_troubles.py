# -*- coding: utf-8 -*-
# ruff: noqa: I001, UP009, UP010, UP018, UP020, UP024, UP031  (Python 2.7 runs this too)
"""What Neural Style must do where it cannot paint: one sentence, the image as before, no process left."""

from __future__ import absolute_import, unicode_literals

import contextlib
import io
import json
import os
import signal
import tempfile
import threading

from filter_scene import connections_of_plug_in, delete, eventually, failure, new_image, restyled, run_filter, style_file
from restyle_plugin.client import Server
from restyle_plugin.gimpfu_shim.errors import BackendError
from restyle_plugin.home import server_folder

# More than are done before anybody steps in.
ENDLESS = 2000
# Seconds, so that an image is closed in the middle.
LONG = 500


def check_no_style_is_asked_for(gimp):
    image, layer = new_image(gimp, 0)
    assert "Choose a style picture" in failure(gimp, image, layer)
    assert "Choose a style picture" in failure(gimp, image, layer, style_file(), weight=0.0)
    delete(gimp, image)


def check_a_style_that_cannot_be_read_is_named(gimp):
    image, layer = new_image(gimp, 0)
    broken, missing = [os.path.join(tempfile.gettempdir(), name) for name in ("broken é.png", "nowhere.png")]
    with io.open(broken, "wb") as stream:
        stream.write(b"not a picture")
    assert "broken é.png" in failure(gimp, image, layer, broken)
    # GIMP 3 refuses a path where nothing is before it asks the plug-in, and names the argument.
    text = failure(gimp, image, layer, missing)
    assert "nowhere.png" in text or "style-1-file" in text, text
    assert "Choose a style picture" not in failure(gimp, image, layer, tempfile.gettempdir())
    delete(gimp, image)


def check_a_value_out_of_bounds_is_refused(gimp):
    image, layer = new_image(gimp, 0)
    # GIMP 3 knows the bounds itself and names its argument; the server names the parameter's title.
    text = failure_of_value(gimp, image, layer, working_size=7)
    assert "64" in text, text
    delete(gimp, image)


def failure_of_value(gimp, image, layer, **value):
    before = gimp.image_layers(image)
    try:
        run_filter(gimp, image, layer, style_file(), **value)
    except BackendError as error:
        assert gimp.image_layers(image) == before
        return error.text
    raise AssertionError("the filter did not fail")


def check_a_selection_beside_the_layer_is_refused(gimp):
    image, layer = new_image(gimp, 0)
    gimp.layer_set_offsets(layer, 20, 0)
    gimp.call("gimp-image-select-rectangle", [image, 2, 0, 0, 10, 10])
    assert "does not touch the layer" in failure(gimp, image, layer, style_file())
    delete(gimp, image)


def check_a_channel_is_no_layer(gimp):
    image, _ = new_image(gimp, 0)
    assert "Choose a layer" in failure(gimp, image, gimp.image_selection(image), style_file())
    delete(gimp, image)


def check_an_image_closed_while_it_runs_ends_the_job(gimp):
    kept, _ = new_image(gimp, 0)
    image, layer = new_image(gimp, 0)
    restyled(gimp, image, layer)
    server, _ = running_server()
    open_before = set(gimp.image_list())
    text = None
    with meanwhile(lambda is_over: close_while_it_paints(server, image, is_over)):
        try:
            run_filter(gimp, image, layer, style_file(), steps=LONG)
        except BackendError as error:
            text = error.text
    # GIMP 3 keeps an image that a call was given until the call returns; then the result goes with it.
    wanted = None if os.environ.get(str("GIMP3_DIRECTORY")) else "The image was closed, so the painting was dropped."
    assert text == wanted, text
    assert set(gimp.image_list()) == open_before - {image}
    assert gimp.image_is_valid(kept)
    assert eventually(lambda: server.health()["jobs"] == 0), server.health()
    delete(gimp, kept)


@contextlib.contextmanager
def meanwhile(deed):
    """Do something in a thread while GIMP's call blocks this one; the deed is told how to see that the call is over."""
    is_over = threading.Event()
    thread = threading.Thread(target=deed, args=(is_over.is_set,))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def close_while_it_paints(server, image, is_over):
    """Have the image closed by the extension of filter_closer/, for GIMP takes no second call from this process."""
    if eventually(lambda: is_over() or server.health()["jobs"] > 0) and not is_over():
        request = os.path.join(tempfile.gettempdir(), "close-image")
        with io.open(request + ".part", "w", encoding="ascii") as stream:
            stream.write("%d" % image)
        os.rename(request + ".part", request)
        eventually(lambda: not os.path.exists(request))


def check_killed_server_leaves_the_image_and_is_started_again(gimp):
    image, layer = new_image(gimp, 1)
    restyled(gimp, image, layer)
    server, pid = running_server()
    with meanwhile(lambda is_over: kill_while_it_paints(server, pid, is_over)):
        text = failure(gimp, image, layer, style_file(), steps=ENDLESS)
    assert "server stopped while it painted" in text, text
    assert eventually(lambda: not is_running(pid))
    if os.environ.get(str("RESTYLE_TEST_SERVER")) == "startable":
        restyled(gimp, image, layer)
        assert running_server()[1] != pid
    delete(gimp, image)


def kill_while_it_paints(server, pid, is_over):
    """Kill the server once the plug-in knows its job: while it still reads the answer, it would rightly begin anew."""
    if eventually(lambda: is_over() or server.health()["jobs"] > 0) and not is_over():
        # Every question is a connection of its own; one that was opened after the job was there asks how it stands.
        first = connections_of_plug_in()
        eventually(lambda: is_over() or connections_of_plug_in() - first)
        os.kill(pid, signal.SIGKILL)


def running_server():
    """The server that GIMP's plug-in uses, and its process."""
    with io.open(os.path.join(server_folder(), "connection.json"), encoding="utf-8") as stream:
        connection = json.load(stream)
    return Server(connection["address"], connection["token"]), connection["pid"]


def is_running(pid):
    """Whether a process still runs; one that has ended may stay listed until somebody asks for its exit code."""
    try:
        with io.open("/proc/%d/stat" % pid, encoding="utf-8") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (IOError, OSError):
        return False
