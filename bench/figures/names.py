"""The DNS server beside BIND, Knot and NSD: `bench/names/run.sh`, as figures."""

from .balancer import absent, script
from .table import Figure, middle, show, times

ROUNDS, SECONDS = 5, 1
"""Least ratio of answers a second."""
PEERS = {"bind": ("BIND", 1), "knot": ("Knot", 0.5), "nsd": ("NSD", 0.5)}
MOST_MICROS = 2000


def measure():
    yield from absent("names", {"BIND": "named", "Knot": "knotd", "NSD": "nsd"})
    seen = {}
    for line in script("names", ROUNDS, SECONDS):
        name, load, *values = line.split()
        seen.setdefault((name, load), []).append([float(value) for value in values])
    # A line: answers a second, lost, wrong, p50, p99; a round each.
    value = lambda name, load, at: middle([row[at] for row in seen[name, load]])
    wrong = sum(row[2] for (name, _), rows in seen.items() if name == "maquette" for row in rows)
    if wrong:
        raise SystemExit(f"{wrong:.0f} wrong answers")
    peers = {peer: title for peer, title in PEERS.items() if (peer, "half") in seen}
    for peer, (title, factor) in peers.items():
        ours, theirs = value("maquette", "full", 0), value(peer, "full", 0)
        yield times("DNS, UDP, answers", ours, theirs, factor, "/s", title)
    for peer, (title, _) in peers.items():
        ours, theirs = value("maquette", "half", 4), value(peer, "half", 4)
        yield Figure(
            f"DNS, p99 at half of the server's own load ({value('maquette', 'half', 0):,.0f}/s)",
            f"{show(ours)} us",
            f"{title} {show(theirs)} us",
            f"{ours / theirs:.2f}",
            f"< {MOST_MICROS:,} us",
            ours < MOST_MICROS,
        )
