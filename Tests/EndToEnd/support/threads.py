"""One thread of a process, stopped from outside: to the process it is as if that thread hung.

As a program: `python3 threads.py PID NAME` holds the thread until it is told to end or the process is gone."""

import ctypes
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request: int, thread: int) -> None:
    if libc.ptrace(request, thread, None, None) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace: {os.strerror(number)}")


def find(pid: int, name: str) -> int:
    """The id of the thread whose name begins so (proc_pid_comm(5))."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return next(int(thread.name) for thread in threads if (thread / "comm").read_text().startswith(name))


@contextmanager
def held(pid: int, name: str):
    """Holds the thread (ptrace(2)). PermissionError where that is not allowed."""
    thread = find(pid, name)
    ptrace(SEIZE, thread)
    ptrace(INTERRUPT, thread)
    os.waitpid(thread, WALL)
    try:
        yield
    finally:
        try:
            ptrace(DETACH, thread)
        except ProcessLookupError:
            pass


if __name__ == "__main__":
    process = int(sys.argv[1])
    with held(process, sys.argv[2]):
        print("held", flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
