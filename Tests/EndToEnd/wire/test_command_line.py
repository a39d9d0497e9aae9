"""The command line: what people and scripts see."""

import json
import socket
import subprocess

import pytest

from support.gateway import BINARY, LISTENING, Gateway, configuration, fixture


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=30)


def write(tmp_path, text):
    file = tmp_path / "config.json"
    file.write_text(text if isinstance(text, str) else json.dumps(text, indent=2))
    return file


def test_version_is_one_line():
    result = run("--version")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 1 and result.stdout[0].isdigit()


def test_check_config_accepts_a_good_file(tmp_path):
    result = run("check-config", write(tmp_path, configuration({"time": fixture()})))
    assert result.returncode == 0, result.stderr


def test_check_config_names_file_line_and_column_of_a_missing_comma(tmp_path):
    file = write(tmp_path, '{\n  "mcpServers": {\n    "a": {"command": "x"}\n    "b": {"command": "y"}\n  }\n}\n')
    result = run("check-config", file)
    assert result.returncode == 78
    assert f"{file}:4:" in result.stdout + result.stderr or f"{file}:3:" in result.stdout + result.stderr
    assert "error: " in result.stdout + result.stderr


def test_a_warning_is_an_error_only_under_strict(tmp_path):
    file = write(tmp_path, configuration({"time": {**fixture(), "comand": "misspelt"}}))
    lenient, strict = run("check-config", file), run("check-config", file, "--strict")
    assert lenient.returncode == 0 and strict.returncode == 3
    assert "comand" in lenient.stdout + lenient.stderr


def test_check_config_of_a_file_that_is_not_there(tmp_path):
    result = run("check-config", tmp_path / "none.json")
    assert result.returncode == 78
    assert "none.json" in result.stdout + result.stderr


@pytest.mark.parametrize("flag", ["--config", "-config"])
def test_a_broken_file_stops_the_start_with_78(tmp_path, flag):
    result = run(flag, write(tmp_path, '{"mcpServers": '))
    assert result.returncode == 78
    assert "config.json:1:" in result.stderr


@pytest.mark.parametrize("arguments", [["-config"], ["run", "--config"]], ids=" ".join)
def test_other_spellings_start_the_gateway(tmp_path, arguments):
    file = write(tmp_path, configuration({"fixture": fixture()}))
    process = subprocess.Popen([BINARY, *arguments, file], stderr=subprocess.PIPE, text=True)
    try:
        assert any(LISTENING.search(line) for line in process.stderr)
    finally:
        process.terminate()
        process.stderr.read()
    assert process.wait(20) == 0


def test_a_file_without_servers_is_served_and_stopped_like_any_other(start):
    with start({}) as gateway:
        gateway.wait_for_log("ready")


def test_a_port_in_use_is_an_error_that_names_it(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        gateway = Gateway(configuration({"fixture": fixture()}, addr=address), tmp_path)
        try:
            assert gateway.wait(10) not in (0, 78)
        finally:
            gateway.process.kill()
        assert address in gateway.log


def test_a_mistake_in_one_server_leaves_the_others_running(start):
    import asyncio

    from support.messages import call
    from support.sessions import legacy

    async def use(gateway):
        async with legacy(gateway) as session:
            assert "result" in await session.ask(call("1", "echo"))

    with start({"fixture": fixture(), "broken": {"command": "x", "url": "http://127.0.0.1:1/"}}) as gateway:
        asyncio.run(use(gateway))
        assert "broken" in gateway.log and "config.json:" in gateway.log


def test_a_token_in_the_file_is_never_in_the_log(start):
    with start({"fixture": fixture(env={"API_KEY": "very-secret-env"})}, options={"authTokens": ["very-secret"]}) as gateway:
        pass
    assert "very-secret" not in gateway.log


OLD = {
    "server": {"addr": "127.0.0.1:0", "globalAuthTokens": ["very-secret"]},
    "clients": {"time": {"type": "stdio", "config": fixture(), "logEnabled": True}},
}


def test_check_config_prints_the_first_format_in_the_second(tmp_path):
    result = run("check-config", write(tmp_path, OLD))
    assert result.returncode == 0
    assert json.loads(result.stdout) == {
        "mcpProxy": {"addr": "127.0.0.1:0", "options": {"authTokens": ["very-secret"]}},
        "mcpServers": {"time": {"transportType": "stdio", **fixture(), "options": {"logEnabled": True}}},
    }
    assert "first format" in result.stderr and "very-secret" not in result.stderr
    again = run("check-config", write(tmp_path, result.stdout), "--strict")
    assert again.returncode == 0 and again.stdout.endswith("valid, 1 servers\n")


def test_a_file_of_the_first_format_is_run_with_a_warning_that_says_how_to_migrate_it(tmp_path):
    gateway = Gateway(json.dumps(OLD), tmp_path)
    try:
        gateway.wait_until_listening()
    finally:
        gateway.finish()
    assert f"mcp-gateway check-config {gateway.file}" in gateway.log
    assert "very-secret" not in gateway.log


@pytest.mark.parametrize(
    "arguments",
    [
        ["-insecure"],
        ["--insecure=true", "-config", "config.json"],
        ["-http-headers", "X-Key:very-secret"],
        ["-http-headers=X-Key:very-secret"],
        ["-http-timeout", "10"],
        ["-config", "https://user:very-secret@example.com/config.json"],
        ["-config=http://example.com/very-secret"],
        ["check-config", "HTTP://example.com/very-secret"],
    ],
    ids=" ".join,
)
def test_what_concerns_a_configuration_elsewhere_is_refused_with_advice(arguments):
    result = run(*arguments)
    assert result.returncode == 64
    assert "curl" in result.stderr and "very-secret" not in result.stderr
    flag = arguments[0].split("=")[0].lstrip("-")
    assert "URL" in result.stderr if "config" in flag else f"-{flag}" in result.stderr


@pytest.mark.parametrize("flag", ["-expand-env", "-expand-env=true", "--expand-env=1", "-insecure=false"])
def test_a_flag_that_asks_for_what_happens_anyway_is_taken(tmp_path, flag):
    # A broken file tells that the command line was taken.
    assert run(flag, "-config", write(tmp_path, "{")).returncode == 78


@pytest.mark.parametrize("flag", ["-expand-env=false", "-expand-env=maybe", "-insecure=maybe"])
def test_a_flag_that_asks_for_something_else_is_not(tmp_path, flag):
    result = run(flag, "-config", write(tmp_path, "{"))
    assert result.returncode == 64
    assert flag.split("=")[0] in result.stderr


def test_flags_with_one_dash_answer_as_those_with_two():
    assert run("-version").stdout == run("--version").stdout != ""
    assert run("-help").stdout == run("--help").stdout != ""


def test_a_configuration_may_come_through_a_pipe():
    result = subprocess.run(
        [BINARY, "check-config", "/dev/stdin"], input=json.dumps(OLD), capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 0 and "mcpServers" in result.stdout


def test_an_env_file_beside_the_configuration_reaches_the_server_and_its_mistakes_have_a_place(tmp_path):
    (tmp_path / "a.env").write_text("A=1\nvery-secret\n")
    result = run("check-config", write(tmp_path, configuration({"a": {**fixture(), "envFile": "a.env"}})))
    assert result.returncode == 78
    assert f"{tmp_path / 'a.env'}:2:5: error: " in result.stderr
    assert "very-secret" not in result.stderr
