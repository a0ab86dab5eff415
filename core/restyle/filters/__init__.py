"""All filters, found by their folders: a package here whose module holds a `Filter` is one."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from restyle.contract.errors import UnknownFilter
from restyle.contract.filter import AnyFilter, Filter

__all__ = ["filters", "find_filter"]


@cache
def filters() -> tuple[AnyFilter, ...]:
    """Every filter, in the order of the menu."""
    modules = [import_module(f"{__name__}.{item.name}") for item in iter_modules(__path__) if item.ispkg]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Filter)]
    return tuple(sorted(found, key=lambda declared: (declared.menu_place, declared.id)))


def find_filter(filter_id: str) -> AnyFilter:
    """The filter of this id; raises UnknownFilter."""
    for candidate in filters():
        if candidate.id == filter_id:
            return candidate
    raise UnknownFilter(filter_id)
