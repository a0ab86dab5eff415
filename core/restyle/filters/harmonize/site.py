"""Site: the part of a painting around a cut-out element, where all the work is done, and the way there and back."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import PlacedPicture
from restyle.contract.sentence import said
from restyle.pictures.image import Image

__all__ = ["FAINTEST", "Rectangle", "Site"]

MARGIN_SHARE = 1 / 6  # of the element's longer side: as much of the painting as tells how strokes go on
LEAST_MARGIN_PX = 32  # what relu4_1 sees to each side of a pixel, about
FAINTEST = 1 / 128  # alpha below which nobody sees that something is there


@dataclass(frozen=True)
class Rectangle:
    """Rows and columns of a painting, from the first to before the last."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    def cut(self, planes: Tensor) -> Tensor:
        """This part of planes (1, C, H, W)."""
        return planes[:, :, self.top : self.bottom, self.left : self.right]

    def around(self, area: float, height: int, width: int) -> Rectangle:
        """A rectangle with the same middle inside ``height`` x ``width``, and of its shape, of about so many pixels; or all."""
        scale = min(1.0, math.sqrt(area / (height * width)))
        rows, columns = max(self.height, round(height * scale)), max(self.width, round(width * scale))
        top = min(max((self.top + self.bottom - rows) // 2, 0), height - min(rows, height))
        left = min(max((self.left + self.right - columns) // 2, 0), width - min(columns, width))
        return Rectangle(top, left, min(top + rows, height), min(left + columns, width))


@dataclass(frozen=True)
class Site:
    """The rectangle of the painting that is worked on; the layer's corner lies at ``x``, ``y`` of it."""

    place: Rectangle
    x: int
    y: int

    @classmethod
    def of(cls, cover: Tensor, painting: PlacedPicture) -> Site:
        """The site of an element that is where ``cover`` (1, 1, H, W) of its layer is above `FAINTEST`.

        Raises InvalidInput where there is nothing of it, or nothing of it lies on the painting.
        """
        seen = cover[0, 0] > FAINTEST
        rows, columns = seen.any(1).nonzero().flatten(), seen.any(0).nonzero().flatten()
        if not len(rows):
            raise InvalidInput(
                said("Nothing of the element can be seen: choose the layer with the cut-out photo, and select a part of it.")
            )
        top, bottom = int(rows[0]) + painting.y, int(rows[-1]) + 1 + painting.y
        left, right = int(columns[0]) + painting.x, int(columns[-1]) + 1 + painting.x
        height, width = painting.image.height, painting.image.width
        is_beside = top >= height or bottom <= 0 or left >= width or right <= 0
        # The corner around a round element may lie on the painting, and nothing of the element.
        if is_beside or not bool(_moved(seen[None, None], painting.x, painting.y, height, width).any()):
            raise InvalidInput(
                said("The element lies beside the painting: move it onto the painting, and start the filter again.")
            )
        margin = max(LEAST_MARGIN_PX, round(max(bottom - top, right - left) * MARGIN_SHARE))
        place = Rectangle(max(top - margin, 0), max(left - margin, 0), min(bottom + margin, height), min(right + margin, width))
        return cls(place, painting.x - place.left, painting.y - place.top)

    def from_layer(self, planes: Tensor) -> Tensor:
        """Planes (1, C, H, W) of the layer as they lie on the site, 0 where there are none."""
        return _moved(planes, self.x, self.y, self.place.height, self.place.width)

    def to_layer(self, planes: Tensor, height: int, width: int) -> Tensor:
        """Planes of the site as they lie on a layer of this size, 0 where there are none."""
        return _moved(planes, -self.x, -self.y, height, width)

    def with_element(self, painting: Image, element: Tensor, cover: Tensor) -> Tensor:
        """The painting's colours (1, 3, h, w) here, under an element (1, 3, H, W) of this cover."""
        shown = self.from_layer(cover)
        return self.place.cut(painting.pixels).lerp(self.from_layer(element), shown)


def _moved(planes: Tensor, x: int, y: int, height: int, width: int) -> Tensor:
    # Negative padding cuts off.
    return F.pad(planes, (x, width - x - planes.shape[3], y, height - y - planes.shape[2]))
