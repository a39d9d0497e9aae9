"""backup.sh and restore.sh: what was saved comes back, and nothing else does any harm."""

import io
import json
import tarfile

import pytest

from scripts.running import script
from support.control import controlled
from support.gateway import fixture

CONFIG = '{ "mcpServers": { "one": { "command": "true", "env": { "A": "${KEY}" } } } } // as it is\n'


class Place:
    """Directories like those of a service."""

    def __init__(self, directory):
        self.config, self.state, self.units = (directory / name for name in ("etc", "state", "units"))

    def fill(self):
        self.config.mkdir(parents=True)
        self.put("config.json", CONFIG, 0o640)
        self.put("config.json.20260101.bak", "old")
        self.put("environment", "# keys\nKEY=very-secret\n", 0o600)
        (self.state / ".npm").mkdir(parents=True)
        (self.state / ".npm/cached").write_text("x")
        (self.state / "notes").write_text("kept")
        drop_in = self.units / "mcp-gateway.service.d"
        drop_in.mkdir(parents=True)
        token = self.units.parent / "keys" / "token"
        token.parent.mkdir()
        token.write_text("more-secret")
        (drop_in / "override.conf").write_text(f"[Service]\nLoadCredential=token:{token}\n")
        return self

    def put(self, name, text, mode=0o644):
        (self.config / name).write_text(text)
        (self.config / name).chmod(mode)

    @property
    def options(self):
        return ["--config-dir", self.config, "--state-dir", self.state, "--units-dir", self.units]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "here").fill()


def saved(place, tmp_path, *options):
    archive = tmp_path / "saved.tar.gz"
    result = script("backup.sh", "--output", archive, *place.options, *options)
    assert result.returncode == 0, result.stderr
    assert "secret" not in result.stderr.replace("secrets", "")
    return archive


def restore(archive, place, *options, **environment):
    return script("restore.sh", archive, *place.options, *options, **environment)


def contents(archive):
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}


def test_without_being_asked_no_secret_is_saved_but_all_are_listed(place, tmp_path):
    archive = saved(place, tmp_path)
    assert archive.stat().st_mode & 0o777 == 0o600
    files = contents(archive)
    assert b"very-secret" not in b"".join(files.values()) and b"more-secret" not in b"".join(files.values())
    listed = files["./credentials.txt"].decode()
    assert f"{place.config}/environment mode=600" in listed and "variable KEY" in listed
    assert "credential token" in listed and "keys/token mode=" in listed
    assert files["./config/config.json"].decode() == CONFIG and "./config/config.json.20260101.bak" not in files


def test_everything_comes_back_elsewhere(place, tmp_path):
    archive = saved(place, tmp_path, "--with-secrets")
    token = place.units.parent / "keys" / "token"
    token.unlink()
    there = Place(tmp_path / "there")
    result = restore(archive, there, "--state", "--units", "--no-service")
    assert result.returncode == 0, result.stderr
    assert (there.config / "config.json").read_text() == CONFIG
    assert (there.config / "config.json").stat().st_mode & 0o777 == 0o640
    assert (there.config / "environment").stat().st_mode & 0o777 == 0o600
    assert (there.state / "notes").read_text() == "kept" and not (there.state / ".npm").exists()
    assert "LoadCredential" in (there.units / "mcp-gateway.service.d/override.conf").read_text()
    assert token.read_text() == "more-secret"


def test_what_is_replaced_is_kept(place, tmp_path):
    archive = saved(place, tmp_path)
    place.put("config.json", '{ "mcpServers": {} }')
    (place.state / "notes").write_text("newer")
    result = restore(archive, place, "--state", "--no-service")
    assert result.returncode == 0, result.stderr
    assert (place.config / "config.json").read_text() == CONFIG
    [config] = place.config.parent.glob("etc.before-*")
    [state] = place.config.parent.glob("state.before-*")
    assert (config / "config.json").read_text() == '{ "mcpServers": {} }' and (state / "notes").read_text() == "newer"
    assert not list(place.config.glob(".restore*")) + list(config.glob(".restore*"))


def test_a_configuration_that_lacks_its_secrets_needs_force(place, tmp_path):
    archive = saved(place, tmp_path)
    there = Place(tmp_path / "there")
    result = restore(archive, there, "--no-service")
    assert result.returncode == 78 and "KEY" in result.stderr
    assert not (there.config / "config.json").exists()
    assert restore(archive, there, "--no-service", "--force").returncode == 0
    assert (there.config / "config.json").exists()


def test_check_changes_nothing(place, tmp_path):
    archive = saved(place, tmp_path, "--with-secrets")
    there = Place(tmp_path / "there")
    result = restore(archive, there, "--check")
    assert result.returncode == 0, result.stderr
    assert not there.config.exists()


@pytest.mark.parametrize("name", ["../escaped", "./config/../../escaped", "/tmp/escaped", "./other"])
def test_an_archive_with_anything_else_in_it_is_refused(place, tmp_path, name):
    archive = saved(place, tmp_path, "--no-state")
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(changed, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
        new.addfile(tarfile.TarInfo(name), io.BytesIO())
    assert restore(changed, place, "--no-service").returncode == 65


def test_a_damaged_archive_is_refused(place, tmp_path):
    archive = saved(place, tmp_path, "--no-state")
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(changed, "w:gz") as new:
        for member in old:
            data = old.extractfile(member).read() if member.isfile() else b""
            if member.name.endswith("config.json"):
                data = data.replace(b"true", b"fals")
            new.addfile(member, io.BytesIO(data))
    result = restore(changed, place, "--no-service")
    assert result.returncode == 65 and "damaged" in result.stderr
    (tmp_path / "nothing").write_text("nothing")
    assert restore(tmp_path / "nothing", place).returncode == 65


def test_a_running_gateway_takes_up_what_was_restored_and_keeps_what_it_has_if_it_cannot(tmp_path):
    with controlled({"one": fixture()}) as gateway:
        place = Place(gateway.directory)
        place.config = gateway.directory
        archive = saved(place, tmp_path, "--no-state")
        now = json.loads(gateway.file.read_text())
        now["mcpServers"]["two"] = fixture()
        gateway.file.write_text(json.dumps(now))
        assert gateway.cli("reload").returncode == 0
        result = restore(archive, place, "--control", gateway.socket)
        assert result.returncode == 0, result.stderr
        assert gateway.cli("status", "two").returncode == 1 and gateway.cli("status", "one").returncode == 0

        now["mcpServers"]["one"]["env"] = {"A": "${ONLY_HERE}"}
        gateway.file.write_text(json.dumps(now))
        archive.unlink()
        saved(place, tmp_path, "--no-state")
        gateway.file.write_text(good := json.dumps({**now, "mcpServers": {"one": fixture()}}))
        result = restore(archive, place, "--control", gateway.socket, ONLY_HERE="x")
        assert result.returncode == 1 and "ONLY_HERE" in result.stderr, result.stderr
        assert gateway.file.read_text() == good


def test_no_configuration_is_nothing_to_save(tmp_path):
    assert script("backup.sh", "--config-dir", tmp_path / "none").returncode == 1
