"""The table of figures: ours beside the peer's, the ratio, the target, whether it is reached."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    name: str
    ours: str
    peer: str
    ratio: str
    target: str
    reached: bool | None

    def cells(self):
        mark = {True: "yes", False: "**no**", None: "-"}[self.reached]
        return [self.name, self.ratio, self.target, mark, self.ours, self.peer]


HEAD = ["figure", "ratio", "target", "reached", "ours", "peer"]


def show(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def below(name, ours, limit, unit, peer=None, peer_name="moto"):
    """A figure that shall stay below a limit; the ratio says how often it fits into the peer's."""
    return Figure(
        name,
        f"{show(ours)} {unit}",
        "-" if peer is None else f"{peer_name} {show(peer)} {unit}",
        "-" if peer is None else f"1/{show(peer / ours)}" if ours <= peer else show(ours / peer),
        f"< {limit} {unit}",
        ours < limit,
    )


def times(name, ours, peer, factor, unit="/s", peer_name="moto"):
    """A rate that shall be at least so many times the peer's."""
    ratio = ours / peer
    text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    return Figure(
        name,
        f"{show(ours)} {unit}",
        f"{peer_name} {show(peer)} {unit}",
        text,
        f">= {factor}",
        ratio >= factor,
    )


def part(values, share):
    """The value below which this share of all lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def middle(values):
    return statistics.median(values)


def plain(figures):
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
    return "\n".join(line.rstrip() for line in lines).replace("**", "")


def markdown(figures):
    rows = [HEAD, ["---"] * len(HEAD), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
