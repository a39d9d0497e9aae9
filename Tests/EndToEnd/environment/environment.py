"""All of them together: started, written down as one configuration, and stopped."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from environment import catalogue
from environment.catalogue import Service
from environment.postgresql import READINGS, Cluster
from environment.program import Program, Unavailable
from support.programs import free_port


class Environment:
    """`services` are those that run, by name; `skipped` tells why another one does not."""

    def __init__(self, directory: Path, usual_ports: bool = False):
        self.directory = directory
        self.ports = catalogue.USUAL_PORTS if usual_ports else {}
        self.services: dict[str, Service] = {}
        self.skipped: dict[str, str] = {}
        # In the order in which they were started: a database before those who use it.
        self.programs: list[Program] = []
        # Programs that run under another account have to find their files.
        os.chmod(directory, 0o711)

    def start(self) -> None:
        try:
            self.page = self.run(catalogue.page(self.directory))
            clusters = self.start_clusters()
            for name, cluster in clusters.items():
                port = self.port(name)
                self.add(name, lambda: catalogue.postgres_mcp(name, cluster, port, self.directory))
            self.add("playwright", lambda: catalogue.playwright(self.port("playwright"), self.directory))
            self.add("fetch", catalogue.fetch)
            self.add("filesystem", lambda: catalogue.filesystem(self.directory))
            sse, streamable = ("sse", "/sse"), ("streamable-http", "/mcp")
            self.add("features-sse", lambda: catalogue.features("features-sse", "mcp1", *sse, self.directory))
            self.add(
                "features-http",
                lambda: catalogue.features(
                    "features-http", "mcp2", *streamable, self.directory, transportType="streamable-http"
                ),
            )
            for program in self.programs:
                program.wait_until_open()
        except BaseException:
            self.stop()
            raise

    def port(self, name: str) -> int:
        return self.ports.get(name) or free_port()

    def run(self, program: Program) -> Program:
        program.start()
        self.programs.append(program)
        return program

    def add(self, name: str, make: Callable[[], Service]) -> None:
        try:
            service = make()
            if service.program:
                self.run(service.program)
            self.services[name] = service
        except Unavailable as reason:
            self.skipped[name] = str(reason)

    def start_clusters(self) -> dict[str, Cluster]:
        """Two of them, the second in the place of TimescaleDB, which Debian does not have."""
        names = ("postgres", "timescaledb")
        try:
            clusters = {name: Cluster(f"{name}-cluster", free_port(), self.directory) for name in names}
        except Unavailable as reason:
            self.skipped |= {name: str(reason) for name in names}
            return {}
        creations = {name: cluster.create() for name, cluster in clusters.items()}
        for name, cluster in clusters.items():
            if creations[name].wait() != 0:
                raise AssertionError(f"initdb failed; it wrote:\n{cluster.log.read_text()}")
            self.run(cluster)
        for cluster in clusters.values():
            cluster.wait_until_open()
        clusters["timescaledb"].run(READINGS)
        return clusters

    def stop(self) -> None:
        for program in reversed(self.programs):
            program.stop()
        self.programs = []

    def configuration(self, address: str) -> dict:
        """With all of them, and the gateway's own server."""
        return {
            "mcpProxy": {"addr": address, "name": "services", "version": "1.0.0"},
            "mcpServers": {
                **{name: dict(service.block) for name, service in self.services.items()},
                "gateway": {"builtin": "gateway"},
            },
        }

    def write_configuration(self, address: str) -> Path:
        file = self.directory / "config.json"
        file.write_text(json.dumps(self.configuration(address), indent=2, ensure_ascii=False) + "\n")
        return file
