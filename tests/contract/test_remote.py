"""The line that invites to a server is read alike by core and plug-in, and what one side has chosen the other finds."""

from pathlib import Path

import pytest

from restyle.contract.errors import UnusableInvitation
from restyle.service.remote.chosen import chosen_server, forget_server, use_server
from restyle.service.remote.invitation import LINE, Invitation
from restyle_plugin import remote
from restyle_plugin.errors import PluginError

LINES = (f"restyle:gpu.example:7860:{'0a' * 32}:{'t-_' * 14}x", f"restyle:[fe80::1]:1:{'f' * 64}:{'A' * 43}")


@pytest.mark.parametrize("line", LINES)
def test_both_read_a_line_alike(line: str) -> None:
    ours, theirs = Invitation.parse(line), remote.parse(line)
    assert (ours.host, ours.port, ours.fingerprint, ours.token) == tuple(theirs)
    assert (str(ours), ours.place, ours.address) == (theirs.line, theirs.place, theirs.address)


@pytest.mark.parametrize("line", ["", *(line[:-1] for line in LINES), *(line.replace(":", ";") for line in LINES)])
def test_both_refuse_what_is_no_line(line: str) -> None:
    assert LINE.fullmatch(line) is None
    with pytest.raises(UnusableInvitation):
        Invitation.parse(line)
    with pytest.raises(PluginError):
        remote.parse(line)


def test_what_one_side_has_chosen_the_other_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    use_server(tmp_path, Invitation.parse(LINES[0]))
    assert remote.chosen() == remote.parse(LINES[0])
    remote.choose(remote.parse(LINES[1]))
    assert chosen_server(tmp_path) == Invitation.parse(LINES[1])
    remote.forget()
    assert forget_server(tmp_path) is None
