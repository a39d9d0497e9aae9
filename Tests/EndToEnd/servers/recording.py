"""Writes down what a server hears and says, where the tests that started it want to know (`support/recordings.py`).

One file for each process, one JSON object a line: `{"stdin": LINE}`, `{"stdout": LINE}`, or for HTTP `{"exchange": N}`
with one of `request`, `head`, `body` and `end`; bytes stand there as Latin-1.
"""

import itertools
import json
import os
import sys
import time
from io import TextIOWrapper

import anyio

DIRECTORY = os.environ.get("MCP_TEST_RECORDINGS")
_file = None


def _write(**entry) -> None:
    """At once and in one piece, so that it is there before whoever it is about can act on it."""
    global _file
    if _file is None:
        path = f"{DIRECTORY}/{os.getpid()}-{time.time_ns()}.jsonl"
        _file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)
    os.write(_file, json.dumps(entry).encode() + b"\n")


class _Stream:
    """A text stream that writes down its lines."""

    def __init__(self, binary, name: str):
        self.text = TextIOWrapper(binary, encoding="utf-8", errors="replace")
        self.name = name

    def readline(self) -> str:
        line = self.text.readline()
        if line:
            _write(**{self.name: line})
        return line

    def write(self, text: str) -> int:
        _write(**{self.name: text})
        return self.text.write(text)

    def flush(self) -> None:
        self.text.flush()


def streams() -> tuple:
    """What the SDK's `stdio_server` is given; nothing where nobody wants to know."""
    if not DIRECTORY:
        return ()
    return tuple(
        anyio.wrap_file(_Stream(stream.buffer, name)) for stream, name in ((sys.stdin, "stdin"), (sys.stdout, "stdout"))
    )


def recorded(application):
    """An ASGI application with its exchanges written down."""
    if not DIRECTORY:
        return application
    numbers = itertools.count(1)

    async def record(scope, receive, send):
        if scope["type"] != "http":
            return await application(scope, receive, send)
        number = next(numbers)
        head = {
            "method": scope["method"],
            "target": scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else ""),
            "headers": {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        }
        heard = b""
        if scope["method"] != "POST":
            _write(exchange=number, request=head | {"body": ""})

        async def hear():
            nonlocal heard
            message = await receive()
            if message["type"] == "http.request" and scope["method"] == "POST":
                heard += message.get("body", b"")
                if not message.get("more_body"):
                    _write(exchange=number, request=head | {"body": heard.decode("latin-1")})
            return message

        async def say(message):
            if message["type"] == "http.response.start":
                headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
                _write(exchange=number, head={"status": message["status"], "headers": headers})
            elif message["type"] == "http.response.body":
                if message.get("body"):
                    _write(exchange=number, body=message["body"].decode("latin-1"))
                if not message.get("more_body"):
                    _write(exchange=number, end=True)
            await send(message)

        await application(scope, hear, say)

    return record
