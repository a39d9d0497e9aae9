"""That the tap at which all tests are held against the specification's schemas finds what is wrong, and whose it is."""

import asyncio
import json

import pytest

from support import messages, revisions
from support.gateway import fixture
from support.sessions import streamable
from support.tap import TAP, Conversation, Tap

OLDEST, LEGACY, MODERN = "2024-11-05", revisions.NEWEST_LEGACY, revisions.MODERN
TEXT = {"type": "text", "text": "hello"}
AUDIO = {"type": "audio", "data": "", "mimeType": "audio/wav"}
META = {revisions.VERSION_KEY: MODERN, "io.modelcontextprotocol/clientCapabilities": {}}


def result(**members) -> dict:
    return {"jsonrpc": "2.0", "id": 1, "result": members}


def message(method: str, id=None, **params) -> dict:
    own = {} if id is None else {"id": id}
    return {"jsonrpc": "2.0", **own, "method": method, "params": params}


def error(code: int, **members) -> dict:
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": "no", **members}}


@pytest.mark.parametrize(
    "revision, sender, content, answered",
    [
        (OLDEST, "server", result(content=[TEXT]), "tools/call"),
        ("2025-03-26", "server", result(content=[TEXT, AUDIO]), "tools/call"),
        (LEGACY, "server", result(tools=[{"name": "a", "inputSchema": {"type": "object"}}]), "tools/list"),
        (LEGACY, "server", {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "what?"}}, None),
        (LEGACY, "client", message("notifications/initialized"), None),
        (LEGACY, "server", message("elicitation/create", 1, message="?", requestedSchema={
            "type": "object", "properties": {}}), None),
        (LEGACY, "client", message("x-vendor/anything", 1), None),
        (MODERN, "client", message("tools/call", 1, name="a", _meta=META), None),
        (MODERN, "server", result(resultType="complete", content=[TEXT]), "tools/call"),
        (MODERN, "server", result(resultType="input_required", requestState="s"), "tools/call"),
        (MODERN, "server", error(-32022, data={"supported": [MODERN], "requested": "1"}), "tools/call"),
    ],
)
def test_what_the_schemas_allow(revision, sender, content, answered):
    assert revisions.revision(revision).flaws(content, sender, answered) == []


@pytest.mark.parametrize(
    "revision, sender, content, answered, reason",
    [
        (OLDEST, "server", result(content=[AUDIO]), "tools/call", "result/content/0"),
        (OLDEST, "server", message("elicitation/create", 1, message="?"), None, "sends no request"),
        (LEGACY, "server", result(content="hello"), "tools/call", "result/content"),
        (LEGACY, "server", result(content=[TEXT], structuredContent=[1]), "tools/call", "structuredContent"),
        (LEGACY, "server", result(), "tools/list", "'tools' is a required property"),
        (LEGACY, "server", message("tools/call", 1, name="a"), None, "sends no request"),
        (LEGACY, "server", error("-32603"), "tools/call", "error/code"),
        (LEGACY, "client", message("tools/call", 1, arguments={}), None, "'name' is a required property"),
        (LEGACY, "client", message("notifications/progress", progress=1), None, "progressToken"),
        (LEGACY, "client", {"id": 1, "method": "ping"}, None, "'jsonrpc' is a required property"),
        (LEGACY, "server", {"jsonrpc": "2.0", "id": 1.5, "result": {}}, "ping", "id"),
        (MODERN, "client", message("tools/call", 1, name="a"), None, "'_meta' is a required property"),
        (MODERN, "client", message("ping", 1, _meta=META), None, "sends no request"),
        (MODERN, "server", message("ping", 1), None, "sends no request"),
        (MODERN, "server", result(content=[TEXT]), "tools/call", "'resultType' is a required property"),
        (MODERN, "server", result(resultType="complete", tools=[]), "tools/list", "'ttlMs' is a required property"),
        (MODERN, "server", result(resultType="input_required"), "tools/list", "NoInputIsRequiredHere"),
        (MODERN, "server", error(-32022), "tools/call", "'data' is a required property"),
        (MODERN, "server", {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "what?"}}, None, "id"),
    ],
)
def test_what_they_do_not(revision, sender, content, answered, reason):
    flaws = revisions.revision(revision).flaws(content, sender, answered)
    assert any(reason in flaw.text for flaw in flaws), flaws


def test_a_flaw_is_the_senders_own_and_excuses_only_who_passes_on_the_same():
    tap = Tap()
    upstream, downstream = Conversation(tap, "client", LEGACY), Conversation(tap, "server", LEGACY)
    for conversation, by in ((upstream, 5), (downstream, "seven")):
        conversation.heard(json.dumps(message("tools/call", by, name="a")), "client")
    tap.assert_valid()
    upstream.heard(json.dumps(result(content=[TEXT, {"type": "odd"}]) | {"id": 5}), "server")
    downstream.heard(json.dumps(result(content=[{"type": "odd"}]) | {"id": "seven"}), "server")
    tap.assert_valid()
    downstream.heard(json.dumps(result(content=[{"type": "other"}]) | {"id": "seven"}), "server")
    (violation,) = tap.take_violations()
    assert "to a client of 2025-11-25" in str(violation) and "other" in str(violation)


def test_what_only_an_older_revision_forbids_is_the_gateways_to_keep_from_its_clients():
    tap = Tap()
    upstream, downstream = Conversation(tap, "client", LEGACY), Conversation(tap, "server", OLDEST)
    for conversation in (upstream, downstream):
        conversation.heard(json.dumps(message("tools/call", 1, name="a")), "client")
        conversation.heard(json.dumps(result(content=[AUDIO])), "server")
    assert len(tap.take_violations()) == 1


async def incomplete_log_message(gateway) -> None:
    line = messages.notification("notifications/message", '{"level":"error","logger":"incomplete"}')
    async with streamable(gateway) as session:
        await session.ask(messages.call("1", "raw", {"line": line}))
        assert [json.loads(line)] == session.asides


def test_all_the_way_from_a_server_to_a_client_a_flaw_is_found_and_known_for_the_servers(start):
    """It is not the gateway's because the server has written down that it said so. Until that is read, it would be."""
    with start({"fixture": fixture()}) as gateway:
        asyncio.run(incomplete_log_message(gateway))
    (violation,) = TAP.violations
    assert "'data' is a required property" in violation.flaw.text
    assert violation.flaw.mark not in TAP.excuses


def test_the_schemas_are_those_of_all_revisions():
    assert revisions.NAMES == ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
    for name in revisions.NAMES:
        assert {"tools/call", "tools/list"} <= revisions.revision(name).methods["client", "request"].keys()
