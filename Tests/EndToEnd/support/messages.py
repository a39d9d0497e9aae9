"""JSON-RPC messages as text, because a test about bytes must choose every one of them."""

import json


def request(id: str, method: str, params: str = "{}") -> str:
    """`id` and `params` are JSON text."""
    return f'{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}'


def notification(method: str, params: str = "{}") -> str:
    return f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}'


def call(id: str, tool: str, arguments: dict | str | None = None, token: str | None = None) -> str:
    """A tools/call; arguments given as a string are JSON text already."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    meta = f',"_meta":{{"progressToken":{token}}}' if token else ""
    return request(id, "tools/call", f'{{"name":"{tool}","arguments":{text}{meta}}}')


def initialize(id: str = "0", version: str = "2025-11-25", capabilities: str = "{}") -> str:
    """`capabilities` is JSON text."""
    info = '{"name":"wire test","version":"1"}'
    params = f'{{"protocolVersion":"{version}","capabilities":{capabilities},"clientInfo":{info}}}'
    return request(id, "initialize", params)


INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}'


def text_of(answer: dict) -> str:
    """The first text of a tool's result; fails with the whole answer when there is none."""
    assert "result" in answer, answer
    return answer["result"]["content"][0]["text"]
