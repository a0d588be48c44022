"""Turns of load on each balancer, then memory at rest and with connections that wait.

Each round gives every balancer one short turn, each time in another order; the first round does
not count. Ratios are taken within a round, where the machine was the same for all, and their
middle counts.
"""

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
    """Seconds that its threads have run, by the scheduler's own count."""
    total = 0
    for pid in family(PIDS[name]):
        for one in pathlib.Path(f"/proc/{pid}/task").iterdir():
            total += int((one / "schedstat").read_text().split()[0])
    return total / 1e9


def load(port, connections, seconds):
    words = ["ip", "netns", "exec", f"{SPACE}-client", PROGRAM, "load", f"10.77.1.2:{port}"]
    done = subprocess.run(words + [str(connections), str(seconds)], capture_output=True, text=True)
    out = json.loads(done.stdout) if done.returncode == 0 else {}
    if out.get("failed") or not out.get("count"):
        raise SystemExit(f"port {port}: {out or done.stderr}")
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
    names = list(ports)
    for number in range(rounds + 1):
        for name in names[number % len(names):] + names[:number % len(names)]:
            before = processor(name)
            out = load(ports[name], connections, seconds)
            out["cpu"] = (processor(name) - before) / out["count"] * 1e6
            if number > 0:
                seen[name].append(out)
    middle = {
        name: {key: statistics.median(out[key] for out in outs) for key in outs[0]}
        for name, outs in seen.items()
    }
    ratios = {
        name: {
            key: statistics.median(
                ours[key] / theirs[key] for ours, theirs in zip(seen["node"], outs)
            )
            for key in ("rate", "p99", "cpu")
        }
        for name, outs in seen.items()
        if name != "node"
    }
    keep(load=title, connections=connections, seen=middle, ratios=ratios)
    print(f"\n{title}, {connections} connections")
    for name, out in middle.items():
        text = f"  {name:8} {out['rate']:9,.0f}/s"
        text += f"  p50 {out['p50']:6,.0f} us  p99 {out['p99']:6,.0f} us"
        text += f"  {out['cpu']:5.1f} us of processor a request"
        if name != "node":
            ratio = ratios[name]
            text += f"  | rate {ratio['rate']:.2f}  p99 {ratio['p99']:.2f}"
            text += f"  processor {ratio['cpu']:.2f}"
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
