"""The DNS server beside BIND, Knot and NSD: `bench/names/run.sh`, as figures."""

from .balancer import absent, script
from .table import Figure, middle, show, times

ROUNDS, SECONDS = 3, 2
"""Least ratio of answers a second."""
PEERS = {"bind": ("BIND", 1), "knot": ("Knot", 0.5), "nsd": ("NSD", 0.5)}
MOST_MICROS = 2000


def measure():
    yield from absent("names", {"BIND": "named", "Knot": "knotd", "NSD": "nsd"})
    seen = {}
    for line in script("names", ROUNDS, SECONDS):
        name, *values = line.split()
        seen.setdefault(name, []).append([float(value) for value in values])
    # A line: at full load answers a second, lost, wrong, p50, p99; then the same at half of it.
    value = lambda name, at: middle([row[at] for row in seen[name]])
    wrong = sum(row[2] + row[7] for row in seen["maquette"])
    if wrong:
        raise SystemExit(f"{wrong:.0f} wrong answers")
    for peer, (title, factor) in PEERS.items():
        if peer in seen:
            yield times("DNS, UDP, answers", value("maquette", 0), value(peer, 0), factor, "/s", title)
    for peer, (title, _) in PEERS.items():
        if peer in seen:
            ours, theirs = value("maquette", 9), value(peer, 9)
            yield Figure(
                "DNS, p99 at half of the server's own load",
                f"{show(ours)} us",
                f"{title} {show(theirs)} us",
                f"{ours / theirs:.2f}",
                f"< {MOST_MICROS:,} us",
                ours < MOST_MICROS,
            )
