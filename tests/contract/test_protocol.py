"""Core and plug-in are installed apart: each knows which protocol it speaks, and both say the same."""

import restyle_plugin.client
from restyle.version import PROTOCOL


def test_core_and_plug_in_speak_the_same_protocol() -> None:
    assert restyle_plugin.client.PROTOCOL == PROTOCOL
