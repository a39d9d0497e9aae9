"""mcp-gateway print-config: what it prints for each client, compared with golden files and read by real parsers.

With UPDATE_GOLDEN=1 the files are written anew, and the test fails so that nobody takes that for a pass."""

import json
import os
import re
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest

from support import yaml
from support.gateway import BINARY, configuration, fixture

GOLDEN = Path(__file__).parent / "golden/print-config"
CLIENTS = sorted(
    "claude-code vscode gemini codex cursor windsurf devin zed claude-desktop open-webui librechat goose".split()
)
BASE = "http://linuxserver.lan:9090"
SERVERS = {"time": fixture(), "team/fetch": fixture(), "off": fixture(options={"disabled": True})}
WAYS = {"one": ["--server", "time"], "all": [], "aggregate": ["--aggregate"]}
URLS = {
    "one": [f"{BASE}/time/mcp"], "all": [f"{BASE}/time/mcp", f"{BASE}/team/fetch/mcp"], "aggregate": [f"{BASE}/mcp"],
}
VARIABLE, PLACEHOLDER = "MCP_GATEWAY_TOKEN", "PASTE_TOKEN_HERE"


def print_config(tmp_path, *arguments, servers=SERVERS, environment=None, **proxy) -> subprocess.CompletedProcess:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configuration(servers, **{"baseURL": BASE, **proxy})))
    return subprocess.run(
        [BINARY, "print-config", "--config", file, *arguments], capture_output=True, text=True, timeout=30,
        env={"PATH": os.environ["PATH"], **(environment or {})},
    )


def parsed(client: str, text: str):
    if client == "codex":
        return tomllib.loads(text)
    return yaml.load(text) if client in ("librechat", "goose") else json.loads(text)


# For each client: the entries by name, the URL in one, and how the token stands in one.
BEARER = {
    "claude-code": "Bearer ${MCP_GATEWAY_TOKEN}", "vscode": "Bearer ${input:mcp-gateway-token}",
    "gemini": "Bearer ${MCP_GATEWAY_TOKEN}", "cursor": "Bearer ${env:MCP_GATEWAY_TOKEN}",
    "windsurf": "Bearer ${env:MCP_GATEWAY_TOKEN}", "librechat": "Bearer ${MCP_GATEWAY_TOKEN}",
    **dict.fromkeys(("devin", "zed", "goose"), f"Bearer {PLACEHOLDER}"),
}
ROOTS = {"vscode": "servers", "codex": "mcp_servers", "zed": "context_servers", "goose": "extensions"}


def entries(client: str, document) -> dict:
    if client == "open-webui":
        return {entry["info"]["id"]: entry for entry in document}
    return document[ROOTS.get(client, "mcpServers")]


def url(client: str, entry: dict) -> str:
    if client == "claude-desktop":
        assert entry["command"] == "mcp-gateway" and entry["args"][0] == "connect"
        return entry["args"][1]
    return entry[{"gemini": "httpUrl", "windsurf": "serverUrl", "goose": "uri"}.get(client, "url")]


def token(client: str, entry: dict):
    """What a client that reads this presents, before it looks up variables; None if nothing."""
    match client:
        case "codex":
            return entry.get("bearer_token_env_var")
        case "open-webui":
            assert (entry["auth_type"] == "bearer") == bool(entry["key"])
            return entry["key"] or None
        case "claude-desktop":
            if "env" not in entry:
                assert len(entry["args"]) == 2
                return None
            assert entry["args"][2:] == ["--token-env", VARIABLE]
            return entry["env"][VARIABLE]
    return entry.get("headers", {}).get("Authorization")


def test_the_clients_are_those_that_help_lists():
    shown = subprocess.run([BINARY, "print-config", "--help"], capture_output=True, text=True, timeout=30).stdout
    [listed] = re.findall(r"\(values: (.*?)\)", shown, re.DOTALL)
    assert sorted(re.split(r",\s+", listed)) == CLIENTS


@pytest.mark.parametrize("client", CLIENTS)
def test_every_snippet_is_the_golden_one(client, tmp_path):
    sections = []
    for protection, options in (("no token", {}), ("token", {"authTokens": ["very-secret"]})):
        for way, arguments in WAYS.items():
            result = print_config(tmp_path, "--client", client, *arguments, options=options)
            assert result.returncode == 0, result.stderr
            sections.append(f"==== {way}, {protection}\n{result.stderr}----\n{result.stdout}")
    actual, file = "".join(sections), GOLDEN / f"{client}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_text(actual)
        pytest.fail(f"{file.name} was written")
    assert actual == file.read_text()


