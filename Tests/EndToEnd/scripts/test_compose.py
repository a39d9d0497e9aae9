"""compose/: as much of it as can be tried without a Docker engine."""

import os
import re
import shutil
import subprocess

import pytest

from support.gateway import BINARY, REPOSITORY

COMPOSE = REPOSITORY / "compose"
FILES = sorted(COMPOSE.glob("*compose.yaml"))
VARIABLES = {
    name: "x1"
    for name in ("MCP_GATEWAY_TOKEN", "POSTGRES_PASSWORD", "TIMESCALEDB_PASSWORD", "WEBUI_SECRET_KEY", "GRAFANA_PASSWORD")
} | {"JOURNAL_GROUP": "101"}


def configured(file, **variables):
    return subprocess.run(
        ["docker-compose", "--file", file, "config"], capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], **variables},
    )


needs_compose = pytest.mark.skipif(not shutil.which("docker-compose"), reason="no docker-compose")


@needs_compose
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_docker_compose_reads_it(file):
    result = configured(file, **VARIABLES)
    assert result.returncode == 0, result.stderr
    assert "services:" in result.stdout


@needs_compose
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_must_be_set_is_asked_for(file):
    result = configured(file)
    assert result.returncode != 0
    assert ".env" in result.stderr or "systemd-journal" in result.stderr


def test_every_image_has_a_version():
    texts = [file.read_text() for file in [*FILES, COMPOSE / "Dockerfile"]]
    images = [name for text in texts for name in re.findall(r"^(?:\s+image:|FROM) (\S+)", text, re.MULTILINE)]
    assert len(images) >= 9
    assert [image for image in images if not re.search(r":v?\d", image)] == []


def test_the_gateway_takes_its_configuration_without_a_warning():
    result = subprocess.run(
        [BINARY, "check-config", "--strict", COMPOSE / "config.json"], capture_output=True, text=True, timeout=30,
        env={"MCP_GATEWAY_TOKEN": "x"},
    )
    assert result.returncode == 0, result.stderr


def test_every_file_that_is_mounted_or_copied_is_there():
    for file in FILES:
        for path in re.findall(r"^\s+- (\./[^:]+):", file.read_text(), re.MULTILINE):
            assert (COMPOSE / path).exists(), f"{file.name}: {path}"
    for path in re.findall(r"^COPY (?!--)(\S+) ", (COMPOSE / "Dockerfile").read_text(), re.MULTILINE):
        assert (REPOSITORY / path).exists(), path


def test_all_that_the_package_links_to_is_copied_into_the_build():
    copied = set(re.findall(r"^COPY (?!--)(\w+) ", (COMPOSE / "Dockerfile").read_text(), re.MULTILINE))
    ignored = (COMPOSE / "Dockerfile.dockerignore").read_text().splitlines()
    links = [path for folder in ("Sources", "Tests") for path in (REPOSITORY / folder).rglob("*") if path.is_symlink()]
    assert links
    for link in links:
        top = link.resolve().relative_to(REPOSITORY).parts[0]
        assert top in copied and f"!{top}" in ignored, link


def test_labels_are_made_of_fields_that_the_journal_has():
    fields = re.findall(r'"__journal_(mcp_\w+)"', (COMPOSE / "alloy.config").read_text())
    assert fields
    documented = (REPOSITORY / "docs/journal.md").read_text()
    assert [field for field in fields if f"`{field.upper()}`" not in documented] == []
