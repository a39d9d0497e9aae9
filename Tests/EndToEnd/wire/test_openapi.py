"""Tools over plain HTTP, with OpenAPI documents: below /openapi/, and at mcpo's paths on an address of their own."""

import asyncio
import base64
import hashlib
import json
import re
import signal
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from support import http1, open_webui
from support.gateway import fixture, installed

SERVER = Path(__file__).parents[1] / "servers" / "plain_tools.py"
JSON = {"Content-Type": "application/json"}


def plain(**keys) -> dict:
    return {"command": sys.executable, "args": [str(SERVER)], **keys}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def get(port: int, target: str, headers: dict[str, str] | None = None) -> http1.Response:
    return asyncio.run(http1.request(port, "GET", target, headers))


def post(port: int, target: str, arguments: object = None, headers: dict[str, str] | None = None) -> http1.Response:
    body = b"" if arguments is None else json.dumps(arguments).encode()
    return asyncio.run(http1.request(port, "POST", target, JSON | (headers or {}), body))


def call(port: int, target: str, arguments: object = None, headers: dict[str, str] | None = None):
    response = post(port, target, arguments, headers)
    assert response.status == 200, response
    return json.loads(response.text)


def wait_until_ready(gateway, *names: str) -> None:
    """Programs take their time to start on a busy machine, longer than a call waits for them."""
    for name in names:
        gateway.wait_for_log(rf"{name}: server ready", seconds=60)


def own_port(gateway) -> int:
    """Where there is nothing but OpenAPI tools."""
    return int(gateway.wait_for_log(r"listening on http://127\.0\.0\.1:(\d+): .*OpenAPI").group(1))


def document(port: int, root: str, key: str | None = None) -> dict:
    return asyncio.run(open_webui.fetch(port, f"http://any{root}", key))


@pytest.fixture
def gateway(start):
    with start({"plain": plain()}, openapi={"addr": "127.0.0.1:0"}) as gateway:
        wait_until_ready(gateway, "plain")
        yield gateway


def test_open_webui_understands_the_schemas(gateway):
    spec = document(gateway.port, "/openapi/plain")
    assert spec["info"] == {"title": "plain", "version": "1.0", "description": "Use them <b>well</b>."}
    listed = call(gateway.port, "/openapi/plain/answer?raw=1", {"result": {"content": []}})
    assert listed == {"content": []}
    for follows in (False, True):
        tools = open_webui.tools(spec, follows_alternatives=follows)
        assert set(tools) == {
            "tool_answer_post", "tool_nothing_post", "tool_order_post", "tool_grow_post", "tool_draft_07_post",
            "tool_draft_07_post_2", "tool_with_slash_and__braces__post", "tool_a_b___2J___post", "tool_anything_post",
            "tool_wait_post", "tool_seen_post", "tool_die_post",
        }  # fmt: skip
        assert "$ref" not in json.dumps(tools["tool_grow_post"]) + json.dumps(tools["tool_draft_07_post"])
    assert "$ref" not in json.dumps(tools)
    order = tools["tool_order_post"]["parameters"]
    assert order["properties"]["amount"] == {"type": "integer", "minimum": 1, "maximum": 9007199254740993}
    assert order["required"] == ["amount"]
    assert order["properties"]["way"]["anyOf"][0] == {"enum": ["post", "mail"]}
    # What a model sees accepts and refuses what the tool does.
    validator = Draft202012Validator(order)
    assert validator.is_valid({"amount": 3, "addresses": [{"street": "ab"}], "way": None})
    assert not validator.is_valid({"amount": 3, "addresses": [{"street": "a"}]})
    assert not validator.is_valid({"amount": 3, "way": "air"})
    assert not validator.is_valid({"amount": 0})
    tree = Draft202012Validator(tools["tool_grow_post"]["parameters"])
    assert tree.is_valid({"tree": {"name": "a", "children": [{"name": "b", "children": []}]}})
    assert not tree.is_valid({"tree": {"name": 1}})
    same = Draft202012Validator(tools["tool_draft_07_post"]["parameters"])
    assert same.is_valid({"from": "a", "to": "b"}) and not same.is_valid({"from": "a", "to": "B"})


