"""All filters, in the order of the menu."""

from restyle.contract.errors import UnknownFilter
from restyle.contract.filter import Filter
from restyle.filters.any_style import ANY_STYLE
from restyle.filters.enhance import ENHANCE_PHOTO
from restyle.filters.fast_style import FAST_STYLE
from restyle.filters.find_regions import REGIONS
from restyle.filters.learn_style import LEARN_A_STYLE
from restyle.filters.neural_style import NEURAL_STYLE
from restyle.filters.photo_style import PHOTO_STYLE

__all__ = ["FILTERS", "find_filter"]

FILTERS: tuple[Filter, ...] = (NEURAL_STYLE, FAST_STYLE, ANY_STYLE, PHOTO_STYLE, ENHANCE_PHOTO, LEARN_A_STYLE, REGIONS)


def find_filter(filter_id: str) -> Filter:
    """The filter of this id; raises UnknownFilter."""
    for candidate in FILTERS:
        if candidate.id == filter_id:
            return candidate
    raise UnknownFilter(filter_id)
