"""mcp-gateway connect: what goes over its stdin and stdout, and how it ends."""

import asyncio
import json
import os
import signal
import subprocess

import pytest

from support import messages
from support.gateway import BINARY, fixture
from support.interactive import EVERYTHING, interactive_over_stdio
from support.programs import free_port
from support.sessions import arrival_of_sleep, cancelled_calls, legacy
from support.stdio import StdioSession


def command(gateway, name="fixture", path="mcp", *arguments) -> list[str]:
    return [BINARY, "connect", f"{gateway.url}/{name}/{path}", *arguments]


def talk(*arguments, lines=(), environment=None, seconds=60) -> subprocess.CompletedProcess:
    """Says all the lines at once and closes its side."""
    return subprocess.run(
        [BINARY, "connect", *arguments], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True,
        timeout=seconds, env=os.environ | (environment or {}),
    )


def said(result: subprocess.CompletedProcess) -> list[dict]:
    """Every line of stdout is a message. In the fixture's are characters that Python takes for ends of lines."""
    lines = result.stdout.split("\n")
    assert lines.pop() == ""
    decoded = [json.loads(line) for line in lines]
    assert all(message["jsonrpc"] == "2.0" for message in decoded)
    return decoded


def answers(result: subprocess.CompletedProcess) -> dict:
    return {message["id"]: message for message in said(result) if "id" in message}


OPENING = (messages.initialize('"first"'), messages.INITIALIZED)


@pytest.mark.parametrize("path", ["mcp", "sse"])
def test_what_was_asked_before_the_end_of_the_input_is_answered(start, path):
    calls = [messages.call(str(n), "echo", f'{{"n":{n}.00}}') for n in range(50)]
    with start({"fixture": fixture()}) as gateway:
        result = talk(f"{gateway.url}/fixture/{path}", lines=[*OPENING, *calls])
    assert result.returncode == 0, result.stderr
    found = answers(result)
    assert found["first"]["result"]["serverInfo"]["name"] == "fixture"
    # Numbers are spelled as the client spelled them: what goes through is bytes.
    assert [messages.text_of(found[n]) for n in range(50)] == [f'{{"n":{n}.00}}' for n in range(50)]
    assert "mcp-gateway" not in result.stdout


def test_a_last_line_without_its_end_counts(start):
    with start({"fixture": fixture()}) as gateway:
        result = subprocess.run(
            command(gateway), input="\n".join([*OPENING, messages.call("1", "echo", {"a": 1})]), capture_output=True,
            text=True, timeout=60,
        )
    assert messages.text_of(answers(result)[1]) == '{"a": 1}'


