"""What a method gets, made by hand: the usual inputs of filters that paint, under their usual names."""

from collections.abc import Sequence

from torch import Tensor

from restyle.contract.loaded import Loaded, Style
from restyle.contract.settings import CONTENT, REFERENCE, REGIONS, SELECTION, STYLES
from restyle.pictures.image import Image
from restyle.regions import Regions

__all__ = ["inputs_of"]


def inputs_of(
    content: Image,
    styles: Sequence[Style] = (),
    selection: Tensor | None = None,
    regions: Regions | None = None,
    reference: Image | None = None,
) -> Loaded:
    """The content, its styles, and what else there may be."""
    values = {
        CONTENT.name: content,
        STYLES.name: tuple(styles),
        SELECTION.name: selection,
        REGIONS.name: regions,
        REFERENCE.name: reference,
    }
    return Loaded(values)
