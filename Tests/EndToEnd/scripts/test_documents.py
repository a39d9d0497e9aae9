"""What the documents print: it parses, and the gateway takes what is meant for it."""

import json
import re
import shutil
import subprocess
import tomllib

import pytest

from scripts.documents import Block, blocks
from support.gateway import BINARY, REPOSITORY

DOCUMENTS = [REPOSITORY / "README.md", REPOSITORY / "SECURITY.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCKS = [block for block in blocks(*DOCUMENTS) if "…" not in block.text]
LANGUAGES = {
    "", "json", "jsonc", "sh", "console", "yaml", "toml", "nginx", "haproxy", "caddyfile", "http", "logql", "python", "ini",
}
# Whatever the documents refer to by ${NAME}; a secret would be no better.
ENVIRONMENT = {"PATH": "/usr/bin:/bin"} | dict.fromkeys(
    ("MCP_GATEWAY_TOKEN", "GITHUB_TOKEN", "WEATHER_TOKEN", "ALICE_TOKEN", "BOB_TOKEN", "PROXY_TOKEN"), "x"
)
TOKENS = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])', re.DOTALL)


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def plain(text: str) -> str:
    """JSON with comments and trailing commas as JSON; the members of an object alone get their braces."""
    text = TOKENS.sub(lambda match: match[1] or "", text).strip().rstrip(",")
    return f"{{{text}}}" if text.startswith('"') else text


def test_every_block_has_a_language_that_is_looked_at():
    assert [str(block) for block in BLOCKS if block.language not in LANGUAGES] == []


@pytest.mark.parametrize("block", of("json", "jsonc"), ids=str)
def test_json_parses(block):
    json.loads(plain(block.text) if block.language == "jsonc" else block.text)


@pytest.mark.parametrize("block", [block for block in of("json", "jsonc") if '"mcpProxy"' in block.text], ids=str)
def test_the_gateway_takes_its_configurations_without_a_warning(block, tmp_path):
    text = block.text if block.text.lstrip().startswith(("{", "//")) else f"{{{block.text}}}"
    (tmp_path / "config.json").write_text(text)
    (tmp_path / "token").write_text("x")
    result = subprocess.run(
        [BINARY, "check-config", "--strict", tmp_path / "config.json"], capture_output=True, text=True, timeout=30,
        env=ENVIRONMENT | {"CREDENTIALS_DIRECTORY": str(tmp_path)},
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("block", of("toml"), ids=str)
def test_toml_parses(block):
    tomllib.loads(block.text)


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_yaml_parses(block):
    python = "/usr/bin/python3"
    if not shutil.which(python) or subprocess.run([python, "-c", "import yaml"], capture_output=True).returncode:
        pytest.skip("no python3-yaml")
    result = subprocess.run([python, "-c", "import sys, yaml; assert yaml.safe_load(sys.stdin)"], input=block.text, text=True)
    assert result.returncode == 0


@pytest.mark.parametrize("block", of("sh"), ids=str)
def test_commands_are_shell(block):
    result = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def run_help(command) -> str:
    result = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    return result.stdout


# At the beginning of a line or after sudo and the like; what is a unit or a file is not meant.
COMMAND = re.compile(r"(?:^|[;&|] |sudo |exec mcp-gateway |\$ )(\./scripts/[\w-]+\.sh|mcp-gateway)((?: [^\s#|]+)*)", re.MULTILINE)


SUBCOMMANDS = {"run", "help", "guard", *re.findall(r"^  ([a-z-]+)  ", run_help([BINARY]), re.MULTILINE)}


@pytest.mark.parametrize("block", of("sh"), ids=str)
def test_commands_and_their_options_exist(block):
    for program, rest in COMMAND.findall(block.text):
        words = rest.split(" -- ")[0].split()
        if program == "mcp-gateway":
            names = [] if not words or words[0].startswith("-") else words[:1]
            assert set(names) <= SUBCOMMANDS, names
            shown = run_help([BINARY, *(names or ["run"])])
        else:
            assert (REPOSITORY / program).exists(), program
            if "--help" not in (REPOSITORY / program).read_text():
                continue
            shown = run_help([REPOSITORY / program])
        for option in (word for word in words if re.match(r"--?[a-z]", word)):
            assert re.search(rf"{re.escape(option)}\b", shown), f"{program} {rest}: {option}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
            assert anchor in slugs, f"{target}: {slugs}"
