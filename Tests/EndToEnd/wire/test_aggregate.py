"""Several servers behind one endpoint: all of them at /mcp and /sse, some of them at /group/NAME/mcp."""

import asyncio
import itertools
import json
import re
import signal
import time

import pytest

from support import http1, messages, sessions
from support.gateway import FIXTURE_SERVER, configuration, fixture

# A session answers to each id once.
IDS = (f'"own {number}"' for number in itertools.count())
LEGAL = re.compile(r"^[A-Za-z0-9_-]{1,52}$")


def named(name: str, **keys) -> dict:
    """A server whose process can be told by its command line."""
    return fixture("--name", name, **keys)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def listed(session, kind: str = "tools") -> list[str]:
    answer = await session.ask(messages.request(next(IDS), f"{kind}/list"))
    return [entry["name"] for entry in answer["result"][kind]]


async def refusal(session, tool: str) -> dict:
    return (await session.ask(messages.call(next(IDS), tool)))["error"]


@pytest.mark.parametrize("kind", sessions.TRANSPORTS)
def test_151_153_servers_with_the_same_tools_are_both_called_by_name(start, kind):
    async def use(gateway):
        async with sessions.TRANSPORTS[kind](gateway, "") as session:
            tools = await listed(session)
            assert len(set(tools)) == len(tools) and all(LEGAL.match(name) for name in tools)
            one = [name.removeprefix("one__") for name in tools if name.startswith("one__")]
            other = [name.removeprefix("team_other__") for name in tools if name.startswith("team_other__")]
            assert one == other and len(one) + len(other) == len(tools) and "echo" in one
            answer = await session.ask(messages.call('"x"', "team_other__environment"))
            assert "second" in answer["result"]["content"][0]["text"]
            big = await session.ask(messages.call("7", "one__echo", '{"n":9007199254740993,"x":1.50}'))
            assert big["id"] == 7 and '"n":9007199254740993,"x":1.50' in messages.text_of(big)

    with start({"one": named("first"), "team/other": named("second")}) as gateway:
        asyncio.run(use(gateway))


def test_152_names_are_the_same_after_a_restart_whatever_else_there_is(start):
    async def names(gateway):
        async with sessions.streamable(gateway, "") as session:
            return [name for name in await listed(session) if name.startswith("a-server-with")]

    long = "a-server-with-such-a-long-name-that-little-room-is-left"
    with start({long: named("first")}) as gateway:
        alone = asyncio.run(names(gateway))
    with start({"another": named("second"), long: named("first")}) as gateway:
        assert asyncio.run(names(gateway)) == alone
    assert alone and all(LEGAL.match(name) for name in alone)
    assert all(re.search(r"_[0-9a-f]{8}$", name) for name in alone)


def test_expose_gives_names_and_descriptions_and_hides(start):
    async def use(gateway):
        async with sessions.streamable(gateway, "") as session:
            answer = await session.ask(messages.request("1", "tools/list"))
            tools = {tool["name"]: tool for tool in answer["result"]["tools"]}
            assert tools["say"]["description"] == "Says it again." and "inputSchema" in tools["say"]
            assert "f__sleep" in tools and "f__crash" not in tools and "f__echo" not in tools
            assert not any(name.startswith("apart") for name in tools)
            assert "heard" in messages.text_of(await session.ask(messages.call("2", "say", {"text": "heard"})))
            assert (await refusal(session, "f__crash"))["code"] == -32602
        # Alone it is what it always was.
        async with sessions.streamable(gateway, "fixture") as session:
            assert {"echo", "crash"} <= set(await listed(session))

    expose = {
        "prefix": "f",
        "tools": {"echo": {"name": "say", "description": "Says it again."}, "crash": {"hidden": True}},
    }
    servers = {"fixture": fixture(expose=expose), "apart": fixture(expose={"inAll": False})}
    with start(servers) as gateway:
        asyncio.run(use(gateway))


