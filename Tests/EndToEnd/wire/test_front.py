"""The HTTP front as a socket sees it."""

import asyncio
import json

import pytest

from support import http1, messages
from support.gateway import fixture
from support.http1 import Connection, request
from support.messages import call
from support.sessions import BOTH, LegacySession, legacy

JSON = {"Content-Type": "application/json", "Accept": BOTH}


@pytest.fixture
def ask(start):
    """ask(method, target, headers, body): one request to a gateway with a server called fixture."""
    with start({"fixture": fixture()}) as gateway:

        def one(method, target, headers=None, body=""):
            return asyncio.run(request(gateway.port, method, target, headers, body))

        one.gateway = gateway
        yield one


def test_16_27_the_endpoint_is_relative_and_both_spellings_of_a_path_work(start):
    async def use(gateway):
        for path in ("sse", "sse/"):
            session = await LegacySession.open(gateway.port, "fixture", path=path)
            assert session.endpoint.startswith("/fixture/message?sessionId=")
            assert session.head.headers["content-type"].startswith("text/event-stream")
            assert "no-cache" in session.head.headers["cache-control"]
            assert session.head.headers["x-accel-buffering"] == "no"
            session.endpoint = session.endpoint.replace("/message?", "/message/?")
            answer = await session.initialize(version="2024-11-05")
            assert answer["result"]["protocolVersion"] == "2024-11-05"
            assert {event.name for event in session.events[1:]} == {"message"}
            assert not any(event.id for event in session.events)
            await session.close()
        for path in ("/fixture/mcp", "/fixture/mcp/"):
            response = await request(gateway.port, "POST", path, JSON, messages.initialize())
            assert response.status == 200

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_the_base_path_of_base_url_is_in_the_routes_and_in_the_endpoint(start):
    async def use(gateway):
        session = await LegacySession.open(gateway.port, "gw/fixture")
        assert session.endpoint.startswith("/gw/fixture/message?sessionId=")
        await session.initialize()
        await session.close()

    with start({"fixture": fixture()}, baseURL="http://proxy.example/gw") as gateway:
        asyncio.run(use(gateway))


def test_20_wrong_methods_are_405_and_say_the_right_one(ask):
    posted = ask("POST", "/fixture/sse", JSON, messages.initialize())
    assert (posted.status, posted.headers["allow"]) == (405, "GET")
    got = ask("GET", "/fixture/message?sessionId=x")
    assert (got.status, got.headers["allow"]) == (405, "POST")
    assert ask("PUT", "/fixture/mcp", JSON, "{}").status == 405


def test_19_missing_and_unknown_sessions(ask):
    body = messages.request("1", "ping")
    assert ask("POST", "/fixture/message", JSON, body).status == 400
    assert ask("POST", "/fixture/message?sessionId=0123456789abcdef", JSON, body).status == 404
    assert ask("POST", "/fixture/mcp", JSON, body).status == 400
    assert ask("POST", "/fixture/mcp", JSON | {"Mcp-Session-Id": "nobody"}, body).status == 404


def test_12_an_unknown_server_is_404_without_a_json_rpc_body(ask):
    response = ask("POST", "/nobody/mcp", JSON, messages.initialize())
    assert response.status == 404
    assert "jsonrpc" not in response.text


def test_1_2_3_4_origin_and_host(ask):
    port = ask.gateway.port

    def status(**headers):
        return ask("POST", "/fixture/mcp", JSON | headers, messages.initialize()).status

    assert status() == 200
    assert status(Host=f"localhost:{port}") == 200
    assert status(Host=f"[::1]:{port}") == 200
    assert 400 <= status(Host="evil.example.com") < 500
    assert status(Origin="http://evil.example") == 403
    assert status(Origin="null") == 403
    assert status(Origin=f"http://localhost:{port}") == 200


def test_14_24_a_preflight_needs_no_token_and_permits_what_mcp_needs(start):
    origin = "http://linuxserver.lan:8080"

    async def use(gateway):
        response = await request(
            gateway.port,
            "OPTIONS",
            "/fixture/mcp",
            {
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,mcp-session-id,mcp-param-x",
            },
        )
        assert response.status in (200, 204)
        assert response.headers["access-control-allow-origin"] == origin
        assert {"GET", "POST", "DELETE"} <= set(response.headers["access-control-allow-methods"].split(", "))
        allowed = response.headers["access-control-allow-headers"].lower()
        for name in ("authorization", "mcp-session-id", "mcp-protocol-version", "last-event-id", "mcp-param-x"):
            assert name in allowed
        refused = await request(gateway.port, "POST", "/fixture/mcp", JSON | {"Origin": origin}, messages.initialize())
        assert refused.status == 401
        # Without these a browser would show its user a CORS error in place of the 401.
        assert refused.headers["access-control-allow-origin"] == origin
        assert "mcp-session-id" in refused.headers["access-control-expose-headers"].lower()

    options = {"authTokens": ["secret"], "cors": {"origins": ["http://linuxserver.lan:*"]}}
    with start({"fixture": fixture()}, options=options) as gateway:
        asyncio.run(use(gateway))


