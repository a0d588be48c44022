"""A day in virtual time: how long `maquette simulate` takes for it."""

import os
import re
import subprocess
import time

from .subjects import MAQUETTE
from .table import Figure, middle

DAY = 24 * 3600
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
MOST = 2.0


def measure():
    """Three zones, fifty instances at the height, a dark zone and a flash sale."""
    took, most = [], 0
    for number in range(ROUNDS):
        begun = time.monotonic()
        words = [MAQUETTE, "simulate", "--max", "50", "--svg", "-"]
        done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120)
        took.append(time.monotonic() - begun)
        print(f"day {number + 1} of {ROUNDS}: {took[-1]:.2f} s", flush=True)
        most = int(re.search(r"^instances +(\d+)", done.stdout, re.MULTILINE).group(1))
    wall = middle(took)
    yield Figure(
        f"simulate, a day: three zones, {most} instances, flash sale; median of {ROUNDS}",
        f"{wall:.2f} s",
        f"real time {DAY:,} s",
        f"1/{DAY / wall:,.0f}",
        f"< {MOST:.0f} s",
        wall < MOST and most >= 50,
    )
