"""What of a client's request a server can see."""

import asyncio
import json

import pytest

from conftest import running
from support.client import connect
from support.gateway import configuration


SECRETS = {"Authorization": "Bearer of-the-client", "Cookie": "session=of-the-client", "X-Mine": "of-the-client"}


def test_150_a_clients_credentials_are_never_forwarded(client):
    async def use():
        async with client(headers=SECRETS) as one:
            assert "of-the-client" not in await one.text("headers")

    asyncio.run(use())


def test_150_a_server_sees_what_it_is_allowed_and_what_is_configured(block, downstream):
    allowed = {"forwardHeaders": ["x-mine"], "headers": {"Authorization": "Bearer of-the-gateway"}}

    async def use(gateway):
        async with connect(gateway, "features", downstream, headers=SECRETS) as one:
            seen = json.loads(await one.text("headers"))
            assert (seen["x-mine"], seen["authorization"]) == ("of-the-client", "Bearer of-the-gateway")
            assert "cookie" not in seen

    if "url" not in block:
        pytest.skip("over stdio there are no headers")
    with running(configuration({"features": block | allowed})) as gateway:
        asyncio.run(use(gateway))