def test_every_tool_is_called_as_open_webui_calls_it(gateway):
    async def use():
        url = "http://any/openapi/plain"
        spec = await open_webui.fetch(gateway.port, url)
        for name, given, tool in (
            ("tool_nothing_post", {}, "nothing"),
            ("tool_draft_07_post", {"from": "a", "to": "b"}, "draft-07"),
            ("tool_draft_07_post_2", {"other": True}, "draft_07"),
            ("tool_with_slash_and__braces__post", {"a": "ü"}, "with/slash and {braces}"),
            ("tool_a_b___2J___post", {}, "a\\b\n\x1b[2J\x7f\x00"),
            ("tool_anything_post", {"b": [1]}, "anything"),
        ):
            answer = await open_webui.call(gateway.port, url, spec, name, given)
            assert answer == {"tool": tool, "arguments": given}
        failed = {"result": {"isError": True, "content": [{"type": "text", "text": "no"}]}}
        answer = await open_webui.call(gateway.port, url, spec, "tool_answer_post", failed)
        assert answer == {"error": 'HTTP error 500: {"detail":{"message":"no"}}'}

    asyncio.run(use())


def test_a_tool_that_no_path_can_lead_to_is_in_no_document_and_logged_once(gateway):
    for _ in range(3):
        paths = document(gateway.port, "/openapi/plain")["paths"]
        assert "/." not in paths and "/.." not in paths and "/nothing" in paths
        page = get(gateway.port, "/openapi/plain/docs")
        assert page.status == 200 and "/openapi/plain/..<" not in page.text
    told = [line for line in gateway.log.splitlines() if "left out of its OpenAPI document" in line]
    assert sorted(re.search(r"plain: .* tool=(\S+)", line).group(1) for line in told) == [".", ".."]
    # Whoever sends the path as it is gets there.
    assert call(gateway.port, "/openapi/plain/..", {})["tool"] == ".."


def test_arguments_and_answers_keep_their_bytes(gateway):
    body = b'{ "n":9007199254740993,"x":1.50,"n2":1e400 }'
    response = asyncio.run(http1.request(gateway.port, "POST", "/openapi/plain/order", JSON, body))
    # The server has read and written them with Python, which keeps the first two.
    assert '"n": 9007199254740993, "x": 1.5, "n2": Infinity' in json.loads(response.text)
    text = '{"n":12345678901234567890123, "x":1.50}'
    answer = {"result": {"content": [{"type": "text", "text": text}]}}
    assert post(gateway.port, "/openapi/plain/answer", answer).text == text


def test_codes_of_errors_are_those_of_mcpo(gateway):
    for code, status in ((-32700, 400), (-32600, 400), (-32601, 404), (-32602, 422), (-32603, 500), (7, 500)):
        error = {"code": code, "message": "as asked", "data": [1]}
        response = post(gateway.port, "/openapi/plain/answer", {"error": error})
        assert (response.status, json.loads(response.text)) == (
            status,
            {"detail": {"message": "as asked", "data": [1]}},
        )
    for method, target, status, words in (
        ("POST", "/openapi/plain/none", 404, {"message": "Unknown tool: none"}),
        ("GET", "/openapi/none/openapi.json", 404, "Not Found"),
        ("POST", "/openapi/none/x", 404, "Not Found"),
        ("GET", "/openapi/plain/nothing", 405, "Method Not Allowed"),
        ("PUT", "/openapi/plain/nothing", 405, "Method Not Allowed"),
    ):
        response = asyncio.run(http1.request(gateway.port, method, target, JSON))
        assert (response.status, json.loads(response.text)) == (status, {"detail": words}), target
    for body, type in ((b"[1", "json_invalid"), (b"[1]", "model_attributes_type"), (b'"a"', "model_attributes_type")):
        response = asyncio.run(http1.request(gateway.port, "POST", "/openapi/plain/nothing", JSON, body))
        assert response.status == 422 and json.loads(response.text)["detail"][0]["type"] == type


