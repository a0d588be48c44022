"""Security groups: how soon a change is in force, and what ten thousand rules cost a packet."""

import time

from .launch import PORT, Prober, Servers
from .table import Figure, below, part

ROUNDS = 30
ECHOES = 10_000
TURNS = 4
"""Rules of one group and groups of one interface, as AWS's quotas have it."""
RULES, GROUPS = 60, 5
MANY = 10_000


def changes(region):
    """Authorize and revoke, each measured from the answer to the first packet that sees it."""
    servers = Servers(region)
    prober = Prober(region)
    switch = servers.new_group(f"switch-{time.time_ns()}")
    ids = servers.run(groups=[switch])
    address = servers.addresses(ids)[0]
    opened, closed = [], []
    servers.open(switch)
    if not prober.ask("up", 20_000, address)[0]:
        raise SystemExit("the instance never answered")
    for _ in range(ROUNDS):
        prober.tell("down", address, 60)
        time.sleep(0.01)
        servers.close(switch)
        answered = time.time_ns()
        closed.append(max(0.0, (prober.hear()[0] - answered) / 1e6))
        prober.tell("up", 5000, address)
        time.sleep(0.01)
        servers.open(switch)
        answered = time.time_ns()
        moment = prober.hear()[0]
        opened.append(max(0.0, (moment - answered) / 1e6) if moment else 5000.0)
    prober.close()
    servers.end(ids)
    for what, took in (("authorize", opened), ("revoke", closed)):
        p50, p95 = part(took, 0.5), part(took, 0.95)
        name = f"{what} in force after its answer, max of {ROUNDS} (p50 {p50:.1f}, p95 {p95:.1f})"
        yield below(name, max(took), 20, "ms")


def burden(region):
    """Round trips of an established connection, before and after the VPC has its many rules."""
    servers = Servers(region)
    prober = Prober(region)
    need = -(-MANY // RULES)
    light, before = listener(servers, prober, [servers.group])
    few = echo(prober, light)
    groups = [rules(servers, number) for number in range(need)]
    heavy, ids = listener(servers, prober, [servers.group, *groups[: GROUPS - 1]])
    # A group that no interface has costs no packet anything: so each is on one.
    ids += before
    for at in range(0, need, GROUPS):
        ids += servers.run(groups=groups[at : at + GROUPS])
    prober.ask("up", 20_000, light)
    turns = [(echo(prober, light), echo(prober, heavy)) for _ in range(TURNS)]
    again, many = (min(turn[at] for turn in turns) for at in (0, 1))
    servers.end(ids)
    prober.close()
    yield flat(f"established round trip, {need * RULES:,} rules in the VPC", again, few)
    name = f"the same, {RULES * (GROUPS - 1)} of them on the interface"
    yield flat(name, many, few)


def rules(servers, number):
    group = servers.new_group(f"many-{number}-{time.time_ns()}")
    sources = [f"10.{number}.{at}.0/24" for at in range(RULES)]
    permissions = [servers.rule(PORT + 1 + at, source) for at, source in enumerate(sources)]
    servers.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)
    return group


def listener(servers, prober, groups):
    """The address of a listener with these groups, once it answers, and what to end."""
    ids = servers.run(groups=groups)
    address = servers.addresses(ids)[0]
    if not prober.ask("up", 20_000, address)[0]:
        raise SystemExit("the instance never answered")
    return address, ids


def echo(prober, address):
    """p50 of a round trip on an established connection, in microseconds: the best of some."""
    return min(prober.ask("echo", address, ECHOES)[0] for _ in range(TURNS)) / 1000


def flat(name, ours, before):
    ratio = ours / before
    return Figure(
        name,
        f"{ours:.1f} us",
        f"2 rules {before:.1f} us",
        f"{ratio:.2f}",
        "<= 1.1",
        ratio <= 1.1,
    )
