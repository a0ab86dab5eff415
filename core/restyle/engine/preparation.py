"""Preparation: pictures as methods get to see them, and the way back into the layer.

What no method shall have to think of: transparency, the part that the selection touches, pictures too small or too narrow for a
network, colours beyond 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import said
from restyle.pictures.image import Image
from restyle.pictures.resizing import mirrored_to
from restyle.pictures.transparency import as_seen, fill_transparent
from restyle.regions import Regions
from restyle.regions.cutting import cut

__all__ = ["AsSeen", "Box", "selected_box"]

_ASPECT = 8
"""Largest ratio of sides that a method gets to see: at 256 px, the coarsest scale in use, a strip of 1:8 still has 32 px."""

_MARGIN_PX, _MARGIN_SHARE = 32, 1 / 16
"""What is painted around the selection, so that its edge lies where the network already sees the surroundings."""


@dataclass(frozen=True)
class Box:
    """Rows and columns of a picture."""

    rows: slice
    columns: slice

    @property
    def height(self) -> int:
        """Rows in the box."""
        return int(self.rows.stop - self.rows.start)

    @property
    def width(self) -> int:
        """Columns in the box."""
        return int(self.columns.stop - self.columns.start)

    @classmethod
    def whole(cls, picture: Image) -> Box:
        """All of a picture."""
        return cls(slice(0, picture.height), slice(0, picture.width))

    def cut(self, planes: Tensor) -> Tensor:
        """This part of planes (1, C, H, W)."""
        return planes[:, :, self.rows, self.columns]


@dataclass(frozen=True)
class AsSeen:
    """A `restyle.contract.inputs.Preparation`: ``box`` is the part of ``layer`` that is worked on, None where there is no layer.

    ``least_px``: smallest side that a method gets to see; 0 leaves every picture as it is.
    """

    layer: Image | None
    box: Box
    least_px: int

    def content(self, picture: Image) -> Image:
        """The part of the layer, filled where it is transparent, in 0..1, large enough."""
        return Image(self._padded(_in_gamut(self.box.cut(fill_transparent(picture)))))

    def selection(self, mask: Tensor) -> Tensor:
        """The part of a mask over the layer."""
        return self._padded(self.box.cut(mask))

    def picture(self, picture: Image) -> Image:
        """All of another picture, as far as it can be seen, in 0..1, large enough. Raises InvalidInput where nothing can."""
        return Image(self._padded(_in_gamut(as_seen(picture))))

    def content_regions(self, regions: Regions | None) -> Regions | None:
        """The regions of the layer's part; without a layer they belong to no picture and stay as they are."""
        return regions if self.layer is None else self._regions(regions, self.layer, self.box)

    def regions_of(self, regions: Regions | None, picture: Image) -> Regions | None:
        """The regions of another picture."""
        return self._regions(regions, picture, Box.whole(picture))

    def place(self, x: int, y: int) -> tuple[int, int]:
        """Where the part lies on what the layer lies at ``x``, ``y`` of."""
        return x + self.box.columns.start, y + self.box.rows.start

    def _regions(self, regions: Regions | None, picture: Image, box: Box) -> Regions | None:
        """The regions of this part of the picture, continued as the picture is; None where there are none."""
        if regions is None or not regions.names:
            return None
        part = cut(regions.clamped(), picture, box.rows, box.columns)
        sides = box.height, box.width
        if min(sides) >= self.least_px and max(sides) <= _ASPECT * min(sides):
            return part
        return Regions(part.names, self._padded(part.resized(*sides).masks))

    def _padded(self, planes: Tensor) -> Tensor:
        """``planes`` continued to the right and below by mirror images until no side is too short or too narrow."""
        if not self.least_px:
            return planes
        least = max(self.least_px, -(-max(planes.shape[-2:]) // _ASPECT))
        return mirrored_to(planes, least, least)


def selected_box(selection: Tensor | None, content: Image) -> Box:
    """What the selection touches, with a margin; everything without a selection.

    A selection that holds nothing is refused: painting everything would be as surprising as painting nothing. (GIMP's
    "nothing is selected" means everything, and comes here as no selection at all.) Raises InvalidInput.
    """
    if selection is None:
        return Box.whole(content)
    touched = selection[0, 0] > 0
    rows, columns = touched.any(1).nonzero().flatten(), touched.any(0).nonzero().flatten()
    if not len(rows):
        raise InvalidInput(
            said("The selection lies outside of this picture; select a part of it, or nothing to paint everything.")
        )
    return Box(_widened(rows, content.height), _widened(columns, content.width))


def _widened(touched: Tensor, size: int) -> slice:
    first, last = int(touched[0]), int(touched[-1]) + 1
    margin = max(_MARGIN_PX, round((last - first) * _MARGIN_SHARE))
    return slice(max(first - margin, 0), min(last + margin, size))


def _in_gamut(pixels: Tensor) -> Tensor:
    """In 0..1: files in wide colour spaces have more, but networks were trained on what sRGB has."""
    low, high = pixels.aminmax()
    return pixels if low >= 0 and high <= 1 else pixels.clamp(0, 1)
