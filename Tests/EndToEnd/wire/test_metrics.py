"""/metrics: what is measured, who may read it, and that Prometheus' own tool takes it."""

import asyncio
import os
import re
import shutil
import signal
import subprocess

import pytest

from support import http1, messages, sessions, waiting
from support.control import ask, controlled
from support.gateway import fixture


def scrape(gateway, **headers) -> str:
    answer = asyncio.run(http1.request(gateway.port, "GET", "/metrics", headers))
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


def value(text: str, name: str, **labels) -> float | None:
    """The value of the one sample with these labels and no others."""
    for line in text.splitlines():
        if match := re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line):
            if dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[1] or "")) == labels:
                return float(match[2])
    return None


async def call(gateway, path, *tools):
    async with sessions.streamable(gateway, path) as session:
        await session.ask('{"jsonrpc":"2.0","id":"list","method":"tools/list"}')
        for number, tool in enumerate(tools):
            await session.ask(messages.call(str(number), tool, {}))


def test_calls_are_counted_by_server_method_tool_and_error_on_both_sides():
    with controlled({"a": fixture(), "b": fixture()}) as gateway:
        asyncio.run(call(gateway, "a", "echo", "echo", "tool_error", "fail", "no-such-tool"))
        text = scrape(gateway)
        for side in ("server", "client"):
            count = f"mcp_{side}_operation_duration_seconds_count"
            tool = {"server": "a", "mcp_method_name": "tools/call"}
            assert value(text, count, **tool, gen_ai_tool_name="echo") == 2
            assert value(text, count, **tool, gen_ai_tool_name="tool_error", error_type="tool_error") == 1
            assert value(text, count, **tool, gen_ai_tool_name="fail", error_type="-32050") == 1
            assert value(text, count, **tool, gen_ai_tool_name="_unknown", error_type="-32602") == 1
            assert value(text, count, server="a", mcp_method_name="tools/list") == 1
        assert "no-such-tool" not in text
        assert 'server="b"' not in "".join(line for line in text.splitlines() if "operation" in line)
        assert value(text, "mcp_server_session_duration_seconds_count", server="a") == 1
        assert gateway.status("a")["p95Ms"] is not None and gateway.status("b")["p95Ms"] is None


def test_what_came_by_the_endpoint_for_all_counts_for_its_server():
    with controlled({"a": fixture("--name", "x"), "b": fixture()}) as gateway:
        waiting.until(lambda: gateway.status("a")["ready"] and gateway.status("b")["ready"], "both servers")
        asyncio.run(call(gateway, "", "a__echo"))
        text = scrape(gateway)
        tool = {"mcp_method_name": "tools/call"}
        assert value(text, "mcp_server_operation_duration_seconds_count", server="/mcp", gen_ai_tool_name="a__echo", **tool) == 1
        assert value(text, "mcp_client_operation_duration_seconds_count", server="a", gen_ai_tool_name="echo", **tool) == 1
        assert value(text, "mcp_client_operation_duration_seconds_count", server="b", gen_ai_tool_name="echo", **tool) is None


def test_lives_of_servers_are_told_with_what_ended_them():
    with controlled({"a": fixture()}) as gateway:
        waiting.until(lambda: gateway.status("a")["ready"], "the server")
        first = gateway.child("fixture-server")
        os.kill(first.pid, signal.SIGKILL)
        gateway.wait_for_child("fixture-server", other_than=first)
        waiting.until(lambda: gateway.status("a")["ready"], "its second life")
        text = scrape(gateway)
        assert value(text, "mcp_gateway_server_restarts_total", server="a", reason="signalled") == 1
        assert value(text, "mcp_gateway_server_last_exit_code", server="a") == 137
        assert value(text, "mcp_gateway_server_ready_seconds_count", server="a") == 2
        assert value(text, "mcp_client_session_duration_seconds_count", server="a") == 1
        assert value(text, "mcp_gateway_server_up", server="a") == 1
        assert value(text, "mcp_gateway_server_phase", server="a", phase="ready") == 1
        assert value(text, "mcp_gateway_server_phase", server="a", phase="backing-off") == 0


def test_notifications_that_reach_nobody_are_counted():
    name = "mcp_gateway_notifications_dropped_total"

    async def use(gateway):
        async with sessions.streamable(gateway, "a") as session:
            for number, line in enumerate(
                ['{"jsonrpc":"2.0","method":"notifications/novel"}'] * 2
                + ['{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}']
            ):
                await session.ask(messages.call(str(number), "raw", {"line": line}))

    with controlled({"a": fixture()}) as gateway:
        assert name not in scrape(gateway)
        asyncio.run(use(gateway))
        assert value(scrape(gateway), name, server="a", reason="unknown") == 2
        assert "novel" not in scrape(gateway)


def test_a_refused_reload_shows_and_a_server_that_is_gone_is_forgotten():
    with controlled({"a": fixture(), "b": fixture()}) as gateway:
        asyncio.run(call(gateway, "b", "echo"))
        assert value(scrape(gateway), "mcp_gateway_config_last_reload_successful") == 1
        before = gateway.file.read_text()
        gateway.file.write_text("{")
        assert gateway.cli("reload").returncode != 0
        assert value(scrape(gateway), "mcp_gateway_config_last_reload_successful") == 0
        gateway.file.write_text(re.sub(r',\s*"b": \{.*?\}', "", before, flags=re.DOTALL))
        assert gateway.cli("reload").returncode == 0
        text = scrape(gateway)
        assert value(text, "mcp_gateway_config_last_reload_successful") == 1
        assert 'server="b"' not in text and 'server="a"' in text


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool")
def test_promtool_takes_it():
    with controlled({"a": fixture(), 'quoted': fixture("--exit-on-start", "3")}) as gateway:
        asyncio.run(call(gateway, "a", "echo", "fail"))
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=scrape(gateway), capture_output=True, text=True, timeout=30
        )
        assert checked.returncode == 0 and checked.stderr == "", checked.stderr


def test_with_tokens_it_is_for_those_who_may_use_a_server_and_for_operators():
    servers = {"a": fixture(options={"authTokens": ["client"]})}
    with controlled(servers, admin={"tokens": ["operator"]}) as gateway:
        def status(**headers):
            return asyncio.run(http1.request(gateway.port, "GET", "/metrics", headers)).status

        assert [status(), status(Authorization="Bearer x")] == [401, 401]
        assert [status(Authorization="Bearer client"), status(Authorization="Bearer operator")] == [200, 200]
        assert asyncio.run(ask(gateway.socket, "GET", "/metrics")).status == 200


def test_trace_context_passes_untouched():
    async def trace(gateway):
        async with sessions.streamable(gateway, "a") as session:
            meta = '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=1"}'
            answer = await session.ask(
                f'{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"received","arguments":{{}},"_meta":{meta}}}}}'
            )
            assert meta.replace('"', '\\"') in str(answer) or "0af7651916cd43dd8448eb211c80319c" in str(answer)

    with controlled({"a": fixture()}) as gateway:
        asyncio.run(trace(gateway))
