"""A balancer's node beside nginx and HAProxy: `bench/balancer/run.sh`, as figures."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from .subjects import TARGET
from .table import Figure, below, show

HERE = pathlib.Path(__file__).parent.parent
ROUNDS, SECONDS = 40, 0.3
PEERS = {"nginx": "nginx", "haproxy": "HAProxy"}
MOST_MEMORY = 20
"""Seconds in which a script has cleaned up after itself."""
CLEANING = 30


def script(folder, *words):
    """Runs a script that says what it does, and leaves what it measured in a file: its lines. When
    this is ended, so is the script, which takes down what it made.
    """
    with tempfile.NamedTemporaryFile("r", dir=TARGET) as file:
        run = [HERE / folder / "run.sh", *map(str, words)]
        environment = {"FIGURES": file.name, "BUILT": "1", "CARGO_TARGET_DIR": str(TARGET)}
        # A group of its own: what it waits for ends with it, and it itself goes on to clean up.
        running = subprocess.Popen(run, env=os.environ | environment, process_group=0)
        try:
            status = running.wait()
        finally:
            end(running)
        if status != 0:
            raise SystemExit(f"bench/{folder}/run.sh ended with {status}")
        return pathlib.Path(file.name).read_text().splitlines()


def end(running):
    """Asks a script's whole group to end, and waits until it has cleaned up."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(timeout=CLEANING)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def absent(part, programs):
    """A figure that is none for each peer that is not there."""
    return [
        Figure(f"{part}: {name} is not in this machine's packages", "-", "-", "-", "-", None)
        for name, program in programs.items()
        if not shutil.which(program)
    ]


def measure():
    missing = absent("balancer", {"nginx": "nginx", "HAProxy": "haproxy"})
    if missing:
        yield from missing
        return
    lines = [json.loads(line) for line in script("balancer", ROUNDS, SECONDS)]
    for line in lines:
        if "load" in line:
            yield from rates(line)
    node = next(line for line in lines if line.get("name") == "node")
    rest = {line["name"]: line for line in lines if "idle" in line}
    for what, name in (("rest", "after load"), ("full", f"{node['idle']:,} idle connections")):
        for peer, title in PEERS.items():
            name_ = f"a node's memory (PSS), {name}"
            yield below(name_, node[what], MOST_MEMORY, "MiB", rest[peer][what], title)


def rates(line):
    ours = line["seen"]["node"]
    connections = line["connections"]
    name = f"{line['load']}, {connections} connection{'s' if connections > 1 else ''}"
    for peer, title in PEERS.items():
        theirs = line["seen"].get(peer)
        if not theirs:
            continue
        # Taken within a round each, so not the ratio of the two middles that stand beside them.
        ratios = line["ratios"][peer]
        ratio = ratios["rate"]
        fast = lambda one: f"{show(one['rate'])} /s"
        yield Figure(
            name, fast(ours), f"{title} {fast(theirs)}", f"{ratio:.2f}", ">= 1", ratio >= 1
        )
        ratio = ratios["p99"]
        late = lambda one: f"{show(one['p99'])} us"
        peers = f"{title} {late(theirs)}"
        yield Figure(f"{name}, p99", late(ours), peers, f"{ratio:.2f}", "<= 1", ratio <= 1)
        ratio = ratios["cpu"]
        spent = lambda one: f"{one['cpu']:.1f} us"
        yield Figure(
            f"{name}, processor a request",
            spent(ours),
            f"{title} {spent(theirs)}",
            f"{ratio:.2f}",
            "-",
            None,
        )
