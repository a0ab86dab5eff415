"""Filters > Style Transfer in a window of any GIMP and any language, used by the mouse as a person uses it."""

from __future__ import annotations

from tests.gimp.desktop import Desktop, eventually

__all__ = ["StyleMenu"]

# In the menu bar: Filters, Windows, Help. Both menus are higher than all that may lie beside them.
FROM_THE_RIGHT = 3
ROW_PX, LEAST_PX = 24, 350
FAR_IN, SETTLE_S, PATIENCE_S = 60, 1.0, 60


class StyleMenu:
    """The menu of one window; ``entries``: how many it has. What it costs to find is asked of the keyboard, once."""

    def __init__(self, desktop: Desktop, main: str, entries: int) -> None:
        self._desktop, self._main, self._entries = desktop, main, entries
        self.clicks = 0
        desktop.key("F10", *["Left"] * FROM_THE_RIGHT, window=main)
        self._bar = eventually(lambda: self._opened([main]), PATIENCE_S, "the menu Filters")
        self._filters_at = desktop.place(self._bar)[0] - desktop.place(main)[0] + FAR_IN // 2
        self._above_end = self._found()
        self.close()

    def open(self) -> str:
        """Click Filters and point at Style Transfer; the id of its menu."""
        self.click(self._main, self._filters_at, ROW_PX // 2)
        menu = eventually(lambda: self._opened([self._main]), PATIENCE_S, "the menu Filters")
        self._desktop.point_at(menu, FAR_IN, self._desktop.size(menu)[1] - self._above_end)
        return eventually(lambda: self._opened([self._main, menu]), PATIENCE_S, "the menu Style Transfer")

    def point_at(self, menu: str, number: int) -> None:
        """Bring the pointer to an entry of the open menu, 0 the first."""
        self._desktop.point_at(menu, FAR_IN, self._middle(menu, number))

    def choose(self, number: int) -> None:
        """Click through to an entry: two clicks, for a menu in a menu opens where it is pointed at."""
        menu = self.open()
        self.click(menu, FAR_IN, self._middle(menu, number))

    def click(self, window: str, x: int, y: int) -> None:
        """A click that is counted."""
        self.clicks += 1
        self._desktop.click_in(window, x, y)

    def close(self) -> None:
        """Leave the menu without a choice."""
        self._desktop.key("Escape", "Escape", "Escape")

    def _middle(self, menu: str, number: int) -> int:
        height = self._desktop.size(menu)[1]
        return round(height * (number + 0.5) / self._entries)

    def _opened(self, known: list[str]) -> str:
        """The menu that is there beside the known windows, "" for none; what says what a button does is smaller."""
        others = (one for one in self._desktop.windows_of("gimp") if one not in known)
        return next((one for one in others if self._desktop.size(one)[1] > LEAST_PX), "")

    def _found(self) -> int:
        """How far above the lower edge of the open menu Style Transfer is: above it "Recently Used" comes and goes."""
        height = self._desktop.size(self._bar)[1]
        for above in range(ROW_PX // 2, height, ROW_PX // 2):
            self._desktop.point_at(self._bar, FAR_IN, height - above, SETTLE_S)
            if self._opened([self._main, self._bar]):
                return above
        raise AssertionError("no menu Style Transfer")
