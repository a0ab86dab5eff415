"""The painter: work, events and interrupts, each only where it belongs."""

import sys
import threading
import types

import pytest
from tests.core.service.fakes import PATIENCE_S

from restyle.contract.errors import Cancelled
from restyle.service.painter import Outcome, Painter


@pytest.fixture
def painter():
    one = Painter()
    yield one
    one.dismiss()
    one._thread.join(PATIENCE_S)
    assert not one.is_alive


def test_work_tells_and_ends_with_a_value(painter):
    painter.begin(lambda tell: tell("half") or 7)
    assert painter.next_event(PATIENCE_S) == "half"
    assert painter.next_event(PATIENCE_S) == Outcome(7)


@pytest.mark.parametrize("error", [ValueError("x"), MemoryError(), SystemExit(1), KeyboardInterrupt()])
def test_whatever_work_raises_the_next_can_begin(painter, error):
    def fail(tell):
        raise error

    painter.begin(fail)
    assert painter.next_event(PATIENCE_S).error is error
    painter.begin(lambda tell: 8)
    assert painter.next_event(PATIENCE_S) == Outcome(8)


def test_without_events_the_wait_ends(painter):
    assert painter.next_event(0.0) is None


def test_an_interrupt_between_two_works_harms_neither(painter):
    for number in range(20):
        painter.begin(lambda tell, number=number: number)
        outcome = painter.next_event(PATIENCE_S)
        assert outcome == Outcome(number)
        painter.interrupt()


def test_an_interrupt_ends_work_in_python_code(painter):
    has_begun = threading.Event()

    def work(tell):
        has_begun.set()
        while True:
            pass

    painter.begin(work)
    assert has_begun.wait(PATIENCE_S)
    assert painter.interrupt()
    assert isinstance(painter.next_event(PATIENCE_S).error, Cancelled)


def test_a_module_that_is_being_imported_is_not_torn(painter, tmp_path, monkeypatch):
    gate = types.ModuleType("gate_of_the_test")
    gate.is_reached, gate.opens = threading.Event(), False
    monkeypatch.setitem(sys.modules, "gate_of_the_test", gate)
    (tmp_path / "slow_to_import.py").write_text(
        "import gate_of_the_test as gate\ngate.is_reached.set()\nwhile not gate.opens: pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    painter.begin(lambda tell: __import__("slow_to_import").__name__)
    assert gate.is_reached.wait(PATIENCE_S)
    assert not painter.interrupt()
    gate.opens = True
    assert painter.next_event(PATIENCE_S) == Outcome("slow_to_import")
    monkeypatch.delitem(sys.modules, "slow_to_import")