@pytest.mark.parametrize("protected", [False, True], ids=["open", "token"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("client", CLIENTS)
def test_every_snippet_says_where_and_how_in_the_clients_own_language(client, way, protected, tmp_path):
    options = {"authTokens": ["very-secret"]} if protected else {}
    result = print_config(tmp_path, "--client", client, *WAYS[way], options=options)
    assert "very-secret" not in result.stdout + result.stderr
    found = entries(client, parsed(client, result.stdout))
    assert [url(client, entry) for entry in found.values()] == URLS[way]
    assert all(re.fullmatch(r"[\w-]+", name) for name in found)
    expected = BEARER.get(client, VARIABLE if client == "codex" else PLACEHOLDER) if protected else None
    assert [token(client, entry) for entry in found.values()] == [expected] * len(found)
    # Nothing but the snippet is on stdout, and whoever reads along is told where it goes.
    assert result.stderr.startswith("# ") and "put this" in result.stderr
    assert ((VARIABLE in result.stderr or PLACEHOLDER in result.stderr or "asks for" in result.stderr)) == protected


def test_what_asks_for_a_token_of_vscode_is_there_once_for_each_variable(tmp_path):
    servers = {
        "a": fixture(), "b": fixture(), "c": fixture(options={"authTokens": ["other"]}),
        "open": fixture(options={"authTokens": []}),
    }
    result = print_config(tmp_path, "--client", "vscode", servers=servers, options={"authTokens": ["T"]})
    document = json.loads(result.stdout)
    assert [each["id"] for each in document["inputs"]] == ["mcp-gateway-token", "mcp-gateway-token-c"]
    assert all(each["password"] is True for each in document["inputs"])
    assert [entry.get("headers") for entry in document["servers"].values()] == [
        {"Authorization": "Bearer ${input:mcp-gateway-token}"}, {"Authorization": "Bearer ${input:mcp-gateway-token}"},
        {"Authorization": "Bearer ${input:mcp-gateway-token-c}"}, None,
    ]


def test_one_variable_does_where_one_token_opens_every_server(tmp_path):
    servers = {name: fixture(options={"authTokens": [name, "all"]}) for name in ("a", "b")}
    result = print_config(tmp_path, "--client", "codex", "--token-env", "LAN_TOKEN", servers=servers)
    found = tomllib.loads(result.stdout)["mcp_servers"]
    assert {entry["bearer_token_env_var"] for entry in found.values()} == {"LAN_TOKEN"}


def test_librechat_is_told_which_addresses_it_may_call(tmp_path):
    for base, address in {
        BASE: "linuxserver.lan:9090", "https://mcp.example.com": "mcp.example.com:443", "http://[::1]": "[::1]:80",
    }.items():
        result = print_config(tmp_path, "--client", "librechat", "--url", base)
        assert yaml.load(result.stdout)["mcpSettings"] == {"allowedAddresses": [address]}


def test_a_name_that_yaml_takes_for_something_else_stays_a_name(tmp_path):
    servers = {"on": fixture(), "123": fixture(), "null": fixture()}
    result = print_config(tmp_path, "--client", "goose", servers=servers)
    assert list(yaml.load(result.stdout)["extensions"]) == ["on", "123", "null"]


def test_names_that_become_the_same_stay_two(tmp_path):
    result = print_config(tmp_path, "--client", "claude-code", servers={"a/b": fixture(), "a-b": fixture()})
    assert {name: entry["url"] for name, entry in json.loads(result.stdout)["mcpServers"].items()} == {
        "a-b": f"{BASE}/a/b/mcp", "a-b-2": f"{BASE}/a-b/mcp",
    }


def first_url(result: subprocess.CompletedProcess) -> str:
    assert result.returncode == 0, result.stderr
    return next(iter(json.loads(result.stdout)["mcpServers"].values()))["url"]


@pytest.mark.parametrize(
    ("proxy", "arguments", "expected"),
    [
        ({"baseURL": "https://x.lan/servers"}, [], "https://x.lan/servers/time/mcp"),
        ({"baseURL": "/servers", "addr": "10.0.0.5:80"}, [], "http://10.0.0.5:80/servers/time/mcp"),
        ({"baseURL": "/", "addr": "[fd00::1]:9090"}, [], "http://[fd00::1]:9090/time/mcp"),
        ({"baseURL": "/", "addr": ["127.0.0.1:1", "10.0.0.5:2"]}, [], "http://10.0.0.5:2/time/mcp"),
        ({}, ["--url", "https://y.lan/p/"], "https://y.lan/p/time/mcp"),
    ],
)
def test_the_url_is_that_of_the_configuration_unless_somebody_says_another(proxy, arguments, expected, tmp_path):
    assert first_url(print_config(tmp_path, "--client", "cursor", *arguments, **proxy)) == expected


def test_a_gateway_for_this_machine_only_is_said_to_be_one(tmp_path):
    result = print_config(tmp_path, "--client", "cursor", baseURL="/", addr="127.0.0.1:9090")
    assert first_url(result) == "http://127.0.0.1:9090/time/mcp" and "this machine only" in result.stderr


def test_a_gateway_that_listens_everywhere_is_called_by_the_machines_name(tmp_path):
    result = print_config(tmp_path, "--client", "cursor", baseURL="/", addr=":9090")
    assert first_url(result) == f"http://{socket.gethostname()}:9090/time/mcp" and "--url" in result.stderr


def test_a_group_is_one_entry(tmp_path):
    result = print_config(tmp_path, "--client", "cursor", "--group", "coding", groups={"coding": {"servers": ["time"]}})
    assert first_url(result) == f"{BASE}/group/coding/mcp"


def test_secrets_that_this_user_may_not_read_are_not_needed(tmp_path):
    servers = {
        "a": fixture(options={"authTokens": ["${credential:token}"]}), "b": fixture(env={"KEY": "${file:/root/none}"}),
        "c": fixture(envFile="/root/none.env", options={"authTokens": ["${ALICE}"]}),
    }
    result = print_config(
        tmp_path, "--client", "codex", servers=servers, options={"authTokens": ["${env:NOT_SET}", "${BOB}"]},
        environment={"BOB": "very-secret"},
    )
    assert result.returncode == 0, result.stderr
    assert "very-secret" not in result.stdout + result.stderr
    variables = {name: entry.get("bearer_token_env_var") for name, entry in tomllib.loads(result.stdout)["mcp_servers"].items()}
    assert variables == {"a": f"{VARIABLE}_A", "b": VARIABLE, "c": f"{VARIABLE}_C"}


@pytest.mark.parametrize(
    ("arguments", "proxy", "status", "words"),
    [
        (["--client", "emacs"], {}, 64, "claude-desktop"),
        ([], {}, 64, "--client"),
        (["--client", "zed", "--server", "tiem"], {}, 64, "there are time, team/fetch, off"),
        (["--client", "zed", "--group", "x"], {}, 64, "no group is called x"),
        (["--client", "zed", "--aggregate"], {"aggregate": {"enabled": False}}, 64, "mcpProxy.aggregate.enabled"),
        (["--client", "zed", "--aggregate", "--server", "time"], {}, 64, "exclude each other"),
        (["--client", "zed", "--url", "ftp://x"], {}, 64, "--url"),
        (["--client", "zed", "--url", "http://x/?a=b"], {}, 64, "--url"),
        (["--client", "zed", "--token-env", "A B"], {}, 64, "--token-env"),
        (["--client", "zed"], {"baseURL": "/", "addr": "unix:/run/x.sock"}, 64, "--url"),
        (["--client", "zed"], {"baseURL": "/", "addr": "127.0.0.1:0"}, 64, "--url"),
        (["--client", "zed"], {"addr": "nonsense"}, 78, "config.json:"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_printed_is_refused_with_a_word_of_advice(arguments, proxy, status, words, tmp_path):
    result = print_config(tmp_path, *arguments, **proxy)
    assert (result.returncode, result.stdout) == (status, "")
    assert words in result.stderr


def test_a_configuration_without_a_server_has_nothing_to_connect(tmp_path):
    result = print_config(tmp_path, "--client", "zed", servers={})
    assert result.returncode == 64 and "no server" in result.stderr
