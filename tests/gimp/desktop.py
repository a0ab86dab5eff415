"""A display of its own with a window manager: keys, clicks and pictures for tests that need GIMP's windows."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

__all__ = ["PICTURES", "PROBE_AGAIN_S", "Desktop", "eventually"]

T = TypeVar("T")
TOOLS = ("Xvfb", "openbox", "xdotool", "import")
SIZE = "1440x1000x24"
POLL_S = 0.1
PRESS_S = 3
PATIENCE_S = 300
PRESS_AGAIN_S = 100  # after which a key that has done nothing was lost
PROBE_AGAIN_S = 20  # where one more does no harm
TOOL_TIMEOUT_S = 60
PICTURES = Path(os.environ["RESTYLE_TEST_PICTURES"]) if "RESTYLE_TEST_PICTURES" in os.environ else None
"""Where tests leave pictures of windows, if anywhere."""


def eventually(question: Callable[[], T], timeout_s: float, what: str) -> T:
    """The first true answer; AssertionError naming `what` where there is none in time."""
    end = time.monotonic() + timeout_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {timeout_s} s")
        time.sleep(POLL_S)


class Desktop:
    """A virtual X display, size "WIDTHxHEIGHTxDEPTH"; use it in a `with` block."""

    def __init__(self, size: str = SIZE) -> None:
        self._size = size
        self._processes: list[subprocess.Popen[bytes]] = []
        self.display = ""

    @staticmethod
    def missing() -> str:
        """Why there can be no desktop here; "" where there can."""
        lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
        return f"no {', '.join(lacking)} on PATH" if lacking else ""

    def __enter__(self) -> Desktop:
        ours, theirs = os.pipe()
        # Without -noreset the display starts anew when its last client leaves, and turns away who comes meanwhile.
        server = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", self._size, "-nolisten", "tcp", "-noreset"]
        self._processes.append(subprocess.Popen(server, pass_fds=[theirs], stderr=subprocess.DEVNULL))
        os.close(theirs)
        with os.fdopen(ours) as answer:
            self.display = ":" + answer.readline().strip()
        assert self.display != ":", "Xvfb did not start"
        self._processes.append(subprocess.Popen(["openbox"], env=self.environment, stderr=subprocess.DEVNULL))
        eventually(lambda: self._ask("get_num_desktops") is not None, TOOL_TIMEOUT_S, "window manager")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def windows(self, title: str) -> list[str]:
        """The ids of the visible windows whose title matches a regular expression."""
        return (self._ask("search", "--onlyvisible", "--name", title) or "").split()

    def windows_of(self, program: str) -> list[str]:
        """The ids of a program's visible windows, menus among them."""
        return (self._ask("search", "--onlyvisible", "--class", program) or "").split()

    def name_of(self, window: str) -> str:
        """The title of a window."""
        return (self._ask("getwindowname", window) or "").rstrip("\n")

    def wait_for(self, title: str, timeout_s: float = PATIENCE_S) -> str:
        """The id of a window, once it is there."""
        return eventually(lambda: self.windows(title), timeout_s, f"window {title!r}")[-1]

    def wait_until_gone(self, title: str, timeout_s: float = PATIENCE_S) -> None:
        eventually(lambda: not self.windows(title), timeout_s, f"window {title!r} closing")

    def press_until_there(self, key: str, window: str, title: str) -> str:
        """Press a key in a window until another one opens, whose id is returned."""
        self.press_until(key, window, lambda: self.windows(title), f"window {title!r}")
        return self.wait_for(title)

    def press_until(
        self, key: str, window: str, has_come: Callable[[], object], what: str, again_s: float = PRESS_AGAIN_S
    ) -> None:
        """Press a key in a window until something comes of it."""
        self.act_until(lambda: self.key(key, window=window), has_come, f"{what} after {key}", again_s)

    def click_until_there(self, window: str, x: int, y: int, title: str) -> str:
        """Click in a window until another one opens, whose id is returned."""
        self.act_until(lambda: self.click_in(window, x, y), lambda: self.windows(title), f"window {title!r}")
        return self.wait_for(title)

    @staticmethod
    def act_until(act: Callable[[], None], has_come: Callable[[], object], what: str, again_s: float = PRESS_AGAIN_S) -> None:
        """Do something, and once more where nothing comes of it: a busy GIMP may let the first ones pass."""
        for _ in range(round(PATIENCE_S / again_s)):
            act()
            with contextlib.suppress(AssertionError):
                eventually(has_come, again_s, what)
                return
        raise AssertionError(f"{what}: not within {PATIENCE_S} s")

    def press_until_gone(self, key: str, title: str, tries: int = 10) -> None:
        """Press a key until a window closes: one that is still busy may let the first ones pass."""
        for _ in range(tries):
            self.key(key)
            with contextlib.suppress(AssertionError):
                self.wait_until_gone(title, PRESS_S)
                return
        raise AssertionError(f"window {title!r} did not close")

    def focus(self, window: str) -> None:
        self._ask("windowactivate", "--sync", window)

    def key(self, *keys: str, window: str | None = None) -> None:
        """Press keys ("ctrl+z"), in a window that is brought forward first."""
        if window:
            self.focus(window)
        self._ask("key", "--clearmodifiers", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        self._ask("type", "--clearmodifiers", "--delay", "20", text)

    def click_in(self, window: str, x: int, y: int, button: int = 1) -> None:
        """Click at (x, y) of a window; negative ones count from its right and lower edge."""
        # A widget must have seen the pointer arrive before it takes a click for its own.
        self.point_at(window, x, y)
        self._ask("click", str(button))

    def point_at(self, window: str, x: int, y: int, rest_s: float = 0.2) -> None:
        """Bring the pointer to (x, y) of a window, and let it rest there; negative ones as in ``click_in``."""
        width, height = self.size(window)
        x, y = x % width, y % height
        for place in (x - 1, x):
            self._ask("mousemove", "--window", window, str(place), str(y), "sleep", str(rest_s))

    def drag_in(self, window: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button at a place of a window, and let it go at another."""
        self.point_at(window, *start)
        middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
        moves = [word for place in (middle, end) for word in ("mousemove", "--window", window, *map(str, place), "sleep", "0.2")]
        self._ask("mousedown", "1", *moves, "mouseup", "1")

    def size(self, window: str) -> tuple[int, int]:
        """(width, height) of a window, without its frame."""
        values = self._geometry(window)
        return values.get("WIDTH", 0), values.get("HEIGHT", 0)

    def place(self, window: str) -> tuple[int, int]:
        """(x, y) of a window's upper left corner on the screen."""
        values = self._geometry(window)
        return values["X"], values["Y"]

    def fill_screen(self, window: str) -> None:
        """Make a window as large as the screen."""
        self._ask("windowmove", "--sync", window, "0", "0", "windowsize", "--sync", window, "100%", "98%")

    def screenshot(self, path: Path, window: str = "root") -> Path:
        """A picture of the whole screen, or of one window."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", window, str(path)], env=self.environment, check=True, timeout=TOOL_TIMEOUT_S)
        return path

    def _geometry(self, window: str) -> dict[str, int]:
        lines = (self._ask("getwindowgeometry", "--shell", window) or "").splitlines()
        return {name: int(value) for name, _, value in (line.partition("=") for line in lines) if value}

    def _ask(self, *arguments: str) -> str | None:
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S)
        return done.stdout if done.returncode == 0 else None
