"""Turns of load on each balancer, then memory at rest and with connections that wait."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

PROGRAM, SPACE = os.environ["PROGRAM"], os.environ["SPACE"]
PIDS = {name: int(os.environ[name.upper()]) for name in ("node", "nginx", "haproxy")}
HTTP = {"node": 8001, "nginx": 8002, "haproxy": 8003}
TCP = {"node": 8011, "haproxy": 8013}
IDLE = 10_000
"""What was measured, for the table of all figures: lines of JSON."""
FIGURES = os.environ.get("FIGURES")
TICKS = os.sysconf("SC_CLK_TCK")


def family(pid):
    """A process and its children."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [one for child in children for one in family(int(child))]


def memory(name):
    """Proportional set size, MiB."""
    total = 0
    for pid in family(PIDS[name]):
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def processor(name):
    """Seconds."""
    total = 0
    for pid in family(PIDS[name]):
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(words[11]) + int(words[12])
    return total / TICKS


def load(port, connections, seconds):
    words = ["ip", "netns", "exec", f"{SPACE}-client", PROGRAM, "load", f"10.77.1.2:{port}"]
    out = subprocess.run(words + [str(connections), str(seconds)], check=True, capture_output=True)
    out = json.loads(out.stdout)
    if out["failed"] or not out["count"]:
        raise SystemExit(f"port {port}: {out}")
    return out


def ready(port):
    end = time.time() + 10
    while time.time() < end:
        try:
            return load(port, 1, 0.05)
        except SystemExit:
            time.sleep(0.05)
    raise SystemExit(f"port {port} does not answer")


def keep(**facts):
    if FIGURES:
        with open(FIGURES, "a") as file:
            file.write(json.dumps(facts) + "\n")


def compare(title, ports, connections, rounds, seconds):
    seen = {name: [] for name in ports}
    for _ in range(rounds):
        for name, port in ports.items():
            before = processor(name)
            out = load(port, connections, seconds)
            out["cpu"] = (processor(name) - before) / out["count"] * 1e6
            seen[name].append(out)
    middle = {
        name: {key: statistics.median(out[key] for out in outs) for key in outs[0]}
        for name, outs in seen.items()
    }
    keep(load=title, connections=connections, seen=middle)
    print(f"\n{title}, {connections} connections")
    for name, out in middle.items():
        text = f"  {name:8} {out['rate']:9,.0f}/s  p50 {out['p50']:6,.0f} us  p99 {out['p99']:6,.0f} us"
        text += f"  {out['cpu']:5.1f} us of processor a request"
        if name != "node":
            ours = middle["node"]
            text += f"  | rate {ours['rate'] / out['rate']:.2f}  p99 {ours['p99'] / out['p99']:.2f}"
            text += f"  processor {ours['cpu'] / out['cpu']:.2f}"
        print(text, flush=True)


def waiting():
    print(f"\nmemory (PSS, MiB) at rest, and with {IDLE:,} connections that wait")
    for name, port in HTTP.items():
        rest = memory(name)
        words = ["ip", "netns", "exec", f"{SPACE}-client", PROGRAM, "idle", f"10.77.1.2:{port}"]
        pipe = subprocess.PIPE
        with subprocess.Popen([*words, str(IDLE)], stdin=pipe, stdout=pipe) as clients:
            clients.stdout.readline()
            time.sleep(1)
            full = memory(name)
            clients.stdin.close()
        keep(idle=IDLE, name=name, rest=rest, full=full)
        print(f"  {name:8} {rest:7.1f} {full:7.1f}", flush=True)


def main():
    rounds, seconds = int(sys.argv[1]), float(sys.argv[2])
    for port in [*HTTP.values(), *TCP.values()]:
        ready(port)
    print("memory (PSS, MiB) before any load: "
          + ", ".join(f"{name} {memory(name):.1f}" for name in PIDS))
    for connections in (1, 16, 128):
        compare("HTTP, keep-alive", HTTP, connections, rounds, seconds)
    for connections in (16, 128):
        compare("TCP", TCP, connections, rounds, seconds)
    waiting()


main()
