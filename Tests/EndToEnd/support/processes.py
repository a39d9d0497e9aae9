"""Processes as /proc shows them."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One life of a pid: the start time tells it from a later process of the same number."""

    pid: int
    parent: int
    started: int
    command: str

    def is_alive(self) -> bool:
        now = read(self.pid)
        return now is not None and now.started == self.started


def read(pid: int) -> Process | None:
    """None for a process that is gone or only waits to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field, the name in brackets, may hold spaces and brackets itself (proc_pid_stat(5)).
    fields = stat[stat.rindex(")") + 2 :].split()
    if fields[0] == "Z":
        return None
    return Process(pid=pid, parent=int(fields[1]), started=int(fields[19]), command=command.strip())


def zombies_of(parent: int) -> list[int]:
    """Children of `parent` that have ended and that nobody has waited for."""
    found = []
    for pid in all_pids():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = stat[stat.rindex(")") + 2 :].split()
        if fields[0] == "Z" and int(fields[1]) == parent:
            found.append(pid)
    return found


def all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def descendants(of: int) -> list[Process]:
    """Children, their children and so on, parents first."""
    everyone = [process for pid in all_pids() if (process := read(pid))]
    found: list[Process] = []
    generation = [of]
    while generation:
        children = [process for process in everyone if process.parent in generation]
        found += children
        generation = [process.pid for process in children]
    return found
