"""A client on the model's internet that sends bytes as they are, many connections at a time.

Orders: a JSON list of asks `{"host", "port", "send", "more": [[seconds, text]], "leave": seconds,
"wait": seconds}`. Each list is answered with what came: status, text, whether it was closed.
"""

import json
import socket
import ssl
import sys
import threading
import time

# Codes are examined here, not certificates.
ANYONE = ssl.create_default_context()
ANYONE.check_hostname = False
ANYONE.verify_mode = ssl.CERT_NONE


def whole(data):
    """Whether an answer with a known length has come."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


def ask(order):
    begun = time.monotonic()
    data, closed, error = b"", False, None
    wait = order.get("wait", 20)
    try:
        way = socket.create_connection((order["host"], order.get("port", 80)), timeout=wait)
        if order.get("tls"):
            way = ANYONE.wrap_socket(way)
        way.sendall(order["send"].encode("latin-1"))
        for pause, text in order.get("more", []):
            time.sleep(pause)
            way.sendall(text.encode("latin-1"))
        if "leave" in order:
            time.sleep(order["leave"])
            way.close()
            return {"status": 0, "text": "", "closed": False, "error": None}
        while not whole(data) and time.monotonic() - begun < wait:
            piece = way.recv(65_536)
            if not piece:
                closed = True
                break
            data += piece
        if order.get("closes") and not closed:
            way.settimeout(3)
            closed = way.recv(1) == b""
        way.close()
    except OSError as problem:
        error = str(problem)
    words = data.split(b" ", 2)
    status = int(words[1]) if len(words) > 2 and words[1].isdigit() else 0
    took = round(time.monotonic() - begun, 3)
    text = data[:4000].decode("latin-1")
    return {"status": status, "text": text, "closed": closed, "error": error, "took": took}


for line in sys.stdin:
    orders = json.loads(line)
    answers = [None] * len(orders)

    def one(at):
        answers[at] = ask(orders[at])

    threads = [threading.Thread(target=one, args=[at]) for at in range(len(orders))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answers), flush=True)
