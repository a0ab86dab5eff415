"""The bench for graphics cards does on the processor, small, what it does where a card is."""

import pytest
from tests.bench import gpu

SMALL = ["--device", "cpu", "--side", "48", "--large-sides", "48", "--vgg-side", "32", "--filters", "fast-style"]


def test_all_of_it_can_be_measured(capsys):
    assert gpu.main([*SMALL, "enhance-photo"]) == 0
    table = capsys.readouterr().out
    for part in ("fast-style, 48 px", "enhance-photo, two jobs", "memory that ends", "network, 48 px", "VGG-19", "compile"):
        assert part in table


def test_a_part_that_fails_does_not_cost_the_others(capsys, monkeypatch):
    monkeypatch.setattr(gpu.Bench, "large_pictures", lambda _: 1 / 0)
    assert gpu.main(SMALL) == 1
    table = capsys.readouterr().out
    assert "ZeroDivisionError" in table
    assert "VGG-19" in table


def test_a_device_that_is_not_here_is_no_failure(capsys, monkeypatch):
    monkeypatch.setattr("torch.xpu.is_available", lambda: False)
    assert gpu.main(["--device", "xpu"]) == 0
    assert "no xpu here" in capsys.readouterr().out


@pytest.mark.parametrize(("promised", "said"), [(None, ""), (True, "ok"), (False, "NOT MET")])
def test_a_line_says_whether_a_promise_was_kept(promised, said):
    assert str(gpu.Row("what", "1 s", promised)).endswith(said)
