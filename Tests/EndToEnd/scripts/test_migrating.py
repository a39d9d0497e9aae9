"""docs/migrating.md: what it says of clients that were set up for another proxy."""

import asyncio

from support import messages
from support.gateway import REPOSITORY, fixture
from support.sessions import legacy, streamable

DOCUMENT = (REPOSITORY / "docs/migrating.md").read_text()


def test_the_urls_of_sparfenyuks_proxy_stay_good_with_a_base_url(start):
    assert '"baseURL": "/servers"' in DOCUMENT

    async def use(gateway):
        for session in (legacy, streamable):
            async with session(gateway, "servers/fixture") as client:
                assert "result" in await client.ask(messages.call("1", "echo", {"text": "x"}))

    with start({"fixture": fixture()}, baseURL="/servers") as gateway:
        asyncio.run(use(gateway))


def test_a_token_without_bearer_is_taken(start):
    assert "| `Authorization: TOKEN` without `Bearer` | Taken, too. |" in DOCUMENT

    async def use(gateway):
        async with streamable(gateway, headers={"Authorization": "T"}) as client:
            assert "result" in await client.ask(messages.call("1", "echo", {"text": "x"}))

    with start({"fixture": fixture()}, options={"authTokens": ["T"]}) as gateway:
        asyncio.run(use(gateway))
