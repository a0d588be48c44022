"""The two that are compared, as processes: a fresh region, and the peer's server."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import boto3
from botocore.config import Config

TARGET = pathlib.Path(os.environ["BENCH_TARGET"])
MAQUETTE = TARGET / "release" / "maquette"
BENCH = TARGET / "release" / "bench"
REGION = "us-east-1"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def pss_mib(pids):
    """The memory of these processes; pages that several share are counted once."""
    total = 0
    for pid in pids:
        try:
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def processes():
    """Pid to (parent, command line) of everything that runs."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            found[int(entry.name)] = (int(stat.rsplit(")", 1)[1].split()[1]), words)
    return found


class Subject:
    """Something with an AWS API on a port of loopback."""

    def client(self, service):
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=64, read_timeout=60)
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait_first_answer(self, path, begun):
        """Milliseconds from `begun` to the first answer on `path`, tried again and again."""
        while time.monotonic() - begun < 60:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as one:
                    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n"
                    one.sendall(request.encode())
                    if one.recv(12).startswith(b"HTTP/1."):
                        return (time.monotonic() - begun) * 1000
            except OSError:
                pass
            time.sleep(0.001)
        raise SystemExit(f"{self.name} never answered")


class Region(Subject):
    name = "maquette"

    def __init__(self):
        self.state = tempfile.mkdtemp(prefix="bench-", dir=TARGET)
        self.port = free_port()
        begun = time.monotonic()
        starting = subprocess.Popen(
            [MAQUETTE, "up", "--detach", "--state", self.state, "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
        )
        self.first_answer = self.wait_first_answer("/_maquette/health", begun)
        if starting.wait() != 0:
            raise SystemExit("the region did not come up")

    def status(self):
        words = [MAQUETTE, "status", "--json", "--state", self.state]
        return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)

    def pids(self):
        """Every process of the region: those whose words name its state, and what they started."""
        all_ = processes()
        state = self.state.encode()
        mine = {pid for pid, (_, words) in all_.items() if any(state in word for word in words)}
        mine.add(self.status()["control_plane"]["pid"])
        while more := {pid for pid, (parent, _) in all_.items() if parent in mine} - mine:
            mine |= more
        return mine

    def on_the_internet(self, *words):
        """A process on the model's internet, with pipes to it."""
        return subprocess.Popen(
            [MAQUETTE, "as", "--state", self.state, "internet", "--", *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def close(self):
        words = [MAQUETTE, "down", "--state", self.state]
        subprocess.run(words, check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(self.state, ignore_errors=True)


class Moto(Subject):
    name = "moto"

    def __init__(self):
        self.port = free_port()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ["BENCH_MOTO"], "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.first_answer = self.wait_first_answer("/moto-api/", begun)

    def pids(self):
        all_ = processes()
        mine = {self.process.pid}
        while more := {pid for pid, (parent, _) in all_.items() if parent in mine} - mine:
            mine |= more
        return mine

    def close(self):
        self.process.terminate()
        self.process.wait()
