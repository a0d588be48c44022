"""Endpoints that are well or not, as told: a line is a list of `[PORT, STATE]`. `up` answers HTTP
with 200 and `all is well`, `sick` with 503, `odd` with 200 and another text, `down` refuses
connections. Answers each line with the time. Run inside a place of the model; nothing but the
standard library."""

import json
import selectors
import socket
import sys
import time

WORDS = {
    "up": ("200 OK", b"all is well\n"),
    "sick": ("503 Service Unavailable", b"no\n"),
    "odd": ("200 OK", b"strange\n"),
}
poll = selectors.DefaultSelector()
listening, states = {}, {}


def be(port, state):
    states[port] = state
    if state == "down":
        if port in listening:
            old = listening.pop(port)
            poll.unregister(old)
            old.close()
    elif port not in listening:
        new = socket.socket()
        new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        new.bind(("", port))
        new.listen(512)
        new.setblocking(False)
        listening[port] = new
        poll.register(new, selectors.EVENT_READ, port)


def order():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    for port, state in json.loads(line):
        be(port, state)
    print(json.dumps({"at": time.monotonic()}), flush=True)


def talk(way, port):
    """One question of a connection, and its answer."""
    try:
        asked = way.recv(4096)
        if asked and states[port] != "down":
            status, body = WORDS[states[port]]
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            way.send(head.encode() + body)
    except BlockingIOError:
        return
    except OSError:
        pass
    poll.unregister(way)
    way.close()


print(json.dumps({"ready": True}), flush=True)
poll.register(sys.stdin, selectors.EVENT_READ, None)
while True:
    for key, _ in poll.select():
        if key.data is None:
            order()
        elif isinstance(key.data, int) and key.fileobj is listening.get(key.data):
            try:
                way, _ = key.fileobj.accept()
            except OSError:
                continue
            way.setblocking(False)
            poll.register(way, selectors.EVENT_READ, (key.data,))
        elif isinstance(key.data, tuple):
            talk(key.fileobj, key.data[0])
