"""The version of Restyle and of the protocol between the plug-in and the server."""

__all__ = ["PROTOCOL", "VERSION"]

VERSION = "0.1.0"
PROTOCOL = 2