def test_a_client_of_after_needs_no_initialize(start):
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "wire test", "version": "1"},
    }

    def ask(id, method, **params):
        return messages.request(json.dumps(id), method, json.dumps({"_meta": meta, **params}))

    with start({"fixture": fixture()}) as gateway:
        result = talk(
            f"{gateway.url}/fixture/mcp",
            lines=[
                ask(1, "server/discover"), ask(2, "tools/call", name="echo", arguments={"a": 1}), ask(3, "tools/list"),
                messages.request("4", "tools/list", json.dumps({"_meta": meta | {
                    "io.modelcontextprotocol/protocolVersion": "2099-01-01"}})),
                messages.request("5", "tools/list", json.dumps({"_meta": {
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28"}})),
                ask(6, "initialize"),
            ],
        )
    found = answers(result)
    assert "2026-07-28" in found[1]["result"]["supportedVersions"]
    assert messages.text_of(found[2]) == '{"a": 1}' and found[2]["result"]["resultType"] == "complete"
    assert found[3]["result"]["tools"]
    assert found[4]["error"]["code"] == -32022 and found[4]["error"]["data"]["requested"] == "2099-01-01"
    assert found[5]["error"]["code"] == -32602
    assert found[6]["error"]["code"] == -32601


def test_a_client_of_after_hears_of_changes_and_gives_calls_up(start):
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
    }

    def ask(id, method, **params):
        return messages.request(json.dumps(id), method, json.dumps({"_meta": meta, **params}))

    async def use(gateway):
        session = await StdioSession.open(command(gateway))
        await session.post(ask("s", "subscriptions/listen", notifications={"toolsListChanged": True}))
        await session.wait_for(lambda message: message.get("method") == "notifications/subscriptions/acknowledged")
        await session.post(ask("c", "tools/call", name="sleep", arguments={"ms": 60_000}))
        async with legacy(gateway) as watching:
            await arrival_of_sleep(watching)
            await session.post(messages.notification("notifications/cancelled", '{"requestId":"c"}'))
            assert await cancelled_calls(watching, 1)
        await session.post(messages.notification("notifications/cancelled", '{"requestId":"s"}'))
        # Nothing is due any more.
        async with asyncio.timeout(4):
            await session.close()
        assert session.process.returncode == 0 and not session.answers("c")

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_what_is_no_message_is_answered_with_an_error_and_harms_nobody(start):
    lines = [
        *OPENING, "{", "[]", "7", '{"jsonrpc":"2.0","id":4}', '{"jsonrpc":"1.0","id":5,"method":"ping"}', "",
        '[{"jsonrpc":"2.0","id":6,"method":"ping"}]', messages.request("7", "ping"),
    ]
    with start({"fixture": fixture()}) as gateway:
        result = talk(f"{gateway.url}/fixture/mcp", lines=lines)
    decoded = said(result)
    codes = sorted(message["error"]["code"] for message in decoded if "error" in message)
    # The fourth would be an answer, if it were anything.
    assert codes == [-32700] + 4 * [-32600], decoded
    assert answers(result)[5]["error"]["code"] == -32600 and answers(result)[7]["result"] == {}


def test_nothing_but_ping_is_answered_before_the_client_has_said_what_it_is(start):
    with start({"fixture": fixture()}) as gateway:
        result = talk(
            f"{gateway.url}/fixture/mcp",
            lines=[messages.INITIALIZED, messages.request("1", "ping"), messages.request("2", "tools/list")],
        )
    found = answers(result)
    assert found[1]["result"] == {} and "initialize" in found[2]["error"]["message"]
    assert result.returncode == 0 and "server" not in result.stderr


def test_the_server_asks_and_tells_the_client(start):
    """Over one connection: what the client can be asked is declared for it."""

    async def use(gateway):
        async with interactive_over_stdio(command(gateway), capabilities=EVERYTHING) as client:
            client.handlers["sampling/createMessage"] = lambda params: {
                "result": {"role": "assistant", "model": "m", "content": {"type": "text", "text": "yes"}}
            }
            answer = await client.ask("tools/call", name="echo", arguments={})
            assert "result" in answer, answer
            assert len(client.requests("sampling/createMessage")) == 1

    with start({"fixture": fixture("--request-sampling", isolation="session")}) as gateway:
        asyncio.run(use(gateway))


def test_a_cancellation_reaches_the_server(start):
    async def use(gateway):
        session = await StdioSession.open(command(gateway))
        await session.initialize()
        await session.post(messages.call("1", "sleep", {"ms": 60_000}))
        async with legacy(gateway) as watching:
            await arrival_of_sleep(watching)
            await session.post(messages.notification("notifications/cancelled", '{"requestId":1}'))
            assert await cancelled_calls(watching, 1)
        await session.close()
        assert not session.answers(1)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_progress_comes_before_the_answer(start):
    with start({"fixture": fixture()}) as gateway:
        call = messages.call("1", "progress", {"steps": 3}, token='"p"')
        result = talk(f"{gateway.url}/fixture/mcp", lines=[*OPENING, call])
    lines = said(result)
    told = [line["params"]["progress"] for line in lines if line.get("method") == "notifications/progress"]
    assert told == [1, 2, 3] and lines[-1]["id"] == 1
    assert all(line["params"]["progressToken"] == "p" for line in lines if "params" in line)


@pytest.mark.parametrize("path", ["mcp", "sse"])
def test_sigterm_answers_what_is_in_flight_and_ends_the_session(start, path):
    async def use(gateway):
        session = await StdioSession.open(command(gateway, "fixture", path))
        await session.initialize()
        await session.post(messages.call("1", "sleep", {"ms": 60_000}))
        async with legacy(gateway) as watching:
            await arrival_of_sleep(watching)
            session.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(10):
                assert await session.process.wait() == 0
            # Nobody waits for it any more, so the server is told.
            assert await cancelled_calls(watching, 1)
        await session.reading
        assert "not repeated" in session.answers(1)[0]["error"]["message"]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_call_that_takes_long_is_given_up_five_seconds_after_the_end_of_the_input(start):
    with start({"fixture": fixture()}) as gateway:
        result = talk(
            f"{gateway.url}/fixture/mcp", lines=[*OPENING, messages.call("1", "sleep", {"ms": 60_000})], seconds=20
        )
    assert result.returncode == 0 and "not repeated" in answers(result)[1]["error"]["message"]


def test_a_client_that_is_gone_ends_it(start):
    with start({"fixture": fixture()}) as gateway:
        process = subprocess.Popen(
            command(gateway), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        process.stdin.write(OPENING[0] + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "first"
        process.stdout.close()
        process.stdin.write(messages.request("1", "ping") + "\n")
        process.stdin.flush()
        assert process.wait(20) == 0
        process.stdin.close()
        process.stderr.close()


def test_a_long_message_goes_both_ways(start):
    text = "x" * (512 << 10)

    async def use(gateway):
        session = await StdioSession.open(command(gateway))
        await session.initialize()
        answer = await session.ask(messages.call("1", "echo", {"text": text}), seconds=60)
        assert json.loads(messages.text_of(answer)) == {"text": text}
        await session.close()

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


# What does not work from the beginning.


def test_a_wrong_token_is_said_at_once(start):
    with start({"fixture": fixture()}, options={"authTokens": ["very-secret"]}) as gateway:
        for path in ("mcp", "sse"):
            result = talk(
                f"{gateway.url}/fixture/{path}", "--token-env", "T", lines=OPENING, environment={"T": "quite-wrong"}
            )
            assert result.returncode == 77
            told = answers(result)["first"]["error"]["message"]
            assert "401" in told and "it refuses the Authorization given with --token-env or --header" in told
            assert "--token-env" in result.stderr and "quite-wrong" not in result.stderr + result.stdout
            # That is a key of a file, which this program has none of.
            assert '"headers"' not in result.stderr + told
            without = talk(f"{gateway.url}/fixture/{path}", lines=OPENING)
            assert without.returncode == 77 and '"headers"' not in without.stderr + without.stdout
            assert "it asks for credentials; give them with --token-env or --header" in without.stderr


def test_a_url_with_nothing_at_it_is_said_at_once(start):
    with start({"fixture": fixture()}) as gateway:
        result = talk(f"{gateway.url}/nobody/mcp?key=very-secret", lines=OPENING)
    assert result.returncode == 69
    assert "404" in answers(result)["first"]["error"]["message"] and "/nobody/mcp" in result.stderr
    assert "there is nothing at the path of the URL" in result.stderr
    assert "very-secret" not in result.stderr + result.stdout


def test_nobody_there_is_waited_for_and_then_said():
    port = free_port()
    result = talk(f"http://127.0.0.1:{port}/x/mcp", lines=OPENING, seconds=30)
    assert result.returncode == 69
    assert "could not be reached" in answers(result)["first"]["error"]["message"]


def test_a_header_goes_along_with_every_request(start):
    with start({"fixture": fixture()}, options={"authTokens": ["T"]}) as gateway:
        result = talk(f"{gateway.url}/fixture/mcp", "--header", "Authorization: Bearer T", lines=OPENING)
    assert result.returncode == 0 and "result" in answers(result)["first"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ftp://x"], "http://"),
        (["x"], "http://"),
        ([], "<url>"),
        (["http://x", "--token-env", "NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE"),
        (["http://x", "--token-env", "Bearer very-secret"], "--token-env"),
        (["http://x", "--header", "very-secret"], "--header"),
    ],
    ids=["scheme", "relative", "nothing", "unset", "token", "header"],
)
def test_a_wrong_command_line_is_told_from_a_wrong_server(arguments, words):
    result = talk(*arguments)
    assert result.returncode == 64 and result.stdout == ""
    assert words in result.stderr and "very-secret" not in result.stderr
