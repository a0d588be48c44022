"""One end of packets, run inside a place of the model: answers on ports with its name, and sends
probes, flows and streams when told so, as lines of JSON. Nothing but the standard library."""

import json
import select
import socket
import struct
import sys
import threading
import time

NAME = sys.argv[1].encode() + b"\n"
PORTS = json.loads(sys.argv[2])
counted = {}
flows = {}
said = threading.Lock()


def say(**what):
    with said:
        print(json.dumps(what), flush=True)


def name_in(data):
    """Several answers may come as one; a closed connection gives none."""
    words = data.decode().split()
    return words[0] if words else None


def drain(one):
    """Forgets answers that came too late."""
    one.setblocking(False)
    try:
        while one.recv(2048):
            pass
    except OSError:
        pass


def opened(kind, port, nonblocking=True):
    one = socket.socket(socket.AF_INET, kind)
    if kind == socket.SOCK_STREAM:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    try:
        one.bind(("", port))
    except OSError:
        # On the internet the name servers have port 53 at addresses of their own.
        one.bind(("192.0.2.1", port))
    one.setblocking(not nonblocking)
    return one


def counts(words):
    """Packets of a stream carry their number; they are counted and not answered."""
    name, number = words[1].decode(), int(words[2])
    seen = counted.setdefault(name, set())
    seen.add(number)