def test_keys_are_asked_for_as_by_mcpo_and_documents_need_one_too(start):
    servers = {"plain": plain(options={"authTokens": ["k"]}), "open": plain(options={"authTokens": []})}
    with start(servers) as gateway:
        wait_until_ready(gateway, "plain", "open")
        basic = {"Authorization": "Basic " + base64.b64encode(b"anybody:k").decode()}
        for method, target in (("POST", "/openapi/plain/nothing"), ("GET", "/openapi/plain/openapi.json")):
            for headers, status, words in (
                ({}, 401, "Missing or invalid Authorization header"),
                ({"Authorization": "Bearer "}, 401, "Missing or invalid Authorization header"),
                (bearer("other"), 403, "Invalid API key"),
                (bearer("k"), 200, None),
                (basic, 200, None),
            ):
                response = asyncio.run(http1.request(gateway.port, method, target, headers))
                assert response.status == status, (target, headers, response)
                if words:
                    assert json.loads(response.text) == {"detail": words}
                if status == 401:
                    assert response.headers["www-authenticate"] == 'Bearer, Basic realm="mcp-gateway"'
        spec = document(gateway.port, "/openapi/plain", "k")
        assert spec["components"]["securitySchemes"] == {"HTTPBearer": {"type": "http", "scheme": "bearer"}}
        assert spec["paths"]["/nothing"]["post"]["security"] == [{"HTTPBearer": []}]
        assert "securitySchemes" not in document(gateway.port, "/openapi/open")["components"]
        # A stranger is not told that there is a server that he may not use.
        assert "/plain/" not in json.dumps(document(gateway.port, "/openapi"))
        assert "/openapi/plain/docs" in document(gateway.port, "/openapi", "k")["info"]["description"]


def test_at_an_address_of_their_own_tools_are_at_the_paths_of_mcpo_and_nothing_else_is_there(gateway):
    port = own_port(gateway)
    assert call(port, "/plain/nothing") == {"tool": "nothing", "arguments": {}}
    assert document(port, "/plain")["servers"] == [{"url": "/plain"}]
    assert document(gateway.port, "/openapi/plain")["servers"] == [{"url": "/openapi/plain"}]
    assert get(port, "/plain/docs").status == get(port, "/docs").status == get(port, "/").status == 200
    assert get(port, "/livez").status == 200
    root = document(port, "")
    assert root["info"]["description"].endswith("- **available tools**:\n    - [plain](/plain/docs)")
    assert call(port, "/plain__nothing") == {"tool": "nothing", "arguments": {}}
    for target in ("/plain/mcp", "/plain/sse", "/mcp"):
        assert get(port, target, {"Accept": "text/event-stream"}).status == 405
    initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}
    response = post(port, "/plain/mcp", initialize)
    assert (response.status, json.loads(response.text)) == (404, {"detail": {"message": "Unknown tool: mcp"}})
    assert get(port, "/api/v1/status").status == 404


def test_several_servers_have_one_document(start):
    servers = {"one": plain(), "two": plain(), "three": plain(expose={"inAll": False})}
    with start(servers, groups={"some": {"servers": ["two", "three"]}}) as gateway:
        wait_until_ready(gateway, *servers)
        all = open_webui.tools(document(gateway.port, "/openapi"))
        assert "tool_one__nothing_post" in all and "tool_two__nothing_post" in all and len(all) == 28
        some = open_webui.tools(document(gateway.port, "/openapi/group/some"))
        assert "tool_three__order_post" in some and "tool_one__nothing_post" not in some
        assert call(gateway.port, "/openapi/two__nothing") == {"tool": "nothing", "arguments": {}}
        assert call(gateway.port, "/openapi/group/some/three__nothing", {}) == {"tool": "nothing", "arguments": {}}
        response = post(gateway.port, "/openapi/group/some/one__nothing", {})
        assert (response.status, json.loads(response.text)["detail"]["message"]) == (404, "Unknown tool: one__nothing")


