"""Row 25: clients that are slow on purpose, run on the model's internet. Arguments: a host, how
many of each kind. Slow heads and slow bodies send a byte a second; slow readers take one a second.
Reports when all are open; goes on until told `stop`."""

import json
import socket
import sys
import threading
import time

HOST, COUNT = sys.argv[1], int(sys.argv[2])
BEGINS = {
    "head": "GET /do/x HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "body": "POST /do/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n",
    "read": "GET /do/big HTTP/1.1\r\nHost: a\r\n\r\n",
}
stop = threading.Event()


def opened(address, kind):
    way = socket.socket()
    if kind == "read":
        way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    way.settimeout(10)
    way.connect((address, 80))
    way.sendall(BEGINS[kind].encode())
    way.setblocking(False)
    return way


def drip(ways):
    """One byte each; forgets those that ended."""
    for kind, way in list(ways):
        try:
            if kind == "read":
                if way.recv(1) == b"":
                    raise ConnectionResetError
            else:
                way.send(b"a")
        except BlockingIOError:
            pass
        except OSError:
            way.close()
            ways.remove((kind, way))


def main():
    address = socket.gethostbyname(HOST)
    ways = []
    for _ in range(COUNT):
        for kind in BEGINS:
            ways.append((kind, opened(address, kind)))
    print(json.dumps({"open": len(ways)}), flush=True)
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    while not stop.wait(1):
        drip(ways)


main()