def answer_forever(listeners, datagrams):
    poll = select.epoll()
    sockets = {one.fileno(): one for one in listeners + datagrams}
    listening = {one.fileno() for one in listeners}
    plain = {one.fileno() for one in datagrams}
    for number in sockets:
        poll.register(number, select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            one = sockets[number]
            try:
                if number in listening:
                    talk, _ = one.accept()
                    talk.setblocking(False)
                    sockets[talk.fileno()] = talk
                    poll.register(talk.fileno(), select.EPOLLIN)
                    talk.send(NAME)
                elif number in plain:
                    data, peer = one.recvfrom(2048)
                    words = data.split()
                    if words[:1] == [b"count"]:
                        counts(words)
                    else:
                        one.sendto(NAME, peer)
                else:
                    data = one.recv(2048)
                    if data:
                        one.send(NAME)
                        continue
                    raise OSError("closed")
            except BlockingIOError:
                continue
            except OSError:
                # A caller that is gone, or whose packets no longer pass.
                if number not in plain and number not in listening:
                    poll.unregister(number)
                    sockets.pop(number).close()


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ping(ident):
    head = struct.pack("!BBHHH", 8, 0, 0, ident, 1)
    return struct.pack("!BBHHH", 8, 0, checksum(head), ident, 1)


class Probe:
    """One question and, perhaps, its answer: the name of who answers."""

    def __init__(self, what):
        self.what, self.answer = what, None
        self.end = time.monotonic() + what["wait"]
        self.again = time.monotonic() + 0.4
        kind, self.to = what["kind"], what["to"]
        self.open = True
        if kind == "icmp":
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        else:
            stream = kind == "tcp"
            self.socket = opened(
                socket.SOCK_STREAM if stream else socket.SOCK_DGRAM, what["source"])
        self.socket.setblocking(False)
        try:
            if kind == "tcp":
                self.socket.connect_ex((self.to, what["port"]))
            elif kind == "udp":
                self.socket.connect((self.to, what["port"]))
            self.ask()
        except OSError:
            self.finish(None)

    def ask(self):
        if self.what["kind"] == "udp":
            self.socket.send(b"who")
        elif self.what["kind"] == "icmp":
            self.socket.sendto(ping(self.what["source"]), (self.to, 0))

    def readable(self):
        try:
            data, peer = self.socket.recvfrom(2048)
        except BlockingIOError:
            return
        except OSError:
            # Refused or unreachable: nobody answered.
            return self.finish(None)
        if self.what["kind"] != "icmp":
            return self.finish(name_in(data))
        message = data[(data[0] & 15) * 4:]
        kind, _, _, ident = struct.unpack("!BBHH", message[:6])
        if kind == 0 and ident == self.what["source"] and peer[0] == self.to:
            self.finish("echo")

    def finish(self, answer):
        if self.open:
            self.answer, self.open = answer, False
            if self.what["kind"] == "tcp":
                # No TIME_WAIT: the port may be used again.
                linger = struct.pack("ii", 1, 0)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.socket.close()


def probe(questions):
    probes = [Probe(what) for what in questions]
    while True:
        now = time.monotonic()
        for one in probes:
            if one.open and now >= one.end:
                one.finish(None)
            elif one.open and now >= one.again:
                one.again = now + 0.4
                try:
                    one.ask()
                except OSError:
                    one.finish(None)
        waiting = {one.socket: one for one in probes if one.open}
        if not waiting:
            break
        first = min(min(one.end, one.again) for one in waiting.values())
        ready, _, _ = select.select(list(waiting), [], [], max(0, first - time.monotonic()))
        for one in ready:
            waiting[one].readable()
    say(answers=[one.answer for one in probes])


def flow(what):
    """A conversation that stays open: `open`, then `echo` as often as wanted, then `close`."""
    name = what["name"]
    if what["do"] == "open":
        kind = socket.SOCK_STREAM if what["kind"] == "tcp" else socket.SOCK_DGRAM
        if name in flows:
            flows.pop(name).close()
        one = opened(kind, what["source"], nonblocking=False)
        one.settimeout(what["wait"])
        flows[name] = one
        try:
            one.connect((what["to"], what["port"]))
            if what["kind"] == "udp":
                one.send(b"who")
            return say(answer=name_in(one.recv(100)))
        except OSError:
            return say(answer=None)
    one = flows[name]
    if what["do"] == "close":
        flows.pop(name).close()
        return say(answer=None)
    drain(one)
    one.settimeout(what["wait"])
    try:
        one.send(b"who")
        say(answer=name_in(one.recv(100)))
    except OSError:
        say(answer=None)


def stream(what):
    """Numbered datagrams at a rate, each from a port of its own, so that no flow is known."""
    ports = iter(range(what["source"], 65_000))
    begun, sent, failed = time.monotonic(), 0, 0
    count = what["count"]
    for number in range(count):
        due = begun + number / what["rate"]
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        one = opened(socket.SOCK_DGRAM, next(ports))
        try:
            one.sendto(f"count {what['name']} {number}".encode(), (what["to"], what["port"]))
            sent += 1
        except OSError:
            failed += 1
        one.close()
    say(stream=what["name"], sent=sent, failed=failed, seconds=time.monotonic() - begun)


def watch(what):
    """Asks every millisecond or so, from fresh ports, until told seconds are over; says when
    the first and the last question that was answered left."""
    ports = iter(range(what["source"], 65_000))
    end = time.monotonic() + what["seconds"]
    asked, answered, asks = {}, [], 0
    say(watching=True)
    while (now := time.monotonic()) < end:
        one = opened(socket.SOCK_DGRAM, next(ports))
        one.connect((what["to"], what["port"]))
        one.send(b"who")
        asked[one] = now
        asks += 1
        time.sleep(0.001)
        ready, _, _ = select.select(list(asked), [], [], 0)
        for one in ready:
            left = asked.pop(one)
            one.recv(100)
            answered.append(left)
            one.close()
        for one in [one for one, left in asked.items() if now - left > 0.2]:
            asked.pop(one)
            one.close()
        if what["until"] == "first" and answered:
            break
        if what["until"] == "silence" and answered and now - max(answered) > 0.1:
            break
    for one in asked:
        one.close()
    say(first=min(answered, default=None), last=max(answered, default=None), asks=asks)


def six(addresses):
    """Whether anything can be reached, or sent at all, by IPv6."""
    with open("/proc/net/if_inet6") as file:
        own = file.read().split("\n")
    own = [line for line in own if line and not line.endswith(" lo")]
    reached = []
    for address in addresses:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            one = None
            try:
                one = socket.socket(socket.AF_INET6, kind)
                one.settimeout(0.1)
                one.connect((address, 80, 0, 2))
                one.send(b"who")
                one.recv(100)
                reached.append(address)
            except OSError:
                pass
            finally:
                if one:
                    one.close()
    say(own=own, reached=reached)


listeners = [opened(socket.SOCK_STREAM, port) for port in PORTS]
for each in listeners:
    each.listen(64)
datagrams = [opened(socket.SOCK_DGRAM, port) for port in PORTS]
threading.Thread(target=answer_forever, args=(listeners, datagrams), daemon=True).start()
say(ready=name_in(NAME), clock=time.monotonic())
for order in sys.stdin:
    order = json.loads(order)
    if "probe" in order:
        probe(order["probe"])
    elif "flow" in order:
        flow(order["flow"])
    elif "stream" in order:
        threading.Thread(target=stream, args=(order["stream"],), daemon=True).start()
    elif "watch" in order:
        watch(order["watch"])
    elif "six" in order:
        six(order["six"])
    elif "counted" in order:
        say(counted=sorted(counted.get(order["counted"], ())))
