"""add-mcp-service.sh: a configuration is changed safely, and the gateway takes it up."""

import json
import re

import pytest

from scripts.running import script
from support.control import controlled
from support.gateway import FIXTURE_SERVER, configuration, fixture

COMMENTED = """{
  // Mind the "braces": { in comments }
  "mcpProxy": { "addr": "127.0.0.1:0" /* any */ },
  "mcpServers": {
    "one": { "command": "true", "args": ["// no comment", "\\"}"] }, // the first
    // "other": { "command": "true" },
  },
  "x-after": [1, {"mcpServers": {}}],
}
"""


def write(tmp_path, text: str):
    file = tmp_path / "config.json"
    file.write_text(text)
    file.chmod(0o640)
    return file


def add(file, *arguments, **environment):
    return script("add-mcp-service.sh", "--config", file, *arguments, **environment)


def without_comments(text: str):
    """For texts whose strings hold neither // nor a comma before a bracket."""
    return json.loads(re.sub(r",(\s*[}\]])", r"\1", re.sub(r"//[^\n]*|/\*.*?\*/", "", text)))


def backups(file):
    return sorted(file.parent.glob("config.json.*.bak"))


def test_what_is_added_is_all_that_changes(tmp_path):
    file = write(tmp_path, COMMENTED)
    result = add(file, "two", "--no-reload", "--env", "KEY=a=b", "--required", "--", "true", "--flag", "a b")
    assert result.returncode == 0, result.stderr
    text = file.read_text()
    start = text.index('    "two"')
    end = text.index("  },\n  \"x-after\"")
    assert text[:start] + text[end:] == COMMENTED
    assert without_comments("{" + text[start:end] + "}") == {
        "two": {"env": {"KEY": "a=b"}, "required": True, "command": "true", "args": ["--flag", "a b"]}
    }
    assert file.stat().st_mode & 0o777 == 0o640
    assert [backup.read_text() for backup in backups(file)] == [COMMENTED]


@pytest.mark.parametrize(
    "text",
    ['{"mcpServers":{}}', '{"mcpServers": {"one": {"command": "true"}}}', '{\n\t"mcpServers": {\n\t\t"one": {"command": "true"} // x\n\t}\n}'],
    ids=["none", "one line", "tabs"],
)
def test_other_layouts_get_a_valid_file_too(tmp_path, text):
    file = write(tmp_path, text)
    result = add(file, "two", "--no-reload", "--url", "http://127.0.0.1:1/mcp", "--header", "X-Key: v", "--transport", "sse")
    assert result.returncode == 0, result.stderr
    servers = without_comments(file.read_text().replace("http://", "http:"))["mcpServers"]
    assert servers.pop("two") == {"url": "http:127.0.0.1:1/mcp", "headers": {"X-Key": "v"}, "transportType": "sse"}
    assert set(servers) <= {"one"}


def test_a_dry_run_shows_the_difference_and_changes_nothing(tmp_path):
    file = write(tmp_path, COMMENTED)
    result = add(file, "two", "--dry-run", "--", "true")
    assert result.returncode == 0 and '+    "two": {' in result.stdout
    assert file.read_text() == COMMENTED and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "arguments", "status", "message"),
    [
        (COMMENTED, ["one", "--", "true"], 65, 'line 5: there is a server "one" already'),
        ("{}", ["two", "--", "true"], 65, 'no "mcpServers"'),
        ('{"mcpServers": ', ["two", "--", "true"], 65, "ends too early"),
        ('{"mcpServers": {"one": \'x\'}}', ["two", "--", "true"], 78, "error: "),
        (COMMENTED, ["api", "--", "true"], 78, "error: "),
        (COMMENTED, ["two", "--env", "A=${NOT_SET_ANYWHERE}", "--", "true"], 78, "NOT_SET_ANYWHERE"),
        (COMMENTED, ["two"], 64, "command"),
        (COMMENTED, ["--", "true"], 64, "NAME"),
        (COMMENTED, ["two", "--env", "A", "--", "true"], 64, "NAME=VALUE"),
        (COMMENTED, ["two", "--url", "http://x/", "--", "true"], 64, "either"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_what_would_be_wrong_is_said_and_changes_nothing(tmp_path, text, arguments, status, message):
    file = write(tmp_path, text)
    result = add(file, *arguments)
    assert (result.returncode, message in result.stderr) == (status, True), result.stderr
    assert file.read_text() == text and list(tmp_path.iterdir()) == [file]


def test_variables_of_the_service_are_known(tmp_path):
    file = write(tmp_path, COMMENTED)
    (tmp_path / "environment").write_text("# of the service\nSECRET_OF_TWO='a b'\n")
    result = add(file, "two", "--no-reload", "--env", "A=${SECRET_OF_TWO}", "--", "true")
    assert result.returncode == 0, result.stderr
    assert "a b" not in file.read_text() + result.stderr


def test_without_a_gateway_the_file_is_changed_and_that_is_said(tmp_path):
    file = write(tmp_path, COMMENTED)
    result = add(file, "two", "--control", tmp_path / "none.sock", "--", "true")
    assert result.returncode == 0 and "no gateway runs here" in result.stderr
    assert '"two"' in file.read_text()


def test_a_link_stays_one(tmp_path):
    file = write(tmp_path, COMMENTED)
    link = tmp_path / "link.json"
    link.symlink_to(file)
    assert add(link, "two", "--no-reload", "--", "true").returncode == 0
    assert link.is_symlink() and '"two"' in file.read_text()


def test_ten_backups_are_kept(tmp_path):
    file = write(tmp_path, COMMENTED)
    for number in range(12):
        assert add(file, f"server-{number}", "--no-reload", "--", "true").returncode == 0
    assert len(backups(file)) == 10


def test_the_running_gateway_starts_it():
    with controlled({"one": fixture()}) as gateway:
        result = add(gateway.file, "two", "--required", "--control", gateway.socket, "--", FIXTURE_SERVER)
        assert result.returncode == 0, result.stderr
        assert gateway.status("two")["phase"] == "ready"
        assert "two" in gateway.log


def test_a_gateway_that_does_not_take_it_keeps_its_file(tmp_path):
    # Only the gateway lacks the variable: the check beforehand cannot know.
    with controlled({"one": fixture()}) as gateway:
        before = gateway.file.read_text()
        result = add(
            gateway.file, "two", "--env", "A=${ONLY_HERE}", "--control", gateway.socket, "--", FIXTURE_SERVER,
            ONLY_HERE="x",
        )
        assert result.returncode == 1 and "ONLY_HERE" in result.stderr, result.stderr
        assert gateway.file.read_text() == before
        assert gateway.cli("status", "two").returncode != 0
        assert gateway.cli("status", "one").returncode == 0
        assert json.loads(before) == {**configuration({"one": fixture()})}
