"""mcp-gateway import: golden files, each `NAME.FORMAT.json` with what is said, what is printed and how it ends.

With UPDATE_GOLDEN=1 the expectations are written anew, and the tests fail so that nobody takes that for a pass."""

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from support.gateway import BINARY, Gateway, fixture

GOLDEN = Path(__file__).parent / "golden/import"
FILES = sorted(GOLDEN.glob("*.json"))
# What the files refer to, and what is asked for in the place of inputs.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/home/ada"} | dict.fromkeys(
    ("API_KEY", "ZONE", "PERPLEXITY_KEY", "TEAM", "TOKEN"), "x"
)
BROKEN = {"mistakes.claude", "claude-code.claude"}
# What they hold is taken, and the gateway would refuse some of it.
REFUSED = {"refused.claude", "refused.mcp-proxy"}


def run(*arguments, cwd=GOLDEN, environment=ENVIRONMENT) -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=30, cwd=cwd, env=environment)


def imported(file: Path, *arguments) -> subprocess.CompletedProcess:
    return run("import", file.name, "--from", file.suffixes[0][1:], *arguments)


def test_there_are_files_of_every_format():
    assert {file.suffixes[0][1:] for file in FILES} == {"claude", "vscode", "mcpo", "mcp-proxy"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_becomes_the_golden_one(file):
    result = imported(file)
    actual = f"{result.stderr}---- {result.returncode}\n{result.stdout}"
    expectation = file.with_suffix(".expected")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        expectation.write_text(actual)
        pytest.fail(f"{expectation.name} was written")
    assert actual == expectation.read_text()
    # What looks like a secret is copied, and never said.
    assert "s3cr3t" not in result.stderr
    assert ("s3cr3t" in result.stdout) == ("s3cr3t" in file.read_text().replace('{ "clientId": "s3cr3t" }', ""))


@pytest.mark.parametrize("file", [file for file in FILES if file.stem not in REFUSED], ids=lambda file: file.stem)
def test_what_comes_out_is_a_configuration(file, tmp_path):
    result = imported(file)
    if result.returncode == 78:
        assert result.stdout == ""
        return
    output = tmp_path / "config.json"
    output.write_text(result.stdout)
    (tmp_path / ".env").write_text("A=1\n")
    checked = run(
        "check-config", "--strict", output, environment=ENVIRONMENT | {"WORKSPACE_FOLDER": str(tmp_path)}
    )
    assert checked.returncode == 0, checked.stderr
    assert (result.returncode == 1) == (file.stem in BROKEN)


@pytest.mark.parametrize("stem", sorted(REFUSED))
def test_what_the_gateway_would_refuse_is_said_as_check_config_says_it_and_not_lost(stem, tmp_path):
    output = tmp_path / "config.json"
    result = imported(GOLDEN / f"{stem}.json", "--output", output)
    assert result.returncode == 1
    checked = run("check-config", output)
    assert checked.returncode == 78
    mistakes = {line for line in checked.stderr.splitlines() if ": error: " in line}
    said = {line for line in result.stderr.splitlines() if line.startswith(f"{output}:")}
    assert {line.replace(": warning: ", ": error: ") for line in said} == mistakes
    servers = json.loads((GOLDEN / f"{stem}.json").read_text())["mcpServers"]
    assert list(json.loads(output.read_text())["mcpServers"]) == list(servers)


def test_what_is_only_missing_here_is_said_and_no_mistake(tmp_path):
    (tmp_path / "x.json").write_text(
        json.dumps({"servers": {"a": {"command": "x", "envFile": "none.env", "env": {"A": "${env:NOT_SET_HERE}"}}}})
    )
    result = run("import", "x.json", "--from", "vscode", cwd=tmp_path)
    assert result.returncode == 0 and "error" not in result.stderr
    assert re.search(r"^<stdout>:\d+:\d+: warning: mcpServers\.a\.envFile .*none\.env", result.stderr, re.MULTILINE)
    assert re.search(r"^<stdout>:\d+:\d+: warning: mcpServers\.a\.env\.A .*NOT_SET_HERE", result.stderr, re.MULTILINE)


def test_names_in_the_file_can_forge_no_line_and_do_nothing_to_a_terminal(tmp_path):
    evil = "\x1b]0;owned\x07\nx.json:1:1: error: forged"
    entry = {"command": "x", evil: 1, "env": {evil: []}, "args": [None]}
    (tmp_path / "x.json").write_text(json.dumps({evil: 1, "mcpServers": {evil: entry, "a": {evil: 1}}}))
    result = run("import", "x.json", "--from", "claude", cwd=tmp_path)
    (tmp_path / "y.json").write_text(json.dumps({"servers": {"a": {"command": f"${{input:{evil}}}"}}}))
    for result in (result, run("import", "y.json", "--from", "vscode", cwd=tmp_path)):
        assert "owned" in result.stderr and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.stderr)
        assert not any(line.startswith("x.json:1:1: error: ") for line in result.stderr.splitlines()), result.stderr


def test_a_dollar_means_here_what_it_means_there(tmp_path):
    """mcpo puts nothing in its place, so it has to arrive as it is."""
    source, output = tmp_path / "mcpo.json", tmp_path / "config.json"
    command = ["sh", "-c", 'printf "%s\\n" "$PRICE" >&2; exec "$0"', fixture()["command"]]
    source.write_text(
        json.dumps({"mcpServers": {"a": {"command": command[0], "args": command[1:], "env": {"PRICE": "${PLAIN} $5 $$"}}}})
    )
    assert run("import", source, "--from", "mcpo", "--output", output).returncode == 0
    config = json.loads(output.read_text())
    config["mcpProxy"]["addr"] = "127.0.0.1:0"
    gateway = Gateway(json.dumps(config), tmp_path)
    try:
        gateway.wait_for_log(r"\$\{PLAIN\} \$5 \$\$")
    finally:
        gateway.finish()


def test_nothing_is_overwritten_unless_it_is_asked_for(tmp_path):
    source, output = GOLDEN / "settings.vscode.json", tmp_path / "config.json"
    first = run("import", source, "--from", "vscode", "--output", output)
    assert (first.returncode, first.stdout) == (0, "")
    assert stat.S_IMODE(output.stat().st_mode) == 0o600 and "mcp-server-time" in output.read_text()
    output.write_text("mine")
    second = run("import", source, "--from", "vscode", "--output", output)
    assert second.returncode == 1 and "--force" in second.stderr and output.read_text() == "mine"
    third = run("import", source, "--from", "vscode", "--output", output, "--force")
    assert third.returncode == 0 and "mcp-server-time" in output.read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["none.json", "--from", "claude"], 78, "none.json"),
        (["settings.vscode.json", "--from", "emacs"], 64, "mcp-proxy"),
        (["settings.vscode.json"], 64, "--from"),
        (["settings.vscode.json", "--from", "vscode", "--force"], 64, "--output"),
        (["https://example.com/x.json", "--from", "claude"], 64, "curl"),
        (["settings.vscode.json", "--from", "vscode", "--output", "/nowhere/x"], 1, "/nowhere/x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_imported_is_refused(arguments, status, words):
    result = run("import", *arguments)
    assert (result.returncode, result.stdout) == (status, "")
    assert words in result.stderr


def test_broken_syntax_has_a_place(tmp_path):
    (tmp_path / "x.json").write_text('{\n  "mcpServers": {\n    "a": {"command": "x"\n')
    result = run("import", "x.json", "--from", "claude", cwd=tmp_path)
    assert result.returncode == 78 and "x.json:" in result.stderr
