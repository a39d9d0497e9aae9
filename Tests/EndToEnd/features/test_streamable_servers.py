"""Streamable servers differ in what they keep: sessions, events, or nothing."""

import asyncio

import pytest

from conftest import running
from support.client import DOWNSTREAMS, connect
from features.upstreams import upstream
from support.gateway import configuration

KINDS = {"json": ["--json"], "stateless": ["--stateless"], "stateless json": ["--stateless", "--json"]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_without_streams_or_sessions_can_be_used(kind):
    async def use(gateway, downstream):
        async with connect(gateway, "features", downstream) as one:
            assert len((await one.result("tools/list"))["tools"]) == 3
            assert await one.text("big", bytes=1 << 20) == "x" * (1 << 20)
            answers = [one.text("steps", count=0), one.text("sleeps", seconds=0), one.text("big", bytes=1)]
            assert (await asyncio.gather(*answers))[2] == "x"
            assert (await one.error("tools/call", name="nobody", arguments={}))["code"] == -32602

    with upstream("streamable-http", *KINDS[kind]) as block:
        with running(configuration({"features": block})) as gateway:
            for downstream in DOWNSTREAMS:
                asyncio.run(use(gateway, downstream))


def test_140_an_answer_that_was_cut_off_is_fetched_after_the_wait_the_server_asked_for():
    async def use(gateway, downstream):
        async with connect(gateway, "features", downstream) as one:
            loop = asyncio.get_running_loop()
            start = loop.time()
            assert await one.text("interrupts") == "answered after the interruption"
            assert loop.time() - start >= 0.3

    with upstream("streamable-http", "--resumable", "--retry", "300") as block:
        with running(configuration({"features": block})) as gateway:
            for downstream in DOWNSTREAMS:
                asyncio.run(use(gateway, downstream))