def test_tokens_of_the_gateway_and_of_a_server(start):
    async def use(gateway):
        async def status(name, authorization=None):
            headers = JSON | ({"Authorization": authorization} if authorization is not None else {})
            response = await request(gateway.port, "POST", f"/{name}/mcp", headers, messages.initialize())
            if response.status == 401:
                assert response.headers["www-authenticate"].lower().startswith("bearer")
            return response.status

        assert await status("inheriting") == 401
        assert await status("inheriting", "Bearer shared") == 200
        assert await status("inheriting", "bearer shared") == 200
        assert await status("inheriting", "shared") == 200
        assert await status("inheriting", "Bearer shared2") == 401
        assert await status("own", "Bearer shared") == 401
        assert await status("own", "Bearer own-token") == 200
        assert (await request(gateway.port, "GET", "/inheriting/sse")).status == 401

    servers = {"inheriting": fixture(), "own": fixture(options={"authTokens": ["own-token"]})}
    with start(servers, options={"authTokens": ["shared"]}) as gateway:
        asyncio.run(use(gateway))
        assert "own-token" not in gateway.log


def test_59_25_a_session_belongs_to_the_token_that_opened_it(start):
    async def use(gateway):
        mine, theirs = {"Authorization": "Bearer mine"}, {"Authorization": "Bearer theirs"}
        opened = await request(gateway.port, "POST", "/fixture/mcp", JSON | mine, messages.initialize())
        id = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        ping = messages.request("2", "ping")
        assert (await request(gateway.port, "POST", "/fixture/mcp", JSON | theirs | id, ping)).status == 404
        assert (await request(gateway.port, "POST", "/fixture/mcp", JSON | mine | id, ping)).status == 200
        async with legacy(gateway, headers=mine) as session:
            stolen = await request(gateway.port, "POST", session.endpoint, JSON | theirs, ping)
            assert stolen.status == 404

    with start({"fixture": fixture()}, options={"authTokens": ["mine", "theirs"]}) as gateway:
        asyncio.run(use(gateway))


def test_health_and_summary_are_open_and_tell_details_only_with_a_token(start):
    async def use(gateway):
        async def get(path, **headers):
            return await request(gateway.port, "GET", path, headers)

        for path in ("/", "/livez", "/readyz", "/healthz", "/_healthz", "/_readyz"):
            assert (await get(path)).status == 200, path
        assert "backroom" not in (await get("/healthz")).text
        detail = await get("/healthz", Authorization="Bearer secret")
        assert "backroom" in detail.text and isinstance(json.loads(detail.text), dict)
        missing = await get("/.well-known/oauth-protected-resource")
        assert missing.status == 404
        assert missing.headers["content-type"].startswith("application/json")

    with start({"backroom": fixture()}, options={"authTokens": ["secret"]}) as gateway:
        asyncio.run(use(gateway))


def test_6_a_post_that_is_not_json_by_its_type_is_415(ask):
    assert ask("POST", "/fixture/mcp", JSON | {"Content-Type": "text/plain"}, messages.initialize()).status == 415


@pytest.mark.parametrize(
    "body",
    ["{", '{"jsonrpc":"2.0",', "nonsense", '{"a":"\\ud83d"', "[" * 100_000, '{"a":' * 100_000, '{"jsonrpc":"2.0"} x'],
    ids=["brace", "truncated", "nonsense", "open string", "deep arrays", "deep objects", "two values"],
)
def test_8_what_is_not_json_is_400_with_32700(ask, body):
    response = ask("POST", "/fixture/mcp", JSON, body)
    assert response.status == 400
    assert json.loads(response.text)["error"]["code"] == -32700
    assert ask("POST", "/fixture/mcp", JSON, messages.initialize()).status == 200


@pytest.mark.parametrize("id", ["null", "1.5", "{}", "[1]", "true"])
def test_9_an_id_of_a_wrong_type_is_400_with_32600(ask, id):
    response = ask("POST", "/fixture/mcp", JSON, messages.initialize(id=id))
    assert response.status == 400
    assert json.loads(response.text)["error"]["code"] == -32600