def test_groups_have_their_own_servers_and_all_can_be_switched_off(start):
    async def use(gateway):
        async with sessions.legacy(gateway, "group/some") as session:
            prefixes = {name.split("__")[0] for name in await listed(session)}
            assert prefixes == {"b", "c"}
            assert "result" in await session.ask(messages.call("1", "c__echo"))
        response = await http1.request(gateway.port, "GET", "/sse", {"Accept": "text/event-stream"})
        assert response.status == 404, response
        # A server of that name is where it always was.
        async with sessions.streamable(gateway, "mcp") as session:
            assert "echo" in await listed(session)

    with start(
        {"mcp": fixture(), "b": fixture(), "c": fixture(expose={"inAll": False})},
        aggregate={"enabled": False},
        groups={"some": {"servers": ["b", "c"]}},
    ) as gateway:
        asyncio.run(use(gateway))


def test_155_one_server_down_spoils_nothing_and_its_return_is_told(start, tmp_path):
    program = tmp_path / "server"

    async def use(gateway):
        async with sessions.legacy(gateway, "") as session:
            tools = await listed(session)
            assert any(name.startswith("well__") for name in tools)
            assert not any(name.startswith("gone__") for name in tools)
            assert "gone" in (await refusal(session, "gone__echo"))["message"]
            program.symlink_to(FIXTURE_SERVER)
            await session.wait_for(lambda message: message.get("method") == "notifications/tools/list_changed")
            assert "gone__echo" in await listed(session)
            assert "result" in await session.ask(messages.call("1", "gone__echo"))
            # One that dies and is back at once keeps its place.
            lost = await session.ask(messages.call("2", "gone__crash"))
            assert lost["result"]["isError"] and "gone" in messages.text_of(lost)
            assert "gone__echo" in await listed(session)
            assert "result" in await session.ask(messages.call("3", "gone__echo"))

    servers = {"well": named("well"), "gone": {"command": str(program)}}
    with start(servers) as gateway:
        asyncio.run(use(gateway))


def test_158_a_server_that_hangs_delays_initialize_by_a_bounded_time(start):
    async def use(gateway):
        began = time.monotonic()
        async with sessions.streamable(gateway, "") as session:
            # Calls would wait for eight seconds for its first start.
            assert time.monotonic() - began < 7.5
            tools = await listed(session)
            assert any(name.startswith("well__") for name in tools)
            capabilities = session.description["result"]["capabilities"]
            assert capabilities["tools"] == {"listChanged": True} and "prompts" in capabilities

    with start({"well": fixture(), "hung": fixture("--hang-on-initialize")}) as gateway:
        asyncio.run(use(gateway))


def test_159_lists_come_in_pages_whose_cursors_are_opaque(start):
    async def use(gateway):
        async with sessions.streamable(gateway, "") as session:
            everything, cursor, pages = [], None, 0
            while pages == 0 or cursor:
                params = json.dumps({"cursor": cursor} if cursor else {})
                result = (await session.ask(messages.request(str(pages + 1), "tools/list", params)))["result"]
                everything += [tool["name"] for tool in result["tools"]]
                assert len(result["tools"]) <= 5
                cursor, pages = result.get("nextCursor"), pages + 1
            assert len(set(everything)) == len(everything) > 5
            wrong = await session.ask(messages.request("99", "tools/list", '{"cursor":"made up"}'))
            assert wrong["error"]["code"] == -32602

    # The servers' own pages are followed, too.
    with start({"a": fixture("--page-size", "2"), "b": fixture()}, aggregate={"pageSize": 5}) as gateway:
        asyncio.run(use(gateway))


