"""Targets of a balancer, run inside an instance: each port answers HTTP as well or as badly as it
was told. A path `/do/MODE` behaves so for one request. Nothing but the standard library.

Arguments: a name, ports as JSON. Orders: `{"port": P, "mode": M}`; each is answered.
"""

import asyncio
import json
import socket
import struct
import sys

NAME = sys.argv[1]
PORTS = json.loads(sys.argv[2])
modes = {port: "ok" for port in PORTS}
servers, asked = {}, {}
LONG = "a" * 40_000
PIECE = b"x" * 65_536
RAW = {
    "garbage": b"hello\r\n\r\n",
    "badheader": b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "bighead": f"HTTP/1.1 200 OK\r\nX: {LONG}\r\n\r\n".encode(),
    "twolengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "halfbody": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
}


def say(**what):
    print(json.dumps(what), flush=True)


def answer(status, body, extra=""):
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nX-Target: {NAME}\r\n{extra}\r\n"
    return head.encode() + body


def cut(writer):
    """Ends a connection with RST."""
    gone = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, gone)
    writer.transport.abort()


async def behave(mode, head, port, peer, writer):
    """Answers one request; whether the connection goes on."""
    if mode == "alternate":
        asked[peer, port] = asked.get((peer, port), 0) + 1
        mode = "500" if asked[peer, port] % 2 else "ok"
    if mode.isdigit():
        writer.write(answer(int(mode), b"" if mode == "204" else b"as told"))
        return True
    if mode in RAW:
        writer.write(RAW[mode])
        return False
    if mode.startswith("slow"):
        await asyncio.sleep(float(mode[4:]))
    if mode == "hang":
        await asyncio.sleep(3600)
    elif mode == "halfhead":
        writer.write(b"HTTP/1.1 200 OK\r\nX-")
        await asyncio.sleep(3600)
    elif mode == "stall":
        writer.write(RAW["halfbody"])
        await asyncio.sleep(3600)
    elif mode == "reset":
        cut(writer)
        return False
    elif mode == "close":
        return False
    elif mode == "echo":
        writer.write(answer(200, head))
    elif mode == "big":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4194304\r\n\r\n")
        for _ in range(64):
            writer.write(PIECE)
            await writer.drain()
    else:
        writer.write(answer(200, f"{NAME}:{port}".encode()))
    return True


async def swallow(head, reader):
    """Reads a body of known length."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            left = int(line.split(b":")[1])
            while left > 0:
                piece = await reader.read(min(left, 65_536))
                if not piece:
                    return
                left -= len(piece)


async def serve(reader, writer):
    port = writer.get_extra_info("sockname")[1]
    peer = writer.get_extra_info("peername")[0]
    try:
        while True:
            begin = await reader.readexactly(1)
            if begin == b"\x16":
                # TLS, or so: a server of plain HTTP says at once that it is none.
                writer.write(answer(400, b"no TLS here"))
                break
            head = begin + await reader.readuntil(b"\r\n\r\n")
            await swallow(head, reader)
            words = head.split(b" ")
            if len(words) < 3:
                break
            path = words[1].decode("latin-1").split("?")[0]
            mode = path[4:] if path.startswith("/do/") else modes[port]
            if not await behave(mode, head, port, peer, writer):
                break
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def set_mode(port, mode):
    modes[port] = mode
    if mode == "refuse":
        if port in servers:
            servers.pop(port).close()
    elif port not in servers:
        servers[port] = await asyncio.start_server(serve, "0.0.0.0", port, backlog=1024)


async def main():
    for port in PORTS:
        await set_mode(port, "ok")
    say(ready=NAME)
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        order = json.loads(line)
        await set_mode(order["port"], order["mode"])
        say(done=order)


asyncio.run(main())
