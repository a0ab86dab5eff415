"""A server in another room: two homes, TLS over 127.0.0.1, and all that can go wrong; what cannot be done there is done here."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pictures
from tests.core.service.fakes import INVERT, make_service
from tests.core.service.other_room import Here, Listener, Wire, notes_of, samples
from tests.core.service.process import LIMIT_S, connection_of

from restyle.cli import main
from restyle.contract.errors import NotAllowed, Refused, ServerUnreachable
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.contract.request import Request, check
from restyle.host.home import remote_folder
from restyle.service.clients import far, far_client
from restyle.service.clients.far import FarClient, health_of
from restyle.service.connection import request
from restyle.service.job import Terms
from restyle.service.remote.chosen import chosen_server, connection_to, use_server
from restyle.service.remote.invitation import Invitation
from restyle.service.remote.listening import invite
from restyle.service.remote.members import Members

pytest.importorskip("cryptography")


SERVED = Path(__file__).with_name("served_far.py")


@pytest.fixture(scope="module")
def other_room(tmp_path_factory):
    """The home of a server that listens."""
    home = tmp_path_factory.mktemp("other") / "h"
    process = subprocess.Popen([sys.executable, str(SERVED), str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    connection_of(process, home)
    yield home
    process.kill()
    process.wait(LIMIT_S)
    process.stderr.close()


@pytest.fixture
def invitation(other_room, request):
    return invite(remote_folder(other_room), request.node.originalname[:60])


@pytest.fixture
def here():
    return Here()


@pytest.fixture
def use(tmp_path, monkeypatch):
    """The tests' filter on files of the working folder: a photo with alpha, a style, perhaps a selection."""
    monkeypatch.chdir(tmp_path)
    chance = np.random.default_rng(1)
    photo = chance.integers(0, 256, (6, 8, 4), np.uint8)
    Pictures.fromarray(photo).save("photo.png")
    Pictures.fromarray(photo[..., :3]).save("style.png")
    Pictures.fromarray(np.repeat(np.uint8([[0] * 4 + [255] * 4]), 6, 0)).save("mask.png")

    def use_of(steps=2, **inputs):
        given = {"content": "photo.png", "styles": [{"image": "style.png"}], **inputs}
        return check(INVERT, Request(filter=INVERT.id, inputs=given, params={"steps": steps}))

    return use_of


def test_what_is_made_there_is_what_would_be_made_here(invitation, use, tmp_path, here):
    progress = CallbackProgress(lambda report: None)
    done = FarClient(invitation, here).perform(use(), tmp_path / "out.png", progress)
    photo, out = samples("photo.png"), samples("out.png")
    assert (out[..., :3] == 255 - photo[..., :3]).all()
    assert (out[..., 3] == photo[..., 3]).all()
    assert done.device == f"fake:0 of {invitation.place}"
    assert progress.notes == ["Inverted."]
    assert not here.asked


def test_a_selection_is_painted_alone_and_nothing_stays_there(invitation, use, tmp_path, here, other_room):
    FarClient(invitation, here).perform(use(selection="mask.png"), tmp_path / "out.png", SilentProgress())
    photo, out = samples("photo.png")[..., :3], samples("out.png")[..., :3]
    assert (out[:, :4] == photo[:, :4]).all()
    assert (out[:, 4:] == 255 - photo[:, 4:]).all()
    assert health_of(invitation)["jobs"] == 0


def test_who_has_another_certificate_gets_nothing_to_see(invitation, use, tmp_path, here):
    false = replace(invitation, fingerprint="0" * 64)
    with Listener() as listener:
        with pytest.raises(ServerUnreachable, match="certificate is another one"):
            health_of(false)
        # One that does not speak TLS at all sees a greeting and no token.
        elsewhere = replace(invitation, port=listener.port)
        assert "so this computer does it" in notes_of(FarClient(elsewhere, here), use(), tmp_path / "out.png")
        assert invitation.token.encode() not in listener.heard
        assert b"HTTP" not in listener.heard
    assert "certificate is another one" in notes_of(FarClient(false, here), use(), tmp_path / "out.png")


def test_a_stolen_old_token_opens_nothing(invitation, use, tmp_path, here, other_room):
    client, members = FarClient(invitation, here), Members(remote_folder(other_room))
    name = next(name for name in members.names() if members.of_token(invitation.token) == name)
    client.perform(use(), tmp_path / "out.png", SilentProgress())
    assert not here.asked
    renewed = invite(remote_folder(other_room), name)
    assert "does not let this computer in" in notes_of(client, use(), tmp_path / "out.png")
    assert members.withdraw(name)
    assert "does not let this computer in" in notes_of(FarClient(renewed, here), use(), tmp_path / "out.png")
    assert not members.withdraw(name)


def test_a_wire_cut_in_the_middle_of_an_upload(invitation, tmp_path, here, use, other_room):
    Pictures.fromarray(np.zeros((200, 200, 3), np.uint8)).save("photo.png")
    wire = Wire(invitation, most=100_000)  # of 480 KB
    assert "so this computer does it" in notes_of(FarClient(wire.invitation, here), use(), tmp_path / "out.png")
    # What came of it is forgotten there: the whole share is free again.
    FarClient(invitation, here).perform(use(), tmp_path / "out.png", SilentProgress())
    assert here.asked == 1


