"""Measures every figure beside its peer and writes the table. `bench/run.sh` calls it.

Arguments: the parts to measure (start api launch filters swarm balancer names metrics zone
simulate); none: all of them. Parts that were not measured keep what RESULTS.md had of them, and it
is written after each part. A part that exceeds its time is ended, and takes down what it made.
BENCH_ROUNDS makes the rounds of zone and simulate fewer or more.
"""

import contextlib
import datetime
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

from figures import api, balancer, day, filters, launch, metrics, names, table, zone
from figures.subjects import TARGET, Moto, Region, pss_mib

HERE = pathlib.Path(__file__).parent
STARTS = 5
SEEDS = 2000


def start():
    """First answers, each on an empty state, and the memory of a region that idles."""
    firsts = {Region: [], Moto: []}
    for _ in range(STARTS):
        for kind, took in firsts.items():
            one = kind()
            took.append(one.first_answer)
            one.close()
    yield table.below(
        f"first API answer after up, worst of {STARTS}",
        max(firsts[Region]),
        300,
        "ms",
        table.middle(firsts[Moto]),
    )
    region, moto = Region(), Moto()
    try:
        yield from memory(region, moto)
    finally:
        region.close()
        moto.close()


def memory(region, moto):
    """What the processes hold while nobody asks anything."""
    peer = pss_mib(moto.pids())
    yield table.below("idle memory (PSS), no instance", pss_mib(region.pids()), 40, "MiB", peer)
    servers = launch.Servers(region)
    ids = servers.run()
    prober = launch.Prober(region)
    prober.ask("up", 20_000, *servers.addresses(ids))
    prober.close()
    name = "idle memory (PSS), one instance and its listener"
    yield table.below(name, pss_mib(region.pids()), 40, "MiB", pss_mib(moto.pids()))


def calls():
    region, moto = Region(), Moto()
    try:
        pair = api.Pair(region, moto)
        yield from api.reads(pair)
        yield from api.writes(pair)
    finally:
        region.close()
        moto.close()


def alone(*parts):
    """Figures that need a region and no peer beside it."""

    def measure():
        region = Region()
        try:
            for part in parts:
                yield from part(region)
        finally:
            region.close()

    return measure


def swarm():
    """Seeds a second of processor time, each run twice and compared, on one thread."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [TARGET / "release" / "swarm", str(SEEDS)]
    done = subprocess.run(words, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    last = (done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]])[-1]
    print(last, file=sys.stderr)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    name = f"swarm, {SEEDS} seeds, a second of one core"
    if done.returncode != 0:
        name += f" ({done.stdout.count(' FAILED: ')} failed)"
    rate = SEEDS / took
    yield table.Figure(name, f"{rate:.0f} /s", "-", "-", ">= 200", rate >= 200)


PARTS = {
    "start": start,
    "api": calls,
    "launch": alone(launch.launches, launch.many),
    "filters": alone(filters.changes, filters.burden),
    "swarm": swarm,
    "balancer": balancer.measure,
    "names": names.measure,
    "metrics": metrics.measure,
    "zone": zone.measure,
    "simulate": day.measure,
}


"""Seconds that a part may take; the others a quarter of an hour."""
PATIENCE = {"balancer": 600, "names": 420, "simulate": 180}
LONGEST = 900


class TooLong(Exception):
    """A part exceeds its time."""


@contextlib.contextmanager
def within(seconds):
    """Raises TooLong in what runs longer: its `finally` takes down what it made."""

    def over(*_):
        raise TooLong(f"ended after {seconds} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main():
    # Ended from outside: what runs is still taken down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parts = sys.argv[1:] or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"no such part: {' '.join(sorted(unknown))}; there are: {' '.join(PARTS)}")
    figures = []
    for number, name in enumerate(parts, 1):
        begun = time.monotonic()
        print(f"== {name} ({number} of {len(parts)})", file=sys.stderr, flush=True)
        mine, ended = measured(name)
        figures += mine
        write({name: mine})
        took = time.monotonic() - begun
        print(f"== {name} took {took:.0f} s, written to RESULTS.md", file=sys.stderr, flush=True)
        if ended:
            break
    print(table.plain(figures))
    return 0 if all(figure.reached is not False for figure in figures) else 1


def measured(name):
    """The figures of a part, and whether all was ended from outside."""
    figures, ended = [], False
    try:
        with within(PATIENCE.get(name, LONGEST)):
            for figure in PARTS[name]():
                print(table.plain([figure]).splitlines()[1], file=sys.stderr, flush=True)
                figures.append(figure)
    except (Exception, SystemExit, KeyboardInterrupt) as trouble:
        ended = isinstance(trouble, KeyboardInterrupt) or trouble.args == (1,)
        figures.append(table.Figure(f"{name}: {trouble}", "-", "-", "-", "-", False))
        print(f"{name}: {trouble!r}", file=sys.stderr)
    return figures, ended


def write(measured):
    """The parts that were measured, under their own date; the others as they were."""
    now = datetime.datetime.now(datetime.timezone.utc)
    path = HERE / "RESULTS.md"
    told = f"{now:%Y-%m-%d %H:%M} UTC, load of the machine {os.getloadavg()[0]:.1f}."
    known = sections(path.read_text() if path.exists() else "")
    known |= {name: f"{told}\n\n{table.markdown(all_)}" for name, all_ in measured.items()}
    texts = [f"## {name}\n\n{known[name]}" for name in PARTS if name in known]
    path.write_text(
        f"# Figures\n\n"
        f"Measured with `bench/run.sh` on {os.cpu_count()} cores, Linux {os.uname().release}. Ours "
        f"and the peer ran on the same\nmachine in the same run, in turns: read the ratios.\n\n"
        + "\n\n".join(texts)
        + f"\n\n{(HERE / 'NOTES.md').read_text()}"
    )


def sections(text):
    """Part to what was written of it."""
    pieces = [piece.partition("\n") for piece in text.split("\n## ")]
    return {name: rest.strip() for name, _, rest in pieces if name in PARTS}


if __name__ == "__main__":
    os.makedirs(TARGET, exist_ok=True)
    sys.exit(main())
