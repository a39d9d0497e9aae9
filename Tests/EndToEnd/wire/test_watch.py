"""`--watch`: a changed file is read without anybody asking."""

import json

from support import waiting
from support.gateway import Gateway, configuration, fixture


def text(name: str) -> str:
    return json.dumps(configuration({"a": fixture("--name", name)}))


def watching(directory, config=None):
    gateway = Gateway(config or text("first"), directory, arguments=("--watch",))
    gateway.wait_until_listening()
    gateway.wait_for_child("first")
    return gateway


def reloads(gateway) -> int:
    return gateway.log.count("configuration reloaded")


def test_a_file_that_is_written_or_replaced_is_read_again(tmp_path):
    gateway = watching(tmp_path)
    try:
        gateway.file.write_text(text("second"))
        gateway.wait_for_child("second")
        # As editors do.
        other = tmp_path / "new"
        other.write_text(text("third"))
        other.rename(gateway.file)
        gateway.wait_for_child("third")
        # What else is in the directory is nobody's business, nor is a file that says the same.
        (tmp_path / "other").write_text("{")
        gateway.file.write_text(text("third"))
        waiting.until(lambda: reloads(gateway) == 3, "the third reload")
        assert 'changes="nothing changed"' in gateway.log
    finally:
        gateway.finish()


def test_a_file_with_a_mistake_changes_nothing_until_it_is_mended(tmp_path):
    gateway = watching(tmp_path)
    try:
        first = gateway.child("first")
        gateway.file.write_text("{")
        gateway.wait_for_log("configuration not reloaded")
        assert first.is_alive()
        gateway.file.write_text(text("second"))
        gateway.wait_for_child("second")
    finally:
        gateway.finish()


def test_a_link_that_is_swapped_leads_to_the_new_file(tmp_path):
    """As Kubernetes does with a ConfigMap: config.json leads to ..data/config.json, and ..data is what is replaced."""
    place = tmp_path / "mounted"
    place.mkdir()
    for number, name in enumerate(("first", "second")):
        (place / f"..{number}").mkdir()
        (place / f"..{number}" / "config.json").write_text(text(name))
    (place / "..data").symlink_to("..0")
    (place / "config.json").symlink_to("..data/config.json")
    gateway = Gateway({}, tmp_path, arguments=("--config", str(place / "config.json"), "--watch"))
    try:
        gateway.wait_until_listening()
        gateway.wait_for_child("first")
        (place / "..new").symlink_to("..1")
        (place / "..new").rename(place / "..data")
        gateway.wait_for_child("second")
        # The file behind it is watched, too.
        (place / "..1" / "config.json").write_text(text("third"))
        gateway.wait_for_child("third")
    finally:
        gateway.finish()
