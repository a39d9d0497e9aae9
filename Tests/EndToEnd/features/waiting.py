"""Waiting for what the feature server has seen."""

import json

from support.client import Client


async def until_waiting(client: Client, names) -> None:
    """Until the server has got these calls of its tool `waits`."""
    while not set(names) <= set(json.loads(await client.text("seen"))["waiting"]):
        pass


async def until_cancelled(client: Client, name: str) -> None:
    while name not in json.loads(await client.text("seen"))["cancelled"]:
        pass
