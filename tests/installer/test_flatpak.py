"""Editing a Flatpak's overrides."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from restyle_installer.flatpak import allow, is_allowed, revoke

LINES = st.lists(
    st.sampled_from(
        [
            "[Context]",
            "filesystems=/data;!home;",
            "[Session Bus Policy]",
            "org.freedesktop.secrets=talk",
            "[Environment]",
            "GTK_THEME=dark",
            "org.freedesktop.Flatpak.Other=none",
        ]
    ),
    max_size=8,
    unique=True,
)


@given(LINES)
def test_what_was_allowed_can_be_revoked_and_all_else_stays(lines: list) -> None:
    text = "\n".join(lines) + "\n" if lines else ""
    allowed = allow(text)
    assert is_allowed(allowed)
    assert set(lines) <= set(allowed.splitlines())
    revoked = revoke(allowed)
    assert not is_allowed(revoked)
    # A section that had no line of its own says nothing: it may go with ours.
    rest = [line for line in lines if line != "[Session Bus Policy]"]
    assert [line for line in revoked.splitlines() if line and line != "[Session Bus Policy]"] == rest


def test_the_file_is_the_one_that_flatpak_writes() -> None:
    assert allow("") == "[Session Bus Policy]\norg.freedesktop.Flatpak=talk\n"
    assert revoke(allow("")) == ""


def test_a_permission_in_another_section_does_not_count() -> None:
    assert not is_allowed("[System Bus Policy]\norg.freedesktop.Flatpak=talk\n")


def test_a_refusal_is_replaced() -> None:
    text = "[Session Bus Policy]\norg.freedesktop.Flatpak=none\na.b=talk\n"
    assert allow(text) == "[Session Bus Policy]\norg.freedesktop.Flatpak=talk\na.b=talk\n"
