"""Invitations, members and certificates: what is written is read again, and nothing else; files are their owner's alone."""

import stat
import sys

import pytest
from tests.core.service.fakes import TOKEN, Api, make_service

from restyle.contract.errors import InvalidInput, UnusableInvitation
from restyle.contract.request import Request
from restyle.filters import filters
from restyle.service.remote.chosen import chosen_server, forget_server, use_server
from restyle.service.remote.invitation import Invitation
from restyle.service.remote.listening import invite, listen_far, split_place
from restyle.service.remote.members import Members
from restyle.service.service import Settings

LINE = f"restyle:gpu.example:7860:{'ab' * 32}:{'t' * 43}"


def test_an_invitation_is_read_as_it_was_written():
    found = Invitation.parse(f"  {LINE}\n")
    assert str(found) == LINE
    assert (found.place, found.address) == ("gpu.example:7860", f"tls:gpu.example:7860:{'ab' * 32}")
    six = Invitation.parse(LINE.replace("gpu.example", "[::1]"))
    assert (six.host, six.port) == ("[::1]", 7860)


@pytest.mark.parametrize(
    "line", ["", "restyle", LINE[:-1], LINE + "x", LINE.replace("7860", "78600"), LINE.replace("ab", "AB"), "http://gpu:1/"]
)
def test_what_is_no_invitation_is_refused(line):
    with pytest.raises(UnusableInvitation):
        Invitation.parse(line)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"invitation": 1}', '{"invitation": "restyle:gpu"}'])
def test_a_damaged_choice_is_none(tmp_path, text):
    (tmp_path / "remote.json").write_text(text)
    assert chosen_server(tmp_path) is None


def test_a_choice_is_private_and_can_be_forgotten(tmp_path):
    home = tmp_path / "h"
    use_server(home, Invitation.parse(LINE))
    assert str(chosen_server(home)) == LINE
    if sys.platform != "win32":
        assert stat.S_IMODE((home / "remote.json").stat().st_mode) == 0o600
    assert str(forget_server(home)) == LINE
    assert chosen_server(home) is None
    assert forget_server(home) is None


def test_a_member_comes_in_by_the_newest_token_until_he_is_withdrawn(tmp_path):
    mine, servers = Members(tmp_path), Members(tmp_path)
    old = mine.admit("Adas laptop")
    other = mine.admit("studio")
    assert servers.of_token(old) == "Adas laptop"
    new = mine.admit("Adas laptop")
    assert servers.of_token(old) is None
    assert servers.of_token(new) == "Adas laptop"
    assert mine.withdraw("Adas laptop")
    assert servers.of_token(new) is None
    assert servers.of_token(other) == "studio"
    assert servers.names() == ["studio"]
    assert new not in (tmp_path / "members.json").read_text()


@pytest.mark.parametrize("name", ["", " a", "a\n", "a/b", "x" * 61, "a:b"])
def test_a_name_that_cannot_be_told_apart_is_refused(tmp_path, name):
    with pytest.raises(InvalidInput, match="no name"):
        Members(tmp_path).admit(name)


def test_a_list_of_members_that_cannot_be_read_lets_nobody_in(tmp_path):
    token = Members(tmp_path).admit("a")
    (tmp_path / "members.json").write_text("[1]")
    assert Members(tmp_path).of_token(token) is None


@pytest.mark.parametrize(
    ("place", "expected"), [("0.0.0.0:1", ("0.0.0.0", 1)), ("[::]:7", ("::", 7)), (":5", ("", 5)), ("gpu:65535", ("gpu", 65535))]
)
def test_a_place_is_a_host_and_a_port(place, expected):
    assert split_place(place) == expected


@pytest.mark.parametrize("place", ["", "gpu", "gpu:", "gpu:x", "gpu:65536", "gpu:-1", "g pu:1"])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(InvalidInput, match="ADDRESS:PORT"):
        split_place(place)


def test_the_certificate_is_made_once_and_is_private(tmp_path):
    pytest.importorskip("cryptography")
    folder = tmp_path / "remote"
    with pytest.raises(InvalidInput, match="--listen"):
        invite(folder, "a")
    first = invite(folder, "a", "gpu:1")
    listening = listen_far(folder, "127.0.0.1:0")
    try:
        second = invite(folder, "b")
    finally:
        listening.close()
    assert first.fingerprint == second.fingerprint
    assert first.token != second.token
    assert second.place == listening.place
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("declared", filters(), ids=lambda declared: declared.id)
def test_every_ref_of_a_request_can_be_renamed(declared):
    given = {item.name: item.required(f"{item.name}.png") for item in declared.inputs}
    request = Request.of(declared, given, {})
    names = []
    renamed = request.with_refs(lambda ref: names.append(ref) or ref.upper())
    refs = [ref for item in declared.inputs for ref in item.refs(given[item.name])]
    assert sorted(names) == sorted(refs)
    assert all(name.upper() in str(renamed.inputs) for name in refs)