def test_7_a_body_over_the_limit_is_413_and_harms_nobody(start):
    async def use(gateway):
        async with legacy(gateway) as bystander:
            connection = await Connection.open(gateway.port)
            size = (16 << 20) + 1
            head = f"POST /fixture/mcp HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\n"
            await connection.send(f"{head}Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode())
            answer = asyncio.create_task(connection.read_head())
            try:
                for _ in range(size >> 16):
                    await connection.send(b" " * (1 << 16))
            except ConnectionError:
                pass  # It may hang up once it has said why.
            assert (await asyncio.wait_for(answer, 10)).status == 413
            await connection.close()
            assert "result" in await bystander.ask(call("1", "echo"))

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_headers_over_the_limit_are_431(ask):
    assert ask("GET", "/fixture/sse", {"X-Long": "x" * 90_000}).status == 431


def test_clients_that_hang_up_anywhere_in_a_request_harm_nobody(start):
    async def use(gateway):
        body = messages.initialize().encode()
        whole = (
            f"POST /fixture/mcp HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\nContent-Type: application/json\r\n"
            f"Accept: {BOTH}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        for length in range(0, len(whole) + 1, 23):
            connection = await Connection.open(gateway.port)
            await connection.send(whole[:length])
            await connection.close()
        async with legacy(gateway) as session:
            assert "result" in await session.ask(call("1", "echo"))

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_request_that_comes_byte_by_byte_and_two_requests_in_one_packet(start):
    async def use(gateway):
        head = f"GET /livez HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\n\r\n".encode()
        connection = await Connection.open(gateway.port)
        for byte in head:
            await connection.send(bytes([byte]))
        assert (await connection.read_response()).status == 200
        await connection.send(head + head)
        assert (await connection.read_response()).status == 200
        assert (await connection.read_response()).status == 200
        await connection.close()

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_35_36_37_38_39_the_life_of_a_streamable_session(start):
    async def use(gateway):
        async def post(body, **headers):
            return await request(gateway.port, "POST", "/fixture/mcp", JSON | headers, body)

        one, other = await post(messages.initialize()), await post(messages.initialize())
        id = one.headers["mcp-session-id"]
        assert id != other.headers["mcp-session-id"]
        assert len(id) >= 16 and all(0x21 <= ord(character) <= 0x7E for character in id)
        session = {"Mcp-Session-Id": id}
        accepted = await post(messages.INITIALIZED, **session)
        assert (accepted.status, accepted.body) == (202, b"")
        ping = messages.request("2", "ping")
        assert json.loads((await post(ping, **session)).text) == {"jsonrpc": "2.0", "id": 2, "result": {}}
        assert (await post(ping)).status == 400
        assert (await post(ping, **session, **{"MCP-Protocol-Version": "1999-01-01"})).status == 400
        deleted = await request(gateway.port, "DELETE", "/fixture/mcp", session)
        assert 200 <= deleted.status < 300
        assert (await post(ping, **session)).status == 404
        assert (await request(gateway.port, "DELETE", "/fixture/mcp", session)).status == 404
        stream = {"Accept": "text/event-stream"}
        assert (await request(gateway.port, "GET", "/fixture/mcp", session | stream)).status == 404

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_27_each_legacy_revision_is_spoken_and_others_get_the_newest(start):
    async def use(gateway):
        asked = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "1999-01-01", "2026-07-28"]
        for version, expected in zip(asked, [*asked[:4], "2025-11-25", "2025-11-25"]):
            response = await request(
                gateway.port, "POST", "/fixture/mcp", JSON, messages.initialize(version=version)
            )
            assert f'"protocolVersion":"{expected}"' in response.text.replace('": "', '":"'), version

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_44_a_list_change_reaches_each_session_once(start):
    async def use(gateway):
        # The gateway may tell of a change itself when the server becomes ready.
        async with legacy(gateway) as early:
            await early.ask(call("1", "echo"))
        async with legacy(gateway) as one, legacy(gateway) as other:
            await one.ask(call("1", "list_changed", {"what": "tools"}))
            for session in (one, other):
                await session.wait_for(lambda m: m.get("method") == "notifications/tools/list_changed")
                await session.ask(call('"later"', "echo"))
                assert sum("list_changed" in text and '"method"' in text for text in session.received) == 1

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_tool_filter_holds_on_list_and_on_call(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            answer = await session.ask(messages.request("1", "tools/list"))
            assert [tool["name"] for tool in answer["result"]["tools"]] == ["echo"]
            assert "result" in await session.ask(call("2", "echo"))
            assert "error" in await session.ask(call("3", "environment"))
            lines = await session.ask(call("4", "received", {"method": "tools/call"}))
            assert "error" in lines

    allowed = {"toolFilter": {"mode": "allow", "list": ["echo"]}}
    with start({"fixture": fixture(options=allowed)}) as gateway:
        asyncio.run(use(gateway))
