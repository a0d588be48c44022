"""Asks name servers over UDP as often as told, inside a place of the model. A line is a list of
questions `{name, server, times, from}`, `from` a client subnet's address (RFC 7871); the answer a
list, one each: how often each set of values came (`10.0.0.1,10.0.0.2`, or the code of what is not
there). Nothing but the standard library."""

import json
import select
import socket
import struct
import sys
import time

WINDOW, PATIENCE, ATTEMPTS = 48, 1.0, 5
CODES = {0: "-", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


def question(number, what):
    name = b"".join(
        bytes([len(label)]) + label.encode() for label in what["name"].rstrip(".").split(".")
    )
    option = b""
    if what.get("from"):
        subnet = struct.pack("!HBB", 1, 24, 0) + socket.inet_aton(what["from"])[:3]
        option = struct.pack("!HH", 8, len(subnet)) + subnet
    extra = b"\0" + struct.pack("!HHIH", 41, 1232, 0, len(option)) + option
    head = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 1)
    return head + name + b"\0" + struct.pack("!HH", 1, 1) + extra


def skip(data, at):
    while True:
        length = data[at]
        if length >= 0xC0:
            return at + 2
        at += 1 + length
        if length == 0:
            return at


def values(data):
    _, flags, questions, answers, _, _ = struct.unpack("!HHHHHH", data[:12])
    at, found = 12, []
    for _ in range(questions):
        at = skip(data, at) + 4
    for _ in range(answers):
        at = skip(data, at)
        kind, _, _, length = struct.unpack("!HHIH", data[at : at + 10])
        at += 10
        if kind == 1:
            found.append(socket.inet_ntoa(data[at : at + 4]))
        at += length
    return ",".join(sorted(found)) or CODES.get(flags & 15, str(flags & 15))


def ask(questions):
    """A socket, a number for each question that is out; lost ones are asked again."""
    todo = [index for index, one in enumerate(questions) for _ in range(one.get("times", 1))]
    todo.reverse()
    counts = [{} for _ in questions]
    out, number = {}, 0
    way = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    way.bind(("", 0))
    while todo or out:
        while todo and len(out) < WINDOW:
            number = (number + 1) & 0xFFFF
            out[number] = [todo.pop(), time.monotonic(), 1]
            send(way, number, questions[out[number][0]])
        if select.select([way], [], [], 0.2)[0]:
            data, peer = way.recvfrom(4096)
            entry = out.get(struct.unpack("!H", data[:2])[0])
            if entry and peer[0] == questions[entry[0]]["server"]:
                del out[struct.unpack("!H", data[:2])[0]]
                what = values(data)
                counts[entry[0]][what] = counts[entry[0]].get(what, 0) + 1
                continue
        now = time.monotonic()
        for late, entry in list(out.items()):
            if now - entry[1] > PATIENCE:
                entry[1], entry[2] = now, entry[2] + 1
                if entry[2] > ATTEMPTS:
                    counts[entry[0]]["silence"] = counts[entry[0]].get("silence", 0) + 1
                    del out[late]
                else:
                    send(way, late, questions[entry[0]])
    way.close()
    return counts


def send(way, number, what):
    way.sendto(question(number, what), (what["server"], 53))


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    print(json.dumps({"counts": ask(json.loads(line)), "at": time.monotonic()}), flush=True)
