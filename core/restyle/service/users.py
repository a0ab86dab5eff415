"""Users: whose a job or a picture is. Members on other computers have names; whoever the server belongs to needs none."""

__all__ = ["HERE"]

HERE = ""
"""The user of this computer."""
