"""What of a client's request a server can see."""

import asyncio
import json


def test_150_a_clients_credentials_are_never_forwarded(client):
    async def use():
        secrets = {"Authorization": "Bearer of-the-client", "Cookie": "session=of-the-client", "X-Mine": "of-the-client"}
        async with client(headers=secrets) as one:
            assert "of-the-client" not in await one.text("headers")

    asyncio.run(use())