def test_a_client_sees_and_calls_the_servers_that_take_its_token(start):
    async def use(gateway):
        async def prefixes(headers):
            async with sessions.streamable(gateway, "", headers=headers) as session:
                return {name.split("__")[0] for name in await listed(session)}

        assert await prefixes(bearer("A")) == {"a", "open"}
        assert await prefixes(bearer("B")) == {"b", "open"}
        assert await prefixes({}) == {"open"}
        async with sessions.streamable(gateway, "", headers=bearer("A")) as session:
            assert "result" in await session.ask(messages.call("1", "a__echo"))
            assert (await refusal(session, "b__echo"))["code"] == -32602
            # A session is its opener's.
            stolen = await session.post(messages.request("2", "ping"), bearer("B"))
            assert stolen.status == 404, stolen
        headers = {"Content-Type": "application/json", "Accept": sessions.BOTH}
        for token in [{}, bearer("C")]:
            refused = await http1.request(
                gateway.port, "POST", "/group/closed/mcp", headers | token, messages.initialize()
            )
            assert refused.status == 401, refused

    servers = {
        "a": fixture(options={"authTokens": ["A"]}),
        "b": fixture(options={"authTokens": ["B"]}),
        "open": fixture(),
    }
    with start(servers, groups={"closed": {"servers": ["a", "b"]}}) as gateway:
        asyncio.run(use(gateway))


def test_filters_and_guards_hold_here_too(start):
    async def use(gateway):
        # A proxy on this machine says that it asks for somebody else.
        async with sessions.streamable(gateway, "", headers={"X-Forwarded-For": "192.0.2.1"}) as session:
            tools = await listed(session)
            assert "f__echo" in tools and "f__sleep" not in tools
            assert (await refusal(session, "f__sleep"))["code"] == -32602
            assert not any(name.startswith("gateway__restart") for name in tools)
        async with sessions.streamable(gateway, "") as session:
            assert any(name.startswith("gateway__restart") for name in await listed(session))

    filtered = fixture(options={"toolFilter": {"mode": "allow", "list": ["echo"]}})
    with start({"f": filtered, "gateway": {"builtin": "gateway"}}) as gateway:
        asyncio.run(use(gateway))


def test_a_reload_changes_groups_and_names_under_sessions_that_go_on(start):
    servers = {"a": named("first"), "b": named("second")}

    async def use(gateway):
        async with sessions.legacy(gateway, "group/g") as session:
            assert {name.split("__")[0] for name in await listed(session)} == {"a"}
            changed = {"a": named("first", expose={"prefix": "z"}), "b": named("second")}
            groups = {"g": {"servers": ["b", "a"]}}
            gateway.file.write_text(json.dumps(configuration(changed, groups=groups)))
            gateway.signal(signal.SIGHUP)
            await session.wait_for(lambda message: message.get("method") == "notifications/tools/list_changed")
            names = await listed(session)
            assert names[0].startswith("b__") and {name.split("__")[0] for name in names} == {"b", "z"}
            assert "result" in await session.ask(messages.call("1", "z__echo"))
            gateway.file.write_text(json.dumps(configuration(changed)))
            gateway.signal(signal.SIGHUP)
            # The group is gone, and its sessions with it.
            await asyncio.wait_for(session.reading, 20)

    with start(servers, groups={"g": {"servers": ["a"]}}) as gateway:
        asyncio.run(use(gateway))


def test_153_154_the_same_resource_of_two_servers_has_two_names(start):
    async def use(gateway):
        async with sessions.streamable(gateway, "") as session:
            answer = await session.ask(messages.request("1", "resources/list"))
            uris = [entry["uri"] for entry in answer["result"]["resources"]]
            shared = [uri for uri in uris if not uri.startswith("mcp+")]
            assert shared and [uri for uri in uris if uri not in shared] == [f"mcp+two:{uri}" for uri in shared]
            for uri in uris:
                read = await session.ask(messages.request(next(IDS), "resources/read", json.dumps({"uri": uri})))
                assert [content["uri"] for content in read["result"]["contents"]] == [uri]
            answer = await session.ask(messages.request("2", "resources/templates/list"))
            templates = [entry["uriTemplate"] for entry in answer["result"]["resourceTemplates"]]
            assert len(set(templates)) == len(templates) and any(text.startswith("mcp+two:") for text in templates)
            unknown = await session.ask(messages.request("3", "resources/read", '{"uri":"nowhere://1"}'))
            assert unknown["error"]["code"] == -32002

    with start({"one": fixture(), "two": fixture()}) as gateway:
        asyncio.run(use(gateway))