def test_without_one_endpoint_for_all_the_root_only_links(start):
    with start({"plain": plain()}, aggregate={"enabled": False}, openapi={"operationIds": "plain"}) as gateway:
        wait_until_ready(gateway, "plain")
        root = document(gateway.port, "/openapi")
        assert root["paths"] == {} and "[plain](/openapi/plain/docs)" in root["info"]["description"]
        assert post(gateway.port, "/openapi/plain__nothing", {}).status == 404
        assert "nothing" in open_webui.tools(document(gateway.port, "/openapi/plain"))


def test_it_can_be_switched_off(start):
    with start({"plain": plain()}, openapi={"enabled": False, "addr": "127.0.0.1:0"}) as gateway:
        wait_until_ready(gateway, "plain")
        assert get(gateway.port, "/openapi/plain/openapi.json").status == 404
        assert "OpenAPI" not in gateway.log


def test_pages_of_other_origins_other_hosts_and_forms_are_refused(start):
    cors = {"cors": {"origins": ["http://chat.example"]}}
    with start({"plain": plain()}, options=cors) as gateway:
        wait_until_ready(gateway, "plain")
        target = "/openapi/plain/nothing"
        for headers, status in (
            ({"Origin": "http://evil.example"}, 403),
            ({"Host": "evil.example"}, 421),
            ({"Content-Type": "text/plain"}, 415),
            ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
            ({"Origin": "http://chat.example"}, 200),
        ):
            response = post(gateway.port, target, {}, headers)
            assert response.status == status, (headers, response)
            assert status == 200 or isinstance(json.loads(response.text)["detail"], str)
        asked = {
            "Origin": "http://chat.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        response = asyncio.run(http1.request(gateway.port, "OPTIONS", target, asked))
        assert response.status == 204 and response.headers["access-control-allow-origin"] == "http://chat.example"
        assert {"authorization", "content-type"} <= set(response.headers["access-control-allow-headers"].split(", "))
        assert call(gateway.port, "/openapi/plain/seen").get("nothing") == 1


def test_filtered_tools_are_neither_told_of_nor_called(start):
    block = plain(options={"toolFilter": {"mode": "block", "list": ["order"]}})
    with start({"plain": block}) as gateway:
        wait_until_ready(gateway, "plain")
        assert "tool_order_post" not in open_webui.tools(document(gateway.port, "/openapi/plain"))
        response = post(gateway.port, "/openapi/plain/order", {"amount": 1})
        assert (response.status, response.text) == (404, '{"detail":"Not Found"}')
        assert "order" not in call(gateway.port, "/openapi/plain/seen")


def test_a_call_that_killed_its_server_is_not_made_again(gateway):
    response = post(gateway.port, "/openapi/plain/die", {})
    assert response.status == 502 and "not repeated" in response.text, response
    seen = call(gateway.port, "/openapi/plain/seen")
    assert "die" not in seen, "the server's next life was sent it again"


def test_a_client_that_goes_cancels_its_call(gateway):
    async def use():
        connection = await http1.Connection.open(gateway.port)
        await connection.start("POST", "/openapi/plain/wait", JSON, b"{}")
        while not await seen("wait"):
            pass
        await connection.close()
        while not await seen("cancelled"):
            pass
        assert await seen("wait") == 1

    async def seen(what: str) -> int:
        response = await http1.request(gateway.port, "POST", "/openapi/plain/seen", JSON, b"{}")
        return json.loads(response.text).get(what, 0)

    async def bounded():
        async with asyncio.timeout(30):
            await use()

    asyncio.run(bounded())


def test_a_call_that_takes_too_long_is_504_and_a_server_that_is_away_503(start):
    servers = {
        "slow": plain(callTimeout="300ms"),
        "away": fixture("--exit-on-start", "3", restart={"initial": "30s", "max": "30s"}),
    }
    with start(servers) as gateway:
        wait_until_ready(gateway, "slow")
        response = post(gateway.port, "/openapi/slow/wait", {})
        assert response.status == 504, response
        assert json.loads(response.text)["detail"]["data"] == {"callTimeoutMs": 300}
        for response in (post(gateway.port, "/openapi/away/x", {}), get(gateway.port, "/openapi/away/openapi.json")):
            assert response.status == 503 and int(response.headers["retry-after"]) > 0
            assert "away" in json.loads(response.text)["detail"]["message"]


def test_a_call_in_flight_is_answered_when_the_gateway_stops(gateway):
    async def use():
        connection = await http1.Connection.open(own_port(gateway))
        await connection.start("POST", "/plain/wait", JSON, b"{}")
        while "wait" not in (await http1.request(gateway.port, "POST", "/openapi/plain/seen", JSON, b"{}")).text:
            pass
        gateway.signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            response = await connection.read_response()
        assert response.status == 502 and "the gateway is stopping" in response.text, response

    asyncio.run(use())


def test_calls_are_logged_like_any_other(start):
    with start({"plain": plain()}, options={"logEnabled": True}) as gateway:
        wait_until_ready(gateway, "plain")
        call(gateway.port, "/openapi/plain/nothing")
        gateway.wait_for_log(r"plain: request answered .*method=tools/call .*tool=nothing")
        get(gateway.port, "/openapi/plain/nothing")
        gateway.wait_for_log(r"plain: request refused .*endpoint=openapi .*status=405")


def test_behind_the_path_of_a_proxy_documents_say_so(start):
    with start({"plain": plain()}, baseURL="http://localhost/tools") as gateway:
        wait_until_ready(gateway, "plain")
        for target in ("/tools/openapi/plain", "/openapi/plain"):
            headers = {"Host": "localhost"}
            spec = json.loads(get(gateway.port, f"{target}/openapi.json", headers).text)
            assert spec["servers"] == [{"url": "/tools/openapi/plain"}]


def test_the_page_needs_nothing_from_elsewhere_and_its_style_is_the_one_that_its_policy_names(gateway):
    response = get(gateway.port, "/openapi/plain/docs")
    assert response.status == 200 and response.headers["content-type"] == "text/html; charset=utf-8"
    page = response.text
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response.headers["content-security-policy"]
    assert not re.search(r"<script|src=|https?://(?!json-schema\.org)", page)
    assert "Use them &lt;b&gt;well&lt;/b&gt;." in page and "POST /openapi/plain/with%2Fslash%20and%20%7Bbraces%7D" in page
    assert page.count("<section>") == 12


def test_real_servers(start):
    with start({"time": installed("mcp-server-time"), "fetch": installed("mcp-server-fetch")}) as gateway:
        wait_until_ready(gateway, "time", "fetch")

        async def use():
            url = "http://any/openapi/time"
            spec = await open_webui.fetch(gateway.port, url)
            assert set(open_webui.tools(spec)) == {"tool_get_current_time_post", "tool_convert_time_post"}
            now = await open_webui.call(
                gateway.port, url, spec, "tool_get_current_time_post", {"timezone": "Europe/Berlin"}
            )
            assert now["timezone"] == "Europe/Berlin"
            wrong = await open_webui.call(gateway.port, url, spec, "tool_get_current_time_post", {"timezone": "No/Where"})
            assert wrong["error"].startswith('HTTP error 500: {"detail":{"message":')
            fetch = open_webui.tools(await open_webui.fetch(gateway.port, "http://any/openapi/fetch"))
            # mcpo loses the format and the bounds.
            properties = fetch["tool_fetch_post"]["parameters"]["properties"]
            assert properties["url"]["format"] == "uri" and properties["max_length"]["maximum"] == 999999

        asyncio.run(use())
