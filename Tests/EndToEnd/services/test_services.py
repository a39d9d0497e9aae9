"""All of them at once behind one gateway, used as people use them."""

import asyncio
import json
import uuid

import pytest

from sdk.peer import TRANSPORTS, connect, text_of

WHO = "SELECT system_identifier::text AS it FROM pg_control_system()"

TOOLS = {
    "postgres": "execute_sql",
    "timescaledb": "execute_sql",
    "playwright": "browser_navigate",
    "fetch": "fetch",
    "filesystem": "write_file",
    "features-sse": "echo",
    "features-http": "echo",
    "gateway": "list_servers",
}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", TOOLS)
def test_each_server_lists_its_tools(setting, name, transport):
    setting.need(name)

    async def use():
        async with connect(setting.gateway, name, transport) as client:
            assert TOOLS[name] in {tool.name for tool in (await client.list_tools()).tools}

    asyncio.run(use())


def test_two_databases_answer_sql_each_for_itself(setting):
    setting.need("postgres", "timescaledb")
    table = f"marks_{uuid.uuid4().hex}"

    async def run(client, sql):
        return text_of(await client.call_tool("execute_sql", {"sql": sql}))

    async def use():
        async with (
            connect(setting.gateway, "postgres", "sse") as postgres,
            connect(setting.gateway, "timescaledb", "mcp") as timescaledb,
        ):
            assert await run(postgres, WHO) != await run(timescaledb, WHO)
            await run(postgres, f"CREATE TABLE {table} (mark text)")
            await run(postgres, f"INSERT INTO {table} VALUES ('only here')")
            assert "only here" in await run(postgres, f"SELECT mark FROM {table}")
            assert "does not exist" in await run(timescaledb, f"SELECT mark FROM {table}")
            assert "365" in await run(timescaledb, "SELECT count(*) FROM readings")
            await run(postgres, f"DROP TABLE {table}")

    asyncio.run(use())


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_page_is_fetched(setting, transport):
    setting.need("fetch")

    async def use():
        async with connect(setting.gateway, "fetch", transport) as client:
            text = text_of(await client.call_tool("fetch", {"url": setting.page_url, "raw": True}))
            assert "A page of our own" in text and "Grüße 😀" in text

    asyncio.run(use())


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_file_is_written_and_read(setting, transport):
    setting.need("filesystem")

    async def use():
        async with connect(setting.gateway, "filesystem", transport) as client:
            path, content = setting.files / f"{uuid.uuid4()}.txt", "Grüße 😀\n" * 1000
            text_of(await client.call_tool("write_file", {"path": str(path), "content": content}))
            assert path.read_text(encoding="utf-8") == content
            read = json.loads(text_of(await client.call_tool("read_file", {"path": str(path)})))
            assert read["content"] == content

    asyncio.run(use())


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_browser_shows_a_page(setting, transport):
    setting.need("playwright")

    async def use():
        async with connect(setting.gateway, "playwright", transport) as client:
            text_of(await client.call_tool("browser_navigate", {"url": setting.page_url}))
            snapshot = text_of(await client.call_tool("browser_snapshot", {}))
            assert 'heading "A page of our own"' in snapshot and "Grüße 😀" in snapshot

    asyncio.run(use())


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_workflow_goes_across_three_servers(setting, transport):
    """A page is fetched, its heading kept in a database, and what the database answers is written to a file."""
    setting.need("fetch", "postgres", "filesystem")
    table, report = f"headings_{uuid.uuid4().hex}", setting.files / f"{uuid.uuid4()}.txt"

    async def use():
        async with (
            connect(setting.gateway, "fetch", transport) as fetch,
            connect(setting.gateway, "postgres", transport) as postgres,
            connect(setting.gateway, "filesystem", transport) as filesystem,
        ):
            page = text_of(await fetch.call_tool("fetch", {"url": setting.page_url, "raw": True}))
            heading = page.split("<h1>")[1].split("</h1>")[0]
            for sql in (f"CREATE TABLE {table} (heading text)", f"INSERT INTO {table} VALUES ('{heading}')"):
                await postgres.call_tool("execute_sql", {"sql": sql})
            query = {"sql": f"SELECT upper(heading) AS heading, length(heading) AS length FROM {table}"}
            rows = text_of(await postgres.call_tool("execute_sql", query))
            text_of(await filesystem.call_tool("write_file", {"path": str(report), "content": rows}))

    asyncio.run(use())
    assert report.read_text() == "[{'heading': 'A PAGE OF OUR OWN', 'length': 17}]"
