"""health-check.sh: what monitoring learns of a gateway."""

import json

import pytest

from scripts.running import script
from support import waiting
from support.gateway import fixture

MISSING = {"command": "no-such-program-anywhere"}


def check(gateway, *arguments, **environment):
    return script("health-check.sh", "--url", gateway.url, *arguments, **environment)


def test_a_gateway_whose_servers_are_ready_is_healthy(start):
    with start({"one": fixture(required=True)}) as gateway:
        gateway.wait_for_log("gateway ready")
        result = check(gateway)
        assert result.returncode == 0, result.stdout
        assert result.stdout == "HEALTHY: 1/1 servers ready\n"


def test_one_server_that_cannot_be_started_makes_it_unhealthy_and_the_others_stay_healthy(start):
    with start({"one": fixture(), "other": MISSING}) as gateway:
        gateway.wait_for_log("one: server ready")
        gateway.wait_for_log("other: server failed")
        assert check(gateway).returncode == 2
        assert check(gateway, "--server", "one").returncode == 0
        other = check(gateway, "--server", "other")
        assert other.returncode == 2
        assert other.stdout.startswith("UNHEALTHY: other: cannot be started: ") and "not found in" in other.stdout


def test_a_server_that_starts_is_degraded_and_the_gateway_not_ready_if_it_is_required(start):
    with start({"slow": {"command": "sleep", "args": ["600"], "required": True}}) as gateway:
        gateway.wait_for_log("slow: server spawned")
        assert check(gateway, "--server", "slow").returncode == 1
        assert check(gateway).returncode == 2
        ready = check(gateway, "--probe", "readyz")
        assert ready.returncode == 2 and "slow" in ready.stdout
        assert check(gateway, "--probe", "livez").returncode == 0


def test_a_server_that_nobody_has_is_unknown(start):
    with start({"one": fixture()}) as gateway:
        result = check(gateway, "--server", "two")
        assert (result.returncode, result.stdout) == (3, "UNKNOWN: there is no server two\n")


def test_json_is_one_object_with_the_servers_in_it(start):
    with start({"one": fixture()}) as gateway:
        gateway.wait_for_log("one: server ready")
        answer = json.loads(check(gateway, "--json").stdout)
        assert answer["status"] == "healthy" and [server["name"] for server in answer["servers"]] == ["one"]


def test_a_token_is_needed_for_the_servers_and_can_be_in_a_file_or_the_environment(start, tmp_path):
    (tmp_path / "token").write_text("very-secret\n")
    with start({"one": fixture()}, options={"authTokens": ["very-secret"]}) as gateway:
        gateway.wait_for_log("one: server ready")
        without = check(gateway)
        assert without.returncode == 3 and "token" in without.stdout
        assert check(gateway, MCP_GATEWAY_TOKEN="very-wrong").returncode == 3
        assert check(gateway, "--token-file", tmp_path / "token").returncode == 0
        assert check(gateway, MCP_GATEWAY_TOKEN="very-secret").returncode == 0


def test_a_unix_socket_is_asked_too(tmp_path):
    from conftest import running
    from support.gateway import configuration

    address = tmp_path / "http.sock"
    config = configuration({"one": fixture()}, addr=["127.0.0.1:0", f"unix:{address}"])
    with running(config) as gateway:
        gateway.wait_for_log("one: server ready")
        waiting.until(address.exists, "the socket")
        assert script("health-check.sh", "--socket", address).returncode == 0


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--probe", "readyz"), ("--server", "one")], ids=str)
def test_no_gateway_is_unhealthy(arguments):
    result = script("health-check.sh", "--url", "http://127.0.0.1:1", *arguments)
    assert result.returncode == 2 and "no answer from http://127.0.0.1:1/" in result.stdout


@pytest.mark.parametrize("arguments", [["--what"], ["--url"], ["--probe", "healthz"], ["--timeout", "soon"]], ids=str)
def test_wrong_usage_is_64(arguments):
    assert script("health-check.sh", *arguments).returncode == 64
