"""Lists, walked page by page."""

import asyncio

import pytest

from servers.features import PROMPTS, RESOURCES, TEMPLATES, TOOLS, describe

LISTS = {
    "tools/list": ("tools", [describe(tool.__name__) for tool in TOOLS]),
    "prompts/list": ("prompts", PROMPTS),
    "resources/list": ("resources", RESOURCES),
    "resources/templates/list": ("resourceTemplates", TEMPLATES),
}


@pytest.mark.parametrize("method", LISTS)
def test_125_cursors_walk_through_everything_once_and_nothing_is_changed(client, method):
    key, expected = LISTS[method]

    async def use():
        async with client() as one:
            page = await one.result(method)
            found = page[key]
            while cursor := page.get("nextCursor"):
                page = await one.result(method, cursor=cursor)
                found = found + page[key]
            # Another test may have added tools.
            assert found[: len(expected)] == expected
            assert len(found) == len({str(entry) for entry in found})

    asyncio.run(use())


@pytest.mark.parametrize("method", LISTS)
def test_125_a_cursor_that_nobody_gave_is_the_servers_error(client, method):
    async def use():
        async with client() as one:
            error = await one.error(method, cursor="nobody's")
            assert (error["code"], error["message"]) == (-32602, "no such cursor: nobody's")

    asyncio.run(use())