def test_a_wire_cut_in_the_middle_of_a_job(invitation, tmp_path, here, use):
    wire = Wire(invitation)
    progress = CallbackProgress(lambda report: wire.cut() if report.step else None)
    done = FarClient(wire.invitation, here).perform(use(steps=100), tmp_path / "out.png", progress)
    assert done.device == "here"
    assert "so this computer does it" in progress.notes[0]
    # Nobody asks after the job any more, so it ends.
    ends_at = time.monotonic() + LIMIT_S
    while health_of(invitation)["jobs"]:
        assert time.monotonic() < ends_at
        time.sleep(0.1)


def test_nobody_there_is_one_sentence(invitation, use, tmp_path, here):
    wire = Wire(invitation)
    wire.cut()
    note = notes_of(FarClient(wire.invitation, here), use(), tmp_path / "out.png")
    assert wire.invitation.place in note
    assert note.endswith("so this computer does it.")


def test_another_protocol_is_one_sentence(invitation, monkeypatch):
    monkeypatch.setattr(far, "PROTOCOL", 99)
    with pytest.raises(
        ServerUnreachable, match="speaks protocol 2, and this Restyle protocol 99: bring both to the same version"
    ):
        health_of(invitation)


def test_what_stays_on_this_computer_is_done_here_and_refused_there(invitation, use, tmp_path, here):
    staying = replace(INVERT, needs=replace(INVERT.needs, stays=True))
    note = notes_of(FarClient(invitation, here), replace(use(), filter=staying), tmp_path / "out.png")
    assert "what it makes is kept on this computer" in note
    service = make_service(None, members=Members(tmp_path / "remote"))
    with pytest.raises(NotAllowed, match="Invert cannot be used; compute on this one"):
        service.submit(replace(use(), filter=staying), Terms(user="ada"))


def test_a_share_that_is_used_up_is_one_sentence(invitation, use, tmp_path, here):
    Pictures.fromarray(np.zeros((300, 300, 3), np.uint8)).save("photo.png")
    with pytest.raises(Refused, match=r"^On 127.*: The server gives each user 1 MB of pictures at once; wait") as caught:
        FarClient(invitation, here).perform(use(), tmp_path / "out.png", SilentProgress())
    assert caught.value.problem == "quota-exceeded"
    assert not here.asked


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/shutdown"),
        ("POST", "/v1/filters/invert-colors/jobs?output=/tmp/x.png"),
    ],
)
def test_what_is_the_owners_alone_is_not_for_members(invitation, method, path):
    body = {"inputs": {"content": "photo.png", "styles": [{"image": "style.png"}]}}
    with pytest.raises(Refused, match="compute on this one") as caught:
        request(connection_to(invitation), method, path, None if path == "/v1/shutdown" else body)
    assert caught.value.problem == "not-allowed"


def test_plain_http_is_refused(invitation):
    plain = replace(connection_to(invitation), address=f"tcp:{invitation.place}")
    with pytest.raises(OSError, match="broke off"):
        request(plain, "GET", "/v1/health")


def test_the_token_of_the_owners_programs_is_no_members(invitation, other_room):
    from restyle.service.connection import read_connection

    own = read_connection(other_room)
    with pytest.raises(Refused, match="does not let this computer in"):
        request(replace(own, address=invitation.address), "GET", "/v1/health")
    with pytest.raises(Refused, match="another program"):
        request(replace(own, token=invitation.token), "GET", "/v1/health")


def test_the_chosen_server_is_the_commands(invitation, tmp_path, here):
    home = tmp_path / "home"
    assert far_client(home, here) is None
    use_server(home, invitation)
    assert isinstance(far_client(home, here), FarClient)


def test_a_server_that_runs_already_cannot_begin_to_listen(other_room):
    command = [sys.executable, "-m", "restyle.service", "--home", str(other_room), "--listen", "127.0.0.1:0"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert answer.returncode == 1
    assert "restyle server stop" in answer.stderr


def test_the_commands_pair_use_and_forget(other_room, tmp_path, monkeypatch, capsys):
    def restyle(home, *words):
        monkeypatch.setenv("RESTYLE_HOME", str(home))
        status = main(["server", *words])
        return status, capsys.readouterr().out.strip()

    mine = tmp_path / "mine"
    status, line = restyle(other_room, "pair", "laptop")
    assert status == 0
    place = Invitation.parse(line).place
    assert "laptop" in restyle(other_room, "members")[1].splitlines()
    assert restyle(mine, "use", line) == (0, f"From now on {place} computes, on fake:0; `restyle server forget` ends that.")
    assert str(chosen_server(mine)) == line
    assert restyle(other_room, "withdraw", "laptop")[0] == 0
    assert restyle(other_room, "withdraw", "laptop")[0] == 1
    # One that cannot be used is not chosen.
    assert restyle(tmp_path / "another", "use", line)[0] == 1
    assert chosen_server(tmp_path / "another") is None
    assert restyle(mine, "forget") == (0, f"This computer computes again, and not {place}.")
    assert chosen_server(mine) is None
