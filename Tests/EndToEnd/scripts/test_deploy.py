"""deploy.sh, as far as it goes without a systemd; scripts/systemd-test.sh has the rest."""

import shutil
import subprocess

import pytest

from scripts.running import script
from support.gateway import BINARY

CONTROL = "Package: mcp-gateway\nVersion: 0\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: test\n"

needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="no dpkg-deb")


@pytest.fixture
def package(tmp_path):
    """A package whose program is the one under test."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(CONTROL)
    (tree / "usr/bin").mkdir(parents=True)
    program = tree / "usr/bin/mcp-gateway"
    program.write_text(f'#!/bin/sh\nexec {BINARY} "$@"\n')
    program.chmod(0o755)
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", tree, tmp_path / "it.deb"], check=True, capture_output=True)
    return tmp_path / "it.deb"


@needs_dpkg
def test_a_configuration_that_the_new_program_does_not_take_stops_it_before_anything_is_changed(package, tmp_path):
    (tmp_path / "config.json").write_text('{ "mcpServers": [] }')
    result = script("deploy.sh", "--config", tmp_path / "config.json", package)
    assert result.returncode == 78 and "config.json:1:" in result.stderr and "nothing was changed" in result.stderr


@needs_dpkg
def test_what_is_no_package_of_the_gateway_is_refused(tmp_path):
    (tmp_path / "it.deb").write_text("no package")
    assert script("deploy.sh", tmp_path / "it.deb").returncode == 65


@needs_dpkg
@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["--what"], 64), (["--timeout", "soon"], 64), (["a.deb", "b.deb"], 64), (["/none.deb"], 77)],
    ids=str,
)
def test_wrong_usage(arguments, status):
    assert script("deploy.sh", *arguments).returncode == status


@pytest.mark.parametrize("name", ["deploy.sh", "health-check.sh", "add-mcp-service.sh", "backup.sh", "restore.sh"])
def test_help_is_the_comment_at_the_top(name):
    result = script(name, "--help")
    assert result.returncode == 0
    assert f"{name} " in result.stdout and "Exit status: 0" in result.stdout and "set -euo" not in result.stdout