def test_refs_of_regions_are_renamed_and_their_names_are_not():
    regions = {"masks": [{"name": "sky", "image": "sky"}]}
    inputs = {"content": "sky", "styles": [{"image": "sky", "regions": {"map": "sky"}, "region": "sky"}], "regions": regions}
    renamed = Request(filter="x", inputs=inputs).with_refs(lambda ref: "id").inputs
    assert renamed["content"] == "id"
    assert renamed["styles"] == [{"image": "id", "regions": {"map": "id"}, "region": "sky"}]
    assert renamed["regions"] == {"masks": [{"name": "sky", "image": "id"}]}


# Several users


@pytest.fixture
def members(tmp_path):
    return Members(tmp_path)


@pytest.fixture
def service(runner, members):
    service = make_service(runner, members=members, settings=Settings(jobs_of_a_member=3, bytes_of_a_member=20))
    yield service
    runner.allow(1000)
    if service.worker._thread.ident:
        service.worker.stop(10)


class FarApi(Api):
    """The app as a member's computer meets it."""

    def __init__(self, service, token):
        super().__init__(service)
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(self, method, path, *, headers=None, **options):
        return await super().call(method, f"https://restyle{path}", headers=headers or self._headers, **options)


def test_two_users_take_turns_however_many_jobs_one_has_sent(service, members):
    ada, bob = (FarApi(service, members.admit(name)) for name in ("ada", "bob"))
    sent = [ada.start()["id"], ada.start()["id"], ada.start()["id"], bob.start()["id"]]
    assert [ada.job(job)["position"] for job in sent] == [0, 2, 3, 1]
    taken = []
    for _ in sent:
        job = service.jobs.take()
        taken.append(job.id)
        service.jobs.fail(job, InvalidInput("done"))
    assert taken == [sent[0], sent[3], sent[1], sent[2]]


def test_who_was_served_last_waits_for_the_other(service, members):
    ada, bob = (FarApi(service, members.admit(name)) for name in ("ada", "bob"))
    ada.start()
    service.jobs.fail(service.jobs.take(), InvalidInput("done"))
    second, first = ada.start()["id"], bob.start()["id"]
    assert [service.jobs.take().id for _ in range(2)] == [first, second]


def test_a_name_that_two_users_clients_share_ends_nobody_elses_preview(service, members):
    ada, bob = (FarApi(service, members.admit(name)) for name in ("ada", "bob"))

    def preview(who):
        body = {"inputs": {"content": (image := who.upload()), "styles": [{"image": image}]}}
        return who("POST", "/v1/filters/invert-colors/jobs?purpose=preview&client=dialog", json=body).json()["id"]

    first, other, newer = preview(ada), preview(bob), preview(ada)
    assert [ada.job(job)["state"] for job in (first, other, newer)] == ["cancelled", "queued", "queued"]


def test_a_user_has_no_more_jobs_at_once_than_his_share_and_the_owner_has_room(service, members):
    ada = FarApi(service, members.admit("ada"))
    for _ in range(3):
        ada.start()
    with pytest.raises(AssertionError, match=r"quota-exceeded.*|gives each user 3 jobs at once"):
        ada.start()
    Api(service).start()


def test_a_users_pictures_are_his_and_count_for_him(service, members):
    ada, bob = (FarApi(service, members.admit(name)) for name in ("ada", "bob"))
    ids = {who.upload() for who in (ada, bob, Api(service))}
    assert len(ids) == 3
    with pytest.raises(AssertionError, match="gives each user 0 MB"):
        ada.upload(bytes(18), width=6)
    bob.upload(bytes(12), width=4)
    Api(service).upload(bytes(18), width=6)


def test_who_knows_the_name_of_anothers_picture_gets_nothing_by_it(service, members):
    ada, bob = (FarApi(service, members.admit(name)) for name in ("ada", "bob"))
    image = ada.upload()
    for other in (bob, Api(service)):
        assert other("GET", f"/v1/images/{image}").status_code == 404
        assert other("POST", f"/v1/images/{image}/claims").status_code == 404
        body = {"inputs": {"content": image, "styles": [{"image": image}]}}
        assert other("POST", "/v1/filters/invert-colors/jobs", json=body).status_code == 404
        assert other("DELETE", f"/v1/images/{image}").status_code == 204
    assert ada("GET", f"/v1/images/{image}").status_code == 200


def test_the_owners_token_does_not_work_from_afar_nor_a_members_here(service, members):
    token = members.admit("ada")
    assert FarApi(service, TOKEN)("GET", "/v1/health").status_code == 401
    assert Api(service)("GET", "/v1/health", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert FarApi(service, token)("GET", "/v1/health").status_code == 200


def test_without_members_nobody_comes_in_from_afar(runner):
    assert FarApi(make_service(runner), TOKEN)("GET", "/v1/health").status_code == 401


@pytest.mark.parametrize("place", ["192.0.2.1:0", "no.such.host.invalid:7860", f"{'a' * 64}.example:7860"])
def test_a_place_that_cannot_be_listened_at_is_named_with_its_reason(tmp_path, place):
    # An address for documents (RFC 5737), a name that never resolves (RFC 2606), and one that no name may be.
    with pytest.raises(InvalidInput, match=r"cannot be listened at \([^()]+\); give another ADDRESS:PORT"):
        listen_far(tmp_path, place)
