"""The in-memory GIMP keeps the backends' contract; tests/gimp asks the same of the real ones."""

import pytest

from memory_gimp import MemoryGimp
from tests.contract import backend_contract


@pytest.mark.parametrize("check", backend_contract.CHECKS, ids=lambda check: check.__name__[len("check_") :])
def test_the_in_memory_gimp(check) -> None:
    check(MemoryGimp())


def test_a_backend_that_breaks_the_contract_is_found() -> None:
    gimp = MemoryGimp()
    gimp.drawable_read = lambda d, x, y, w, h, babl: bytes(w * h)
    assert any("pixels_come_back" in text for text in backend_contract.failures(gimp))
