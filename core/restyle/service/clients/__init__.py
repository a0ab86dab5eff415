"""Clients: the ways to have a use of a filter done. Whoever has a use need not know where it is done."""

from restyle.service.clients.client import Client, Done
from restyle.service.clients.far import FarClient, far_client
from restyle.service.clients.here import HereClient
from restyle.service.clients.warm import WarmClient, warm_client

__all__ = ["Client", "Done", "FarClient", "HereClient", "WarmClient", "far_client", "warm_client"]
