"""Has the tap listen to the clients of the official SDK, which speak HTTP with `httpx`, or `httpx2` in its 2.x line."""

import importlib
from contextlib import suppress

from support.tap import Exchange, Tap


def install(tap: Tap) -> None:
    for name in ("httpx", "httpx2"):
        with suppress(ModuleNotFoundError):
            _install(tap, importlib.import_module(name))


def _install(tap: Tap, library) -> None:
    transport = library.AsyncHTTPTransport
    handle = transport.handle_async_request

    async def listen(self, request):
        body = await request.aread()
        target = request.url.raw_path.decode()
        exchange = tap.exchange(request.url.port, request.method, target, dict(request.headers), body)
        response = await handle(self, request)
        if exchange:
            exchange.head(response.status_code, dict(response.headers))
            response.stream = _stream(library, response.stream, exchange)
        return response

    transport.handle_async_request = listen


def _stream(library, stream, exchange: Exchange):
    class Stream(library.AsyncByteStream):
        async def __aiter__(self):
            async for piece in stream:
                exchange.data(piece)
                yield piece
            exchange.end()

        async def aclose(self):
            await stream.aclose()

    return Stream()
