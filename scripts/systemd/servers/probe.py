"""An MCP server whose one tool tries what servers in Python need, and what the unit must keep them from.

With --wheel DIRECTORY it writes a wheel of itself instead, for uvx.
"""

import ctypes
import json
import mmap
import multiprocessing
import os
import pathlib
import socket
import subprocess
import sys
import threading
import zipfile

HOME = pathlib.Path(os.path.expanduser("~"))


def connects() -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].sendall(b"x"))
        thread.start()
        with socket.create_connection(server.getsockname()) as client:
            received = client.recv(1)
        thread.join()
        return received == b"x"


def write(path: str) -> bool:
    pathlib.Path(path).write_text("x")
    return True


MUST_WORK = {
    "another python runs": lambda: subprocess.check_output([sys.executable, "-c", "print(1)"]) == b"1\n",
    "a shell runs": lambda: subprocess.check_output("echo here", shell=True) == b"here\n",
    "semaphores": lambda: multiprocessing.Semaphore(1).acquire(),
    "ctypes": lambda: ctypes.CDLL(None).getpid() == os.getpid(),
    "executable memory": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "home is writable": lambda: write(f"{HOME}/probe"),
    "/tmp is writable": lambda: write("/tmp/probe"),
    "a connection": connects,
}

MUST_FAIL = {
    "writing to /etc": lambda: write("/etc/probe"),
    "writing to /usr": lambda: write("/usr/bin/probe"),
    "writing to /opt": lambda: write("/opt/probe"),
    "reading /root": lambda: os.listdir("/root"),
    "gaining rights": lambda: os.setuid(0),
    "another root": lambda: os.chroot("/tmp"),
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
}


def probe() -> str:
    faults = []
    for name, action in MUST_WORK.items():
        try:
            if not action():
                faults.append(f"{name}: returned something else")
        except Exception as error:
            faults.append(f"{name}: {error}")
    for name, action in MUST_FAIL.items():
        try:
            action()
            faults.append(f"{name} is possible")
        except Exception:
            pass
    return "; ".join(faults) or "all as it should be"


def result_of(request: dict) -> dict:
    match request["method"]:
        case "initialize":
            version = request["params"]["protocolVersion"]
            about = {"name": "probe", "version": "1"}
            return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": about}
        case "tools/list":
            return {"tools": [{"name": "probe", "inputSchema": {"type": "object"}}]}
        case "tools/call":
            return {"content": [{"type": "text", "text": probe()}]}
        case _:
            return {}


def serve() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if "id" in request:
            answer = {"jsonrpc": "2.0", "id": request["id"], "result": result_of(request)}
            print(json.dumps(answer, separators=(",", ":")), flush=True)


def write_wheel(directory: str) -> None:
    info = "probe-1.0.dist-info"
    files = {
        "probe.py": pathlib.Path(__file__).read_text(),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: probe\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nprobe = probe:serve\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(f"{directory}/probe-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--wheel"]:
        write_wheel(sys.argv[2])
    else:
        serve()
